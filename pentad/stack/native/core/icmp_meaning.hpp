// What ICMP errors mean to programs.
#pragma once

#include "pentad/stack/native/core/datagram_port.hpp"
#include "pentad/stack/native/core/ip_packet.hpp"

namespace pentad::native {

/// What Linux's programs see (icmp(7), the table of icmp_err_convert).
constexpr std::errc error_of(path_error::kind what) noexcept {
  switch (what) {
    case path_error::kind::network_unreachable:
      return std::errc::network_unreachable;
    case path_error::kind::protocol_unreachable:
      return std::errc::no_protocol_option;
    case path_error::kind::port_unreachable:
      return std::errc::connection_refused;
    case path_error::kind::too_big:
      return std::errc::message_size;
    case path_error::kind::parameter_problem:
      return std::errc::protocol_error;
    case path_error::kind::host_unreachable:
    case path_error::kind::prohibited:
    case path_error::kind::time_exceeded:
      break;
  }
  return std::errc::host_unreachable;
}

/// As a port tells its program; `bytes` is what was quoted of what the program sent.
inline port_error told_of(const path_error& about, const endpoint& destination,
                          std::span<const std::byte> bytes) {
  port_error told;
  told.code = std::make_error_code(error_of(about.what));
  told.type = about.type;
  told.icmp_code = about.code;
  if (about.what == path_error::kind::too_big) told.mtu = about.mtu;
  told.reporter = about.reporter;
  told.destination = destination;
  told.bytes.assign(bytes.begin(), bytes.end());
  return told;
}

}  // namespace pentad::native
