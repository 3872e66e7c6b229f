// An imagined link for tests of the network layer: a core on it, and bytes that somebody else on it
// could have sent. Time is virtual.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string_view>
#include <vector>

#include "pentad/base/ip_literal.hpp"
#include "pentad/stack/native/core/core.hpp"
#include "pentad/wire/arp.hpp"
#include "pentad/wire/multicast.hpp"
#include "pentad/wire/ndp.hpp"

namespace pentad::native::test {

using namespace std::chrono_literals;

using bytes = std::vector<std::byte>;

inline ip_address ip(std::string_view text) { return parse_ip_literal(text).value(); }

inline const mac_address our_mac{2, 0, 0, 0, 0, 1};
inline const mac_address peer_mac{2, 0, 0, 0, 0, 2};
inline const mac_address other_mac{2, 0, 0, 0, 0, 3};
inline const ip_address us = ip("10.0.0.1");
inline const ip_address peer = ip("10.0.0.2");
inline const ip_address gateway = ip("10.0.0.254");
inline const ip_address far_host = ip("192.0.2.7");
inline const ip_address us6 = ip("2001:db8::1");
inline const ip_address peer6 = ip("2001:db8::2");
inline const ip_address gateway6 = ip("2001:db8::fe");
inline const ip_address far_host6 = ip("2001:db8:7::7");
inline const ip_address our_link_local = ip("fe80::ff:fe00:1%1");

/// A protocol for which tests are the transport (RFC 3692).
inline constexpr ip_protocol test_protocol{253};

inline bytes operator+(bytes a, const bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// 0, 1, 2 and so on.
inline bytes pattern(std::size_t size) {
  bytes made(size);
  for (std::size_t i = 0; i < size; ++i) made[i] = static_cast<std::byte>(i % 251);
  return made;
}

inline bytes part(const bytes& whole, std::size_t from, std::size_t size = bytes().max_size()) {
  const std::span<const std::byte> rest = std::span(whole).subspan(from);
  const auto taken = rest.first(std::min(size, rest.size()));
  return {taken.begin(), taken.end()};
}

inline bytes to_bytes(std::span<const std::byte> from) { return {from.begin(), from.end()}; }

inline bytes frame(wire::ethertype type, const bytes& payload, const mac_address& to = our_mac,
                   const mac_address& from = peer_mac) {
  bytes made(wire::ethernet_header::size());
  wire::ethernet_header{to, from, type}.emit(made);
  return made + payload;
}

inline bytes arp(const wire::arp_packet& packet) {
  bytes made(wire::arp_packet::size());
  packet.emit(made);
  return made;
}

inline bytes arp_request(const ip_address& from, const mac_address& mac, const ip_address& target) {
  return arp({wire::arp_operation::request, mac, from, {}, target});
}

inline bytes arp_reply(const ip_address& from, const mac_address& mac, const ip_address& to) {
  return arp({wire::arp_operation::reply, mac, from, our_mac, to});
}

/// A packet of the test protocol from the peer to us, unless `change` says otherwise.
template <class Change>
bytes ipv4(const bytes& payload, Change change) {
  wire::ipv4_header header{.source = peer, .destination = us, .protocol = test_protocol};
  header.payload_size = static_cast<std::uint16_t>(payload.size());
  change(header);
  bytes made(wire::ipv4_header::size());
  header.emit(made);
  return made + payload;
}
inline bytes ipv4(const bytes& payload) {
  return ipv4(payload, [](wire::ipv4_header&) {});
}

template <class Change>
bytes ipv6(const bytes& payload, Change change) {
  wire::ipv6_header header{.source = peer6, .destination = us6, .next_header = test_protocol};
  header.payload_size = static_cast<std::uint16_t>(payload.size());
  change(header);
  bytes made(wire::ipv6_header::size());
  header.emit(made);
  return made + payload;
}
inline bytes ipv6(const bytes& payload) {
  return ipv6(payload, [](wire::ipv6_header&) {});
}

inline bytes icmp4(const wire::icmpv4_header& header, const bytes& payload) {
  bytes made(wire::icmpv4_header::size());
  header.emit(made, wire::internet_sum{payload});
  return made + payload;
}

inline bytes icmp6(const wire::icmpv6_header& header, const bytes& payload,
                   const ip_address& from = peer6, const ip_address& to = us6) {
  bytes made(wire::icmpv6_header::size());
  header.emit(made, wire::pseudo_header(from, to, ip_protocol::icmpv6),
              wire::internet_sum{payload});
  return made + payload;
}

template <class Message>
bytes ndp(const Message& message, const ip_address& from, const ip_address& to,
          std::uint8_t hop_limit = 255) {
  bytes made(message.size());
  message.emit(made, wire::pseudo_header(from, to, ip_protocol::icmpv6));
  return ipv6(made, [&](wire::ipv6_header& header) {
    header.source = from;
    header.destination = to;
    header.next_header = ip_protocol::icmpv6;
    header.hop_limit = hop_limit;
  });
}

inline bytes udp(const endpoint& from, const endpoint& to, const bytes& payload) {
  bytes made(wire::udp_header::size());
  wire::udp_header{from.port, to.port}.emit(
      made, wire::pseudo_header(from.address, to.address, ip_protocol::udp),
      wire::internet_sum{payload});
  return made + payload;
}

// What packets say, as values: views of what a function returned would dangle.

inline wire::arp_packet arp_in(const bytes& content) {
  return wire::arp_view::parse(content).value().packet();
}
inline wire::ipv4_header v4_in(const bytes& packet) {
  return wire::ipv4_view::parse(packet).value().header();
}
inline wire::ipv6_header v6_in(const bytes& packet) {
  return wire::ipv6_view::parse(packet).value().header();
}

/// The payload of a packet of IPv4 or IPv6 without further headers.
inline bytes payload_of(const bytes& packet) {
  return part(packet, (packet.at(0) >> 4) == std::byte{4} ? 20 : 40);
}

inline wire::icmpv4_header icmp4_in(const bytes& packet) {
  const bytes message = payload_of(packet);
  return wire::icmpv4_view::parse(message).value().header();
}
inline wire::icmpv6_header icmp6_in(const bytes& packet) {
  const wire::ipv6_header header = v6_in(packet);
  const bytes message = payload_of(packet);
  const wire::pseudo_header pseudo(header.source, header.destination, ip_protocol::icmpv6);
  return wire::icmpv6_view::parse(message, pseudo).value().header();
}

/// A message of neighbour discovery, with all its checks.
template <class Message>
Message ndp_in(const bytes& packet) {
  const wire::ipv6_header header = v6_in(packet);
  const bytes content = payload_of(packet);
  const wire::pseudo_header pseudo(header.source, header.destination, ip_protocol::icmpv6);
  const auto message = wire::icmpv6_view::parse(content, pseudo).value();
  return Message::parse(message, {header.source, header.destination, header.hop_limit, false})
      .value();
}

/// A transport that writes down what it gets.
class recorder final : public transport {
 public:
  struct arrival {
    ip_address source;
    ip_address destination;
    bytes payload;
    std::uint8_t time_to_live;
    std::uint8_t traffic_class;
    bool checksum_is_known_good;
    bool to_group;
  };
  struct failure {
    path_error::kind what;
    std::uint32_t mtu;
    ip_address source;
    ip_address destination;
    bytes transport;
  };

  bool deliver(incoming_packet&& arrived, instant) override {
    if (refuses) return false;
    arrivals.push_back({arrived.source, arrived.destination, to_bytes(arrived.payload.bytes()),
                        arrived.time_to_live, arrived.traffic_class, arrived.checksum_is_known_good,
                        arrived.to_group});
    return true;
  }

  void failed(const path_error& error, instant) override {
    failures.push_back(
        {error.what, error.mtu, error.source, error.destination, to_bytes(error.transport)});
  }

  std::vector<arrival> arrivals;
  std::vector<failure> failures;
  bool refuses = false;
};

/// A core with one interface. Its addresses are there at once unless a test asks for the check.
class ip_test : public ::testing::Test {
 protected:
  ip_test() {
    settings.seed = 1;
    settings.duplicates.solicitations = 0;
    settings.groups.robustness = 0;  // tests count what is sent
    nic.mac = our_mac;
    nic.addresses = {{us, 24}, {us6, 64}};
    nic.gateways = {gateway, gateway6};
  }

  ~ip_test() override {
    host.reset();
    EXPECT_EQ(pool.counters().packets_in_use, 0U);
  }

  /// Call once, after the settings are what the test wants.
  core& start() {
    host.emplace(settings, pool);
    host->add_interface(nic, now);
    host->attach(test_protocol, transport);
    return *host;
  }

  packet make(const bytes& content) {
    packet made = pool.take(content.size());
    made.append(content);
    return made;
  }

  void hear(const bytes& content) { host->input(1, make(content), now); }
  void hear_v4(const bytes& content) { hear(frame(wire::ethertype::ipv4, content)); }
  void hear_v6(const bytes& content) { hear(frame(wire::ethertype::ipv6, content)); }
  void hear_arp(const bytes& content) { hear(frame(wire::ethertype::arp, content)); }

  /// All frames that the host has sent since the last call.
  std::vector<bytes> sent() {
    std::vector<bytes> frames;
    std::array<packet, 8> batch;
    while (const std::size_t given = host->output(1, batch, now)) {
      for (packet& each : std::span(batch).first(given)) {
        frames.push_back(to_bytes(std::as_const(each).bytes()));
        each = {};
      }
    }
    return frames;
  }

  /// What is in the one frame that the host has sent, of this type, to this station.
  bytes sent_one(wire::ethertype type, const mac_address& to = peer_mac) {
    const std::vector<bytes> frames = sent();
    EXPECT_EQ(frames.size(), 1U);
    if (frames.size() != 1) return {};
    const auto view = wire::ethernet_view::parse(frames[0]).value();
    EXPECT_EQ(view.type(), type);
    EXPECT_EQ(view.source(), our_mac);
    EXPECT_EQ(view.destination(), to);
    return to_bytes(view.payload());
  }
  bytes sent_v4() { return sent_one(wire::ethertype::ipv4); }
  bytes sent_v6() { return sent_one(wire::ethertype::ipv6); }

  /// Lets time pass; the host is called whenever it has asked for it.
  void pass(duration how_long) {
    const instant end = now + how_long;
    while (host->next_deadline() <= end) {
      now = std::max(now, host->next_deadline());
      host->advance(now);
    }
    now = end;
    host->advance(now);
  }

  /// The host learns of the peer by its question.
  void meet_peer() {
    hear_arp(arp_request(peer, peer_mac, us));
    hear_arp(arp_request(gateway, peer_mac, us));
    hear_v6(ndp(wire::neighbor_solicitation{us6, peer_mac}, peer6, us6));
    hear_v6(ndp(wire::neighbor_solicitation{us6, peer_mac}, gateway6, us6));
    (void)sent();
  }

  void send(const ip_address& to, const bytes& payload, bool dont_fragment = false) {
    outgoing_packet packet;
    packet.payload = make(payload);
    packet.source = host->network().find_path(to, ip_address::any(to.version())).value().source;
    packet.destination = to;
    packet.protocol = test_protocol;
    packet.dont_fragment = dont_fragment;
    host->network().send(std::move(packet), now);
  }

  const core_counters& counters() { return host->counters(); }

  core_settings settings;
  interface_settings nic;
  packet_pool pool;
  recorder transport;
  instant now{1s};
  std::optional<core> host;
};

}  // namespace pentad::native::test
