// Bytes on their way to clients: written once, then shared by the send queues of all who get them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace pentad::messenger {

/// A reference to bytes that live as long as the last reference. The count is not atomic: all
/// references belong to one thread. One allocation holds count and bytes.
class shared_line {
 public:
  shared_line() noexcept = default;

  /// Copies `text`; `append` can fill up what `capacity` leaves.
  explicit shared_line(std::string_view text, std::size_t capacity = 0);

  shared_line(const shared_line& other) noexcept : block_(other.block_) {
    if (block_ != nullptr) ++block_->references;
  }
  shared_line(shared_line&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  shared_line& operator=(shared_line other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~shared_line() {
    if (block_ != nullptr && --block_->references == 0) release(block_);
  }

  explicit operator bool() const noexcept { return block_ != nullptr; }

  std::size_t size() const noexcept { return block_ == nullptr ? 0 : block_->size; }
  std::string_view text() const noexcept {
    return block_ == nullptr ? std::string_view{} : std::string_view{block_->bytes(), block_->size};
  }
  std::span<const std::byte> bytes() const noexcept { return std::as_bytes(std::span{text()}); }

  /// Adds `more` behind the bytes if nobody else can see them and there is room; else does nothing
  /// and returns false.
  bool append(std::string_view more) noexcept;

  /// Whether both refer to the same bytes in memory.
  bool shares(const shared_line& other) const noexcept { return block_ == other.block_; }

 private:
  struct block {
    std::uint32_t references;
    std::uint32_t size;
    std::uint32_t capacity;

    char* bytes() noexcept { return reinterpret_cast<char*>(this + 1); }
  };

  static void release(block* unused) noexcept;

  block* block_ = nullptr;
};

}  // namespace pentad::messenger
