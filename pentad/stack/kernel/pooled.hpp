// Impls come and go with connections: their memory comes from the pool of frames.
#pragma once

#include "pentad/runtime/frame_pool.hpp"

namespace pentad::kernel {

struct pooled {
  static void* operator new(std::size_t size) { return frames.take(size); }
  static void operator delete(void* memory, std::size_t size) noexcept {
    frames.give(memory, size);
  }

 protected:
  ~pooled() = default;
};

}  // namespace pentad::kernel
