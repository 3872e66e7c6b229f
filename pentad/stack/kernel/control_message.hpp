// Ancillary data of messages, cmsg(3).
#pragma once

// clang-format off: <linux/errqueue.h> needs a timespec and does not say so.
#include <time.h>
#include <linux/errqueue.h>
// clang-format on
#include <sys/socket.h>

#include <chrono>
#include <cstring>
#include <optional>

#include "pentad/stack/hop_times.hpp"

namespace pentad::kernel {

template <class Visit>
void for_each_control(const msghdr& header, Visit visit) {
  auto& all = const_cast<msghdr&>(header);  // CMSG_NXTHDR wants it so
  for (cmsghdr* each = CMSG_FIRSTHDR(&all); each != nullptr; each = CMSG_NXTHDR(&all, each)) {
    visit(static_cast<const cmsghdr&>(*each));
  }
}

/// Its data as a `Value`; what is missing at the end is zero.
template <class Value>
Value control_value(const cmsghdr& control) noexcept {
  Value value{};
  const std::size_t size = control.cmsg_len - CMSG_LEN(0);
  std::memcpy(&value, CMSG_DATA(&control), size < sizeof value ? size : sizeof value);
  return value;
}

/// Of an SCM_TIMESTAMPING; empty if there is no stamp in it.
inline std::optional<wall_time> software_stamp(const cmsghdr& control) noexcept {
  const timespec stamp = control_value<scm_timestamping>(control).ts[0];
  if (stamp.tv_sec == 0 && stamp.tv_nsec == 0) return {};
  return wall_time(std::chrono::seconds(stamp.tv_sec) + std::chrono::nanoseconds(stamp.tv_nsec));
}

inline wall_time wall_clock_now() noexcept { return std::chrono::system_clock::now(); }

}  // namespace pentad::kernel
