// An imagined DHCP server for tests of the client: it reads what the host says and answers as a
// test wants.
#pragma once

#include "ip_peer.hpp"
#include "pentad/wire/dhcpv4.hpp"

namespace pentad::native::test {

inline const ip_address server = ip("10.0.0.254");
inline const ip_address leased = ip("10.0.0.77");

inline bytes dhcp_option(wire::dhcpv4_option which, const bytes& value) {
  return bytes{static_cast<std::byte>(which), static_cast<std::byte>(value.size())} + value;
}
inline bytes dhcp_option(wire::dhcpv4_option which, const ip_address& value) {
  return dhcp_option(which, to_bytes(value.bytes()));
}
inline bytes dhcp_option(wire::dhcpv4_option which, std::uint32_t value) {
  bytes made(4);
  store_be32(made.data(), value);
  return dhcp_option(which, made);
}

class dhcp_test : public ip_test {
 protected:
  using option = wire::dhcpv4_option;
  using type = wire::dhcpv4_type;

  /// What the host has said.
  struct heard_request {
    type what;
    std::uint32_t transaction;
    ip_address source;
    ip_address destination;
    ip_address client;
    std::optional<ip_address> requested;
    std::optional<ip_address> server;
    bytes identifier;
    bool to_all_stations;
  };

  dhcp_test() {
    nic.addresses.clear();
    nic.gateways.clear();
    nic.dhcp = true;
  }

  /// The requests among the frames that the host has sent.
  std::vector<heard_request> requests() {
    std::vector<heard_request> heard;
    for (const bytes& frame : sent()) {
      const auto header = wire::ethernet_view::parse(frame).value();
      if (header.type() == wire::ethertype::arp) arps.push_back(arp_in(part(frame, 14)));
      if (header.type() != wire::ethertype::ipv4) continue;
      const bytes packet = part(frame, 14);
      const auto ip_header = v4_in(packet);
      if (ip_header.protocol != ip_protocol::udp) continue;
      const bytes datagram = payload_of(packet);
      const auto udp = wire::udp_view::parse(
          datagram, wire::pseudo_header(ip_header.source, ip_header.destination, ip_protocol::udp));
      EXPECT_TRUE(udp.has_value());
      if (!udp || udp->destination_port() != wire::dhcpv4_server_port) continue;
      const auto view = wire::dhcpv4_view::parse(udp->payload()).value();
      std::array<std::byte, 255> room{};
      const auto identifier = view.value(option::client_identifier, room);
      heard.push_back(
          {view.type().value(), view.transaction(), ip_header.source, ip_header.destination,
           view.client(), view.address(option::requested_address),
           view.address(option::server_identifier), identifier ? to_bytes(*identifier) : bytes(),
           header.destination() == mac_address::broadcast()});
      transaction = view.transaction();
    }
    return heard;
  }

  heard_request request() {
    const auto heard = requests();
    EXPECT_EQ(heard.size(), 1U);
    return heard.empty() ? heard_request{} : heard.back();
  }

  /// A message of the server to all.
  void answer(type what, const bytes& options = {}, const ip_address& given = leased) {
    bytes message(240);
    message[0] = std::byte{2};
    message[1] = std::byte{1};
    message[2] = std::byte{6};
    store_be32(&message[4], transaction);
    std::ranges::copy(given.bytes(), &message[16]);
    std::ranges::copy(our_mac.bytes(), &message[28]);
    store_be32(&message[236], 0x63825363);
    hear_message(message + dhcp_option(option::message_type, bytes{static_cast<std::byte>(what)}) +
                 options + bytes{std::byte{255}});
  }

  void hear_message(const bytes& message) {
    const ip_address all = ip("255.255.255.255");
    const bytes datagram = udp({server, 67}, {all, 68}, message);
    hear(frame(wire::ethertype::ipv4,
               ipv4(datagram,
                    [&](wire::ipv4_header& header) {
                      header.source = server;
                      header.destination = all;
                      header.protocol = ip_protocol::udp;
                    }),
               mac_address::broadcast()));
  }

  static bytes lease_options(std::uint32_t seconds = 3600) {
    return dhcp_option(option::server_identifier, server) +
           dhcp_option(option::lease_time, seconds) +
           dhcp_option(option::subnet_mask, ip("255.255.255.0"));
  }

  /// Until the server's acknowledgement has come.
  void be_acknowledged(const bytes& options = lease_options()) {
    start();
    pass(0s);
    (void)requests();
    answer(type::offer, options);
    (void)requests();
    answer(type::acknowledgement, options);
  }

  void be_bound(const bytes& options = lease_options()) {
    be_acknowledged(options);
    pass(2s);
    (void)requests();
    ASSERT_TRUE(host->network().is_local(leased));
  }

  /// The next hop of packets to `to`; nothing if there is no way.
  std::optional<ip_address> asked_for(const ip_address& to) {
    arps.clear();
    const auto way = host->network().find_path(to, ip("0.0.0.0"));
    if (!way) return {};
    send(to, pattern(4));
    (void)requests();
    return arps.empty() ? std::nullopt : std::optional(arps.back().target_ip);
  }

  std::uint32_t transaction = 0;
  std::vector<wire::arp_packet> arps;
};

}  // namespace pentad::native::test
