// The host under test: Pentad's core with one interface, on virtual time, and the link beyond it,
// where a gateway answers for everybody.
#pragma once

#include <deque>
#include <vector>

#include "pentad/nic/packet_pool.hpp"
#include "pentad/stack/native/core/core.hpp"
#include "pentad/stack/native/core/tcp/tcp.hpp"

namespace pentad::packet_scripts {

/// net.ipv4.tcp_fastopen.
struct fast_open_uses {
  bool client = true;
  bool server = true;
  bool all_listeners = true;  ///< those, too, whose programs have not asked for it
};

/// What can be said of the host and its link before it runs.
struct host_settings {
  ip_address local = ip_address::v4(192, 168, 0, 1);
  ip_address remote = ip_address::v4(192, 0, 2, 1);
  std::uint32_t mtu = 1500;
  fast_open_uses fast_open;
  native::core_settings core;
  native::tcp_settings tcp = {.most_send_buffer = 0, .most_receive_buffer = 0};  // not tuned
};

/// An IP packet that the host has sent.
struct sent_packet {
  instant at{};
  std::vector<std::byte> bytes;
};

class host_under_test {
 public:
  explicit host_under_test(const host_settings& settings);
  host_under_test(const host_under_test&) = delete;
  host_under_test& operator=(const host_under_test&) = delete;

  instant now() const noexcept { return now_; }
  const host_settings& settings() const noexcept { return settings_; }
  native::tcp& streams() noexcept { return tcp_; }
  native::udp_ports& datagrams() noexcept { return core_.udp(); }

  /// When something is due next.
  instant next_deadline() const noexcept { return core_.next_deadline(); }
  /// It is `time`, not before now: what is due happens, and what can be sent is sent.
  void step(instant time);
  /// An IP packet arrives.
  void arrives(std::span<const std::byte> packet);

  /// What was sent, in order, and nobody has looked at; without the talk of neighbours.
  std::deque<sent_packet>& sent() noexcept { return sent_; }

 private:
  void send_all();
  void hear(std::span<const std::byte> frame);
  void hear_v6(std::span<const std::byte> packet);
  void answer_solicitation(const wire::ipv6_view& header, const wire::icmpv6_view& message);
  void put_on_link(std::span<const std::byte> packet, bool is_v6);
  void answer_arp(std::span<const std::byte> packet);

  host_settings settings_;
  packet_pool packets_;
  native::core core_;
  native::tcp tcp_;
  instant now_{std::chrono::hours(1)};
  std::deque<sent_packet> sent_;
};

}  // namespace pentad::packet_scripts
