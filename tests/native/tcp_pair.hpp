// Two TCPs on virtual time, joined by a network that the test describes: how long packets take and
// which are lost. No network layer is between them; IP packets are handed over as they are.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "pentad/stack/native/core/tcp/tcp.hpp"
#include "tests/native/arrival.hpp"
#include "tests/native/virtual_time.hpp"

namespace pentad::native::test {

class tcp_pair;

/// One of the two.
class tcp_host final : public network_layer {
 public:
  tcp_host(tcp_pair& pair, ip_address address, const tcp_settings& settings, std::uint64_t seed);

  result<path> find_path(const ip_address& destination, const ip_address& source) override;
  bool is_local(const ip_address& local) const noexcept override { return local == address; }
  std::uint32_t lower_path_mtu(const ip_address&, std::uint32_t lower) override {
    return mtu = std::min(mtu, lower);
  }
  void send(outgoing_packet&& sent, instant now) override;

  tcp_pair& pair;
  const ip_address address;
  std::uint32_t mtu = 1500;
  packet_pool packets;
  timer_queue timers;
  native::tcp tcp;
};

class tcp_pair {
 public:
  explicit tcp_pair(const tcp_settings& settings = {})
      : a(*this, ip_address::v4(10, 0, 0, 1), settings, 1),
        b(*this, ip_address::v4(10, 0, 0, 2), settings, 2) {}

  /// Runs until nothing is left to do before `until`, or `done()`.
  template <class Done>
  bool run(duration most, Done done) {
    return let_time_pass(*this, most, done);
  }
  void run(duration most) {
    run(most, [] { return false; });
  }

  instant now{std::chrono::seconds(1)};
  duration delay = std::chrono::milliseconds(1);
  /// Whether a packet is lost on its way from a host.
  std::function<bool(const tcp_host&, const outgoing_packet&)> loses;
  /// A bottleneck on the way from `a`, with a queue that drops what it has no room for.
  double bytes_per_second = 0;
  duration longest_queue{};

  tcp_host a;
  tcp_host b;

 private:
  friend class tcp_host;
  template <class World, class Done>
  friend bool let_time_pass(World&, duration, Done);

  instant next_event() const {
    if (a.tcp.has_output() || b.tcp.has_output()) return now;
    const instant next = std::min(a.timers.first(), b.timers.first());
    return wire_.empty() ? next : std::min(next, wire_.begin()->first);
  }
  void step();

  std::multimap<instant, std::pair<tcp_host*, outgoing_packet>> wire_;
  instant bottleneck_is_free_{};
};

inline tcp_host::tcp_host(tcp_pair& of, ip_address own, const tcp_settings& settings,
                          std::uint64_t seed)
    : pair(of), address(own), tcp(*this, packets, timers, settings, seed) {}

inline result<path> tcp_host::find_path(const ip_address&, const ip_address&) {
  return path{.interface = 0, .source = address, .mtu = mtu, .link_mtu = mtu};
}

inline void tcp_host::send(outgoing_packet&& sent, instant time) {
  if (pair.loses && pair.loses(*this, sent)) return;
  tcp_host& to = this == &pair.a ? pair.b : pair.a;
  if (this == &pair.a && pair.bytes_per_second > 0) {
    const double bytes = static_cast<double>(sent.payload.size()) + 20;
    const instant begins = std::max(time, pair.bottleneck_is_free_);
    if (begins - time > pair.longest_queue) return;
    time = begins + std::chrono::round<duration>(
                        std::chrono::duration<double>(bytes / pair.bytes_per_second));
    pair.bottleneck_is_free_ = time;
  }
  pair.wire_.emplace(time + pair.delay, std::pair(&to, std::move(sent)));
}

inline void tcp_pair::step() {
  while (!wire_.empty() && wire_.begin()->first <= now) {
    auto [to, sent] = std::move(wire_.begin()->second);
    wire_.erase(wire_.begin());
    packet copy = to->packets.copy(sent.payload);
    if (!copy) continue;
    to->tcp.deliver(arrival(std::move(copy), sent.source, sent.destination), now);
  }
  for (tcp_host* each : {&a, &b}) {
    each->tcp.set_time(now);
    each->timers.expire(now);
    while (each->tcp.has_output()) each->tcp.produce(16, now);
  }
}

}  // namespace pentad::native::test
