// One message of a socket's error queue (MSG_ERRQUEUE in recv(2)): an ICMP error or the time of a
// hop.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "pentad/base/socket_address.hpp"
#include "pentad/stack/hop_times.hpp"
#include "pentad/stack/kernel/control_message.hpp"

namespace pentad::kernel {

struct error_report {
  std::optional<sock_extended_err> error{};
  std::optional<ip_address> reporter{};         ///< who sent the ICMP message
  std::optional<wall_time> stamp{};             ///< of a hop
  std::optional<socket_address> destination{};  ///< of the message that it is about
  std::span<const std::byte> bytes{};           ///< of that message, in the buffer

  bool is_stamp() const noexcept {
    return stamp && error && error->ee_origin == SO_EE_ORIGIN_TIMESTAMPING;
  }
};

/// The next report; none when the queue is empty.
std::optional<error_report> read_error_report(int descriptor, std::span<std::byte> buffer) noexcept;

}  // namespace pentad::kernel
