// Two whole hosts with Pentad's own stack on one link, on virtual time and without sockets: what
// the link does to frames and what else arrives is up to the test.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>

#include "pentad/stack/native/core/core.hpp"
#include "pentad/stack/native/core/tcp/tcp.hpp"
#include "tests/native/virtual_time.hpp"

namespace pentad::native::test {

using namespace std::chrono_literals;

/// What happens to frames on their way; probabilities are of each frame.
struct link_conditions {
  duration delay{};
  double loss = 0;
  double corrupt = 0;  ///< one bit behind the Ethernet header
  double duplicate = 0;
  double reorder = 0;
  duration reorder_delay = 1ms;  ///< how much later those arrive that others overtake
};

class whole_host {
 public:
  whole_host(std::uint8_t number, const core_settings& settings, const tcp_settings& of_tcp,
             const packet_pool_limits& limits)
      : mac(2, 0, 0, 0, 0, number),
        v4(ip_address::v4(10, 0, 0, number)),
        v6(make_v6(number)),
        pool(limits),
        ip(settings, pool),
        streams(ip.network(), pool, ip.timers(), of_tcp, settings.seed) {
    ip.attach(ip_protocol::tcp, streams, &streams);
    interface_settings nic;
    nic.mac = mac;
    nic.addresses = {{v4, 24}, {v6, 64}};
    nic.gateways = {ip_address::v4(10, 0, 0, 254), make_v6(254)};
    ip.add_interface(nic, instant(1s));
  }

  const ip_address& address(ip_version version) const {
    return version == ip_version::v4 ? v4 : v6;
  }

  static ip_address make_v6(std::uint8_t number) {
    std::array<std::byte, 16> bytes{std::byte{0xfd}};
    bytes[15] = std::byte{number};
    return ip_address::v6(bytes);
  }

  const mac_address mac;
  const ip_address v4;
  const ip_address v6;
  packet_pool pool;
  core ip;
  tcp streams;
};

class host_pair {
 public:
  explicit host_pair(std::uint64_t seed = 1, const tcp_settings& of_tcp = {},
                     const packet_pool_limits& limits = {})
      : a(1, settings(seed), of_tcp, limits),
        b(2, settings(seed + 1), of_tcp, limits),
        random_(seed) {}

  /// A frame that somebody else sends to a host. It arrives at once.
  void inject(whole_host& to, std::span<const std::byte> frame) {
    packet copy = to.pool.take(frame.size());
    if (!copy) return;
    copy.append(frame);
    to.ip.input(1, std::move(copy), now);
  }

  /// Lets things happen for `most`, or until `done()`.
  template <class Done>
  bool run(duration most, Done done) {
    return let_time_pass(*this, most, done);
  }
  void run(duration most) {
    run(most, [] { return false; });
  }

  /// Of all frames so far: when and from whom they came, and their bytes.
  std::uint64_t digest() const noexcept { return digest_; }

  instant now{1s};
  link_conditions link;
  std::uint64_t corrupted = 0;

  whole_host a;
  whole_host b;

 private:
  template <class World, class Done>
  friend bool let_time_pass(World&, duration, Done);

  static core_settings settings(std::uint64_t seed) {
    core_settings made;
    made.seed = seed;
    made.duplicates.solicitations = 0;
    return made;
  }

  instant next_event() const {
    if (a.ip.has_output(1) || b.ip.has_output(1)) return now;
    const instant next = std::min(a.ip.next_deadline(), b.ip.next_deadline());
    return traveling_.empty() ? next : std::min(next, traveling_.begin()->first);
  }

  void step() {
    while (!traveling_.empty() && traveling_.begin()->first <= now) {
      auto [to, frame] = std::move(traveling_.begin()->second);
      traveling_.erase(traveling_.begin());
      to->ip.input(1, std::move(frame), now);
    }
    for (whole_host* each : {&a, &b}) {
      each->ip.advance(now);
      std::array<packet, 16> frames;
      while (const std::size_t given = each->ip.output(1, frames, now)) {
        for (packet& frame : std::span(frames).first(given)) send(*each, std::move(frame));
      }
    }
  }

  void send(whole_host& from, packet frame) {
    digest(from, frame);
    whole_host& to = &from == &a ? b : a;
    if (happens(link.loss)) return;
    const int copies = happens(link.duplicate) ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
      packet copy = to.pool.copy(frame);
      if (!copy) continue;
      if (happens(link.corrupt)) corrupt(copy);
      const instant arrives = now + link.delay;
      traveling_.emplace(happens(link.reorder) ? arrives + link.reorder_delay : arrives,
                         std::pair(&to, std::move(copy)));
    }
  }

  bool happens(double probability) {
    return probability > 0 && static_cast<double>(random_() >> 11) * 0x1p-53 < probability;
  }

  void corrupt(packet& frame) {
    constexpr std::size_t link_header = 14;
    const std::size_t at = link_header + random_() % (frame.size() - link_header);
    frame.bytes()[at] ^= static_cast<std::byte>(1U << (random_() % 8));
    ++corrupted;
  }

  // FNV-1a.
  void digest(const whole_host& from, const packet& frame) {
    const auto add = [this](std::uint64_t word) { digest_ = (digest_ ^ word) * 0x100000001b3; };
    add(static_cast<std::uint64_t>(now.time_since_epoch().count()));
    add(&from == &a ? 1 : 2);
    for (const std::byte each : frame.bytes()) add(std::to_integer<std::uint64_t>(each));
  }

  std::mt19937_64 random_;
  std::multimap<instant, std::pair<whole_host*, packet>> traveling_;
  std::uint64_t digest_ = 0xcbf29ce484222325;
};

/// Nothing is left of connections but what listens.
inline void expect_empty(const whole_host& host) {
  EXPECT_EQ(host.streams.size(), 0U);
  EXPECT_EQ(host.streams.send_memory(), 0U);
  EXPECT_EQ(host.pool.counters().packets_in_use, 0U);
}

}  // namespace pentad::native::test
