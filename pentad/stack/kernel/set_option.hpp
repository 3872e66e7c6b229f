// setsockopt(2) as Pentad's values.
#pragma once

#include <sys/socket.h>

#include <cerrno>
#include <string_view>

#include "pentad/base/result.hpp"

namespace pentad::kernel {

/// An option that the system does not know is `operation_not_supported`.
template <class Value>
result<void> set_option(int descriptor, int level, int name, const Value& value) {
  if (::setsockopt(descriptor, level, name, &value, sizeof value) == 0) return {};
  if (errno == ENOPROTOOPT) return failure(std::errc::operation_not_supported);
  return failure_from_errno(errno);
}

inline result<void> bind_to_device(int descriptor, std::string_view device) {
  if (::setsockopt(descriptor, SOL_SOCKET, SO_BINDTODEVICE, device.data(),
                   static_cast<socklen_t>(device.size())) == 0) {
    return {};
  }
  return failure_from_errno(errno);
}

}  // namespace pentad::kernel
