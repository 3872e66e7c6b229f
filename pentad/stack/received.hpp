// Bytes that a stack lends to a program: no copy, and the buffer goes home by itself.
#pragma once

#include <cstddef>
#include <span>
#include <utility>

namespace pentad {

/// Whose buffer it is.
class lender {
 public:
  virtual void give_back(std::span<std::byte> buffer) noexcept = 0;

 protected:
  ~lender() = default;
};

/// Received bytes, to be read until this object dies. Move-only. A stack lends a bounded number of
/// buffers: while a program holds on to all of them, further receives wait.
class received {
 public:
  received() = default;
  received(std::span<std::byte> bytes, lender& from) noexcept : bytes_(bytes), from_(&from) {}
  received(received&& other) noexcept
      : bytes_(std::exchange(other.bytes_, {})), from_(std::exchange(other.from_, nullptr)) {}
  received& operator=(received&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(from_, other.from_);
    return *this;
  }
  ~received() {
    if (from_ != nullptr) from_->give_back(bytes_);
  }

  std::span<const std::byte> bytes() const noexcept { return bytes_; }
  std::size_t size() const noexcept { return bytes_.size(); }

  /// The peer finished sending.
  bool empty() const noexcept { return bytes_.empty(); }

 private:
  std::span<std::byte> bytes_;
  lender* from_ = nullptr;
};

}  // namespace pentad
