// Blocks of memory of one size that nobody uses: a list in the blocks themselves, so that keeping
// one needs no memory. The one freed last, which is likely in the cache, is taken first.
#pragma once

#include <cstddef>
#include <new>
#include <utility>

namespace pentad {

/// Owns the blocks in it, which were made by `new std::byte[...]`.
class free_blocks {
 public:
  free_blocks() = default;
  free_blocks(const free_blocks&) = delete;
  free_blocks& operator=(const free_blocks&) = delete;
  ~free_blocks() {
    while (std::byte* each = take()) delete[] each;
  }

  std::size_t size() const noexcept { return size_; }

  /// Null when there is none.
  std::byte* take() noexcept {
    if (last_ == nullptr) return nullptr;
    block* taken = std::exchange(last_, last_->before);
    --size_;
    return reinterpret_cast<std::byte*>(taken);
  }

  /// `memory` has room for a pointer, aligned as one.
  void add(std::byte* memory) noexcept {
    last_ = new (memory) block{last_};
    ++size_;
  }

 private:
  struct block {
    block* before;
  };

  block* last_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace pentad
