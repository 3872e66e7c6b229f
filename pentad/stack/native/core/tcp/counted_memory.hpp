// Bytes that something holds, which count for all of its kind, too.
#pragma once

#include <cstddef>

namespace pentad::native {

class counted_memory {
 public:
  explicit counted_memory(std::size_t& of_all) noexcept : of_all_(of_all) {}
  ~counted_memory() { of_all_ -= own_; }
  counted_memory(const counted_memory&) = delete;
  counted_memory& operator=(const counted_memory&) = delete;

  std::size_t own() const noexcept { return own_; }
  std::size_t of_all() const noexcept { return of_all_; }

  void operator+=(std::size_t bytes) noexcept {
    own_ += bytes;
    of_all_ += bytes;
  }
  void operator-=(std::size_t bytes) noexcept {
    own_ -= bytes;
    of_all_ -= bytes;
  }
  void clear() noexcept { *this -= own_; }

 private:
  std::size_t& of_all_;
  std::size_t own_ = 0;
};

}  // namespace pentad::native
