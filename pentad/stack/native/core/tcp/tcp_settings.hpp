// What can be set of TCP. Where RFCs leave a choice, the default is that of Linux 6.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "pentad/base/clock.hpp"
#include "pentad/stack/native/core/tcp/congestion_avoidance.hpp"
#include "pentad/stack/native/core/tcp/ecn.hpp"

namespace pentad::native {

struct tcp_settings {
  // Bytes per connection, to begin with and at most: net.ipv4.tcp_wmem and tcp_rmem.
  std::size_t send_buffer = std::size_t{256} << 10;
  std::size_t most_send_buffer = std::size_t{4} << 20;
  std::size_t receive_buffer = std::size_t{256} << 10;
  std::size_t most_receive_buffer = std::size_t{6} << 20;
  std::size_t send_memory = std::size_t{256} << 20;  ///< bytes for all send buffers
  /// Bytes of packets that hold what was received, for all connections: half of what a packet pool
  /// has. What is out of order may take half of it. Beyond it a connection keeps little.
  std::size_t receive_memory = std::size_t{32} << 20;
  std::size_t least_receive_memory = 4096;  ///< bytes per connection, always: net.ipv4.tcp_rmem
  std::size_t most_connections = std::size_t{1} << 20;
  std::size_t most_half_open = 4096;  ///< per listener; SYNs beyond it get cookies
  bool syn_cookies = true;            ///< RFC 4987, else they are dropped: net.ipv4.tcp_syncookies
  bool user_timeout_option = false;   ///< user timeouts are told and heard (RFC 5482)
  bool timestamps = true;             ///< RFC 7323
  /// How windows grow; Linux: net.ipv4.tcp_congestion_control.
  congestion_algorithm congestion = congestion_algorithm::cubic;
  ecn_use ecn = ecn_use::when_asked;  ///< RFC 3168
  bool sack = true;                   ///< RFC 2018, and with it RFC 8985
  /// RFC 2861: what was learned of a path is forgotten while nothing is sent;
  /// net.ipv4.tcp_slow_start_after_idle.
  bool slow_start_after_idle = true;
  unsigned syn_retries = 6;                              ///< net.ipv4.tcp_syn_retries
  unsigned syn_ack_retries = 5;                          ///< net.ipv4.tcp_synack_retries
  unsigned retries = 15;                                 ///< net.ipv4.tcp_retries2
  duration delayed_ack = std::chrono::milliseconds(40);  ///< TCP_DELACK_MIN
  unsigned quick_acks = 16;  ///< acknowledged at once at the start of a connection
  duration fin_wait_2 = std::chrono::seconds(60);  ///< net.ipv4.tcp_fin_timeout
  duration time_wait = std::chrono::seconds(60);   ///< TCP_TIMEWAIT_LEN
  std::uint16_t first_ephemeral_port = 32768;      ///< net.ipv4.ip_local_port_range
  std::uint16_t last_ephemeral_port = 60999;
  unsigned challenge_acks_per_second = 1000;  ///< RFC 5961, section 7, for the whole host
  /// Between answers to what can be no honest segment, per connection:
  /// net.ipv4.tcp_invalid_ratelimit
  duration invalid_interval = std::chrono::milliseconds(500);

  /// What a window may grow to, which its scale must be able to say.
  constexpr std::size_t largest_receive_buffer() const noexcept {
    return std::max(receive_buffer, most_receive_buffer);
  }
};

}  // namespace pentad::native
