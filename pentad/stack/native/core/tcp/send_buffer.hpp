// The bytes of a connection from the oldest unacknowledged one on: appended at the end, read
// anywhere, dropped at the front. Empty, it holds no memory.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>

#include "pentad/stack/native/core/block_pool.hpp"

namespace pentad::native {

class send_buffer {
 public:
  explicit send_buffer(block_pool& pool) noexcept : pool_(pool) {}
  send_buffer(const send_buffer&) = delete;
  send_buffer& operator=(const send_buffer&) = delete;
  ~send_buffer() { clear(); }

  std::size_t size() const noexcept { return size_; }

  /// Copies the beginning of `bytes`, as much as the pool and `limit` in total allow. Returns how
  /// much.
  std::size_t append(std::span<const std::byte> bytes, std::size_t limit) {
    std::size_t taken = 0;
    while (taken < bytes.size() && size_ < limit) {
      const std::size_t end = start_ + size_;
      if (end == blocks_ * block_pool::block_size && !add_block()) break;
      const std::size_t within = end % block_pool::block_size;
      const std::size_t step =
          std::min({bytes.size() - taken, limit - size_, block_pool::block_size - within});
      const std::byte* const from = bytes.data() + taken;
      std::copy(from, from + step, block_at(end / block_pool::block_size) + within);
      size_ += step;
      taken += step;
    }
    return taken;
  }

  /// Calls `use(span)` for the pieces of `count` bytes from `offset` on, in order.
  template <class Use>
  void read(std::size_t offset, std::size_t count, Use use) const {
    std::size_t at = start_ + offset;
    while (count != 0) {
      const std::size_t within = at % block_pool::block_size;
      const std::size_t step = std::min(count, block_pool::block_size - within);
      use(std::span<const std::byte>(block_at(at / block_pool::block_size) + within, step));
      at += step;
      count -= step;
    }
  }

  /// The first `count` bytes are not needed any more.
  void drop(std::size_t count) noexcept {
    size_ -= count;
    if (size_ == 0) return clear();
    for (count += start_; count >= block_pool::block_size; count -= block_pool::block_size) {
      pool_.give_back(block_at(0));
      first_ = (first_ + 1) & (capacity_ - 1);
      --blocks_;
    }
    start_ = static_cast<std::uint32_t>(count);
  }

  void clear() noexcept {
    for (std::size_t i = 0; i < blocks_; ++i) pool_.give_back(block_at(i));
    ring_.reset();
    capacity_ = 1;
    first_ = blocks_ = start_ = 0;
    size_ = 0;
  }

 private:
  std::byte* block_at(std::size_t index) const noexcept {
    return places()[(first_ + index) & (capacity_ - 1)];
  }

  std::byte* const* places() const noexcept { return ring_ != nullptr ? ring_.get() : &only_; }
  std::byte** places() noexcept { return ring_ != nullptr ? ring_.get() : &only_; }

  bool add_block() {
    std::byte* added = pool_.take();
    if (added == nullptr) return false;
    if (blocks_ == capacity_) grow();
    places()[(first_ + blocks_) & (capacity_ - 1)] = added;
    ++blocks_;
    return true;
  }

  void grow() {
    const std::uint32_t wider = std::max(capacity_ * 2, std::uint32_t{4});
    auto ring = std::make_unique<std::byte*[]>(wider);
    for (std::size_t i = 0; i < blocks_; ++i) ring[i] = block_at(i);
    ring_ = std::move(ring);
    capacity_ = wider;
    first_ = 0;
  }

  block_pool& pool_;
  std::unique_ptr<std::byte*[]> ring_;  // places of blocks, once there are several
  std::byte* only_ = nullptr;           // the place of one
  std::uint32_t capacity_ = 1;          // how many places; a power of two
  std::uint32_t first_ = 0;
  std::uint32_t blocks_ = 0;
  std::uint32_t start_ = 0;  // of the first byte, in the first block
  std::size_t size_ = 0;
};

}  // namespace pentad::native
