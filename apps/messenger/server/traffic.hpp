// What a connection has carried in one direction.
#pragma once

#include <cstdint>

namespace pentad::messenger {

struct traffic {
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;

  traffic& operator+=(const traffic& more) noexcept {
    messages += more.messages;
    bytes += more.bytes;
    return *this;
  }
};

}  // namespace pentad::messenger
