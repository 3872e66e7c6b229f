// Blocks of memory for bytes that wait to be sent or acknowledged: bounded, reused last first.
#pragma once

#include <cstddef>

#include "pentad/base/free_blocks.hpp"

namespace pentad::native {

class block_pool {
 public:
  static constexpr std::size_t block_size = std::size_t{4} << 10;

  explicit block_pool(std::size_t most_blocks) noexcept : most_(most_blocks) {}

  /// Null when as many as allowed are in use.
  std::byte* take() {
    if (used_ == most_) return nullptr;
    std::byte* taken = free_.take();
    if (taken == nullptr) taken = new std::byte[block_size];
    ++used_;
    return taken;
  }

  void give_back(std::byte* block) noexcept {
    --used_;
    if (free_.size() < most_kept) {
      free_.add(block);
    } else {
      delete[] block;
    }
  }

  std::size_t used() const noexcept { return used_; }
  std::size_t left() const noexcept { return most_ - used_; }

 private:
  static constexpr std::size_t most_kept = 1024;  // what a burst took goes back to the system

  std::size_t most_;
  std::size_t used_ = 0;
  free_blocks free_;
};

}  // namespace pentad::native
