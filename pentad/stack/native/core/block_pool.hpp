// Blocks of memory for bytes that wait to be sent or acknowledged: bounded, reused last first.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace pentad::native {

class block_pool {
 public:
  static constexpr std::size_t block_size = std::size_t{4} << 10;

  explicit block_pool(std::size_t most_blocks) noexcept : most_(most_blocks) {}
  block_pool(const block_pool&) = delete;
  block_pool& operator=(const block_pool&) = delete;
  ~block_pool() {
    for (std::byte* each : free_) delete[] each;
  }

  /// Null when as many as allowed are in use.
  std::byte* take() {
    if (used_ == most_) return nullptr;
    ++used_;
    if (free_.empty()) {
      free_.reserve(++made_);  // giving back must not fail
      return new std::byte[block_size];
    }
    std::byte* taken = free_.back();
    free_.pop_back();
    return taken;
  }

  void give_back(std::byte* block) noexcept {
    --used_;
    free_.push_back(block);
  }

  std::size_t used() const noexcept { return used_; }
  std::size_t left() const noexcept { return most_ - used_; }

 private:
  std::size_t most_;
  std::size_t used_ = 0;
  std::size_t made_ = 0;
  std::vector<std::byte*> free_;
};

}  // namespace pentad::native
