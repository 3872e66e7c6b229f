// Which errors of accept(2) are whose.
#pragma once

#include <cerrno>

#include "pentad/base/clock.hpp"

namespace pentad::kernel {

/// The connection failed before it was accepted: the next one may be fine.
constexpr bool concerns_one_connection(int error) noexcept {
  switch (error) {
    case ECONNABORTED:
    case EPROTO:
    case ENETDOWN:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EINTR:
    case EPERM:  // a firewall forbids it
      return true;
    default:
      return false;
  }
}

/// Descriptors or memory have run out: connections wait in the system's queue until some are free.
constexpr bool is_shortage(int error) noexcept {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

/// How long a listener rests in a shortage when nothing of its own host is closed.
inline constexpr duration shortage_rest = std::chrono::milliseconds(100);

}  // namespace pentad::kernel
