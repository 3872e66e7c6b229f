// What people set on streams and listeners. An option that is left empty keeps the default of the
// stack; one that the stack or the kind of socket cannot honour is an error
// (`operation_not_supported`), never ignored. See socket(7), tcp(7), ip(7), ipv6(7).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pentad {

/// Probes of a silent peer (RFC 9293, section 3.8.4), whole seconds.
struct keep_alive_options {
  std::chrono::seconds idle{7200};    ///< silence before the first probe
  std::chrono::seconds interval{75};  ///< between probes
  int count = 9;                      ///< unanswered probes before the connection is dropped
};

struct stream_options {
  std::optional<bool> no_delay = {};                  ///< no Nagle's algorithm; on by default
  std::optional<keep_alive_options> keep_alive = {};  ///< off by default
  /// How long sent data may stay unacknowledged (RFC 5482).
  std::optional<std::chrono::milliseconds> user_timeout = {};
  std::optional<int> send_buffer = {};     ///< bytes; Linux grants twice as much
  std::optional<int> receive_buffer = {};  ///< bytes; Linux grants twice as much
  std::optional<bool> reuse_address = {};  ///< listeners: on by default, else off
  std::optional<bool> reuse_port = {};  ///< several listeners share a port, connections are spread
  std::optional<bool> ipv6_only = {};   ///< off by default: an IPv6 listener takes IPv4 as well
  /// Data travels with the first segment to a peer that allowed it before, and is taken from such
  /// peers (RFC 7413). It may be delivered twice: only for messages that bear it.
  std::optional<bool> fast_open = {};
  /// `hop_times` are reported. To be set on a connected stream.
  std::optional<bool> path_tracing = {};
  /// Sends of 16 KiB or more are read from the program's memory by the network card, without a
  /// copy, and therefore end only when the peer has acknowledged them; so does one that is stopped.
  /// Pays for large sends over real cards; over loopback it loses. Where RLIMIT_MEMLOCK leaves no
  /// room they are copied. To be set on a connected TCP stream, and not together with
  /// `path_tracing`.
  std::optional<bool> zero_copy = {};
  std::string_view device = {};  ///< traffic of this network interface only
};

/// For `host::connect`.
using connect_options = stream_options;

/// For `host::listen`. Accepted streams inherit the options of their listener.
struct listen_options : stream_options {
  int backlog = 4096;  ///< connections that wait to be accepted; the system may allow fewer
};

}  // namespace pentad
