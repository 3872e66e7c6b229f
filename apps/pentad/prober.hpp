// The three ways to ask for the route: each sends probes that die on their way, and understands
// what comes back about them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "apps/pentad/route.hpp"
#include "pentad/socket/host.hpp"

namespace pentad::command {

class prober {
 public:
  virtual ~prober() = default;

  virtual task<result<void>> send(std::size_t probe, std::uint8_t hop_limit) = 0;

  // Both wait for what comes next; it is none when that was about something else.

  /// Of the target itself.
  virtual task<result<std::optional<probe_answer>>> receive_answer() = 0;
  /// Of ICMP, from anybody.
  virtual task<result<std::optional<probe_answer>>> receive_error() = 0;
};

/// Datagrams to ports that nobody listens on, a port for each probe. Needs no privilege.
result<std::unique_ptr<prober>> make_udp_prober(host& here, const ip_address& target);

/// Echo requests. Errors: those of `icmp_socket::open`.
result<std::unique_ptr<prober>> make_icmp_prober(host& here, const ip_address& target);

/// Segments that ask for a connection, each from a port of its own, on a raw socket. A connect with
/// a hop limit would need no privilege, but the stack repeats its SYN when one is lost, so that
/// neither losses nor times could be told, and what routers say of it reaches no stream socket.
/// Errors: `errc::needs_net_raw`.
result<std::unique_ptr<prober>> make_tcp_prober(host& here, const ip_address& target,
                                                std::uint16_t port);

}  // namespace pentad::command
