// An open descriptor of the operating system and the duty to close it.
#pragma once

#include <unistd.h>

#include <utility>

namespace pentad {

class descriptor_handle {
 public:
  descriptor_handle() = default;
  explicit descriptor_handle(int descriptor) noexcept : descriptor_(descriptor) {}
  descriptor_handle(descriptor_handle&& other) noexcept : descriptor_(other.release()) {}
  descriptor_handle& operator=(descriptor_handle&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~descriptor_handle() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  int get() const noexcept { return descriptor_; }
  int release() noexcept { return std::exchange(descriptor_, -1); }
  explicit operator bool() const noexcept { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

}  // namespace pentad
