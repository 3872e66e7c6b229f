// The lower half of UDP: RFC 768, RFC 1122 section 4.1, RFC 6056, RFC 8200 section 8.1.
#include "ip_peer.hpp"

namespace pentad::native::test {
namespace {

class udp_ports : public ip_test {
 protected:
  void SetUp() override {
    start();
    meet_peer();
  }

  udp_port& open(const endpoint& local, bool v6_only = false) {
    return *host->udp().bind(local, v6_only).value();
  }

  std::errc error_of_bind(const endpoint& local, bool v6_only = false) {
    const auto bound = host->udp().bind(local, v6_only);
    return bound ? std::errc{} : static_cast<std::errc>(bound.error().value());
  }

  void hear_datagram(const endpoint& from, const endpoint& to, const bytes& payload) {
    const bytes datagram = udp(from, to, payload);
    if (to.address.is_v4()) {
      hear_v4(ipv4(datagram, [&](wire::ipv4_header& header) {
        header.source = from.address;
        header.destination = to.address;
        header.protocol = ip_protocol::udp;
      }));
    } else {
      hear_v6(ipv6(datagram, [&](wire::ipv6_header& header) {
        header.source = from.address;
        header.destination = to.address;
        header.next_header = ip_protocol::udp;
      }));
    }
  }

  static bytes payload_in(std::optional<arrived_datagram>& got) {
    return to_bytes(std::as_const(got->payload).bytes());
  }

  static wire::udp_header header_in(const bytes& packet) {
    const wire::ipv4_header ip = v4_in(packet);
    const bytes content = payload_of(packet);
    const wire::pseudo_header pseudo(ip.source, ip.destination, ip_protocol::udp);
    return wire::udp_view::parse(content, pseudo).value().header();
  }

  static constexpr std::uint16_t ours = 53;
  static constexpr std::uint16_t theirs = 40000;
};

const ip_address any4 = ip("0.0.0.0");
const ip_address any6 = ip("::");

TEST_F(udp_ports, a_datagram_reaches_its_port_with_all_that_is_known_of_it) {
  udp_port& port = open({us, ours});
  hear_datagram({peer, theirs}, {us, ours}, pattern(33));
  EXPECT_EQ(host->udp().next_event(), &port);
  auto got = port.receive();
  ASSERT_TRUE(got);
  EXPECT_EQ(payload_in(got), pattern(33));
  EXPECT_EQ(got->source, endpoint(peer, theirs));
  EXPECT_EQ(got->destination, endpoint(us, ours));
  EXPECT_EQ(got->interface, 1U);
  EXPECT_EQ(got->time_to_live, 64);
  EXPECT_FALSE(port.receive());
  EXPECT_EQ(port.queued_memory(), 0U);
}

TEST_F(udp_ports, an_empty_datagram_is_one_too) {
  udp_port& port = open({us, ours});
  hear_datagram({peer, theirs}, {us, ours}, {});
  auto got = port.receive();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->payload.size(), 0U);
}

TEST_F(udp_ports, a_datagram_is_sent_with_its_checksum) {
  udp_port& port = open({any4, ours});
  ASSERT_TRUE(port.send_to(pattern(33), {peer, theirs}, now));
  const bytes packet = sent_v4();
  EXPECT_EQ(v4_in(packet).source, us);
  EXPECT_TRUE(v4_in(packet).dont_fragment);
  EXPECT_EQ(header_in(packet), (wire::udp_header{ours, theirs}));
  EXPECT_EQ(part(payload_of(packet), 8), pattern(33));
}

TEST_F(udp_ports, the_checksum_is_left_to_a_nic_that_does_it) {
  interface_settings second;
  second.mac = other_mac;
  second.addresses = {{ip("10.7.0.1"), 24}};
  second.offloads.transmit_checksum = true;
  host->add_interface(second, now);
  udp_port& port = open({any4, ours});
  port.options().broadcast = true;
  ASSERT_TRUE(port.send_to(pattern(33), {ip("10.7.0.255"), theirs}, now));
  std::array<packet, 2> frames;
  ASSERT_EQ(host->output(2, frames, now), 1U);
  EXPECT_EQ(frames[0].offload().checksum, checksum_state::partial);
  EXPECT_EQ(frames[0].offload().checksum_start, 34);
  EXPECT_EQ(frames[0].offload().checksum_offset, 6);
}

TEST_F(udp_ports, damaged_and_cut_datagrams_are_dropped_in_silence) {
  open({us, ours});
  const auto hear_udp = [&](const bytes& datagram) {
    hear_v4(ipv4(datagram, [](wire::ipv4_header& header) { header.protocol = ip_protocol::udp; }));
  };
  bytes damaged = udp({peer, theirs}, {us, ours}, pattern(33));
  damaged[20] ^= std::byte{1};
  hear_udp(damaged);
  hear_udp(part(udp({peer, theirs}, {us, ours}, pattern(33)), 0, 40));
  hear_udp(pattern(7));
  hear_datagram({peer, theirs}, {us, 0}, pattern(8));
  EXPECT_EQ(counters().malformed_datagrams, 4U);
  EXPECT_TRUE(sent().empty());
}

TEST_F(udp_ports, no_checksum_is_allowed_in_ipv4_only) {
  udp_port& port = open({any6, ours});
  bytes datagram = udp({peer, theirs}, {us, ours}, pattern(33));
  store_be16(&datagram[6], 0);
  hear_v4(ipv4(datagram, [](wire::ipv4_header& header) { header.protocol = ip_protocol::udp; }));
  EXPECT_TRUE(port.receive());
  hear_v6(ipv6(datagram, [](wire::ipv6_header& ip) { ip.next_header = ip_protocol::udp; }));
  EXPECT_FALSE(port.receive());
  EXPECT_EQ(counters().malformed_datagrams, 1U);
}

TEST_F(udp_ports, the_most_specific_address_gets_the_datagram) {
  udp_port& exact = open({us, ours});
  udp_port& other = open({us6, ours});
  hear_datagram({peer, theirs}, {us, ours}, pattern(1));
  hear_datagram({peer6, theirs}, {us6, ours}, pattern(2));
  EXPECT_EQ(exact.receive()->payload.size(), 1U);
  EXPECT_EQ(other.receive()->payload.size(), 2U);
}

TEST_F(udp_ports, an_open_address_of_ipv6_takes_ipv4_too_unless_it_must_not) {
  udp_port& both = open({any6, 1});
  open({any6, 2}, true);
  hear_datagram({peer, theirs}, {us, 1}, pattern(1));
  hear_datagram({peer6, theirs}, {us6, 1}, pattern(2));
  EXPECT_EQ(both.receive()->source.address, peer);
  EXPECT_EQ(both.receive()->source.address, peer6);
  hear_datagram({peer, theirs}, {us, 2}, pattern(1));
  EXPECT_EQ(counters().ports_unreachable, 1U);
  ASSERT_TRUE(both.send_to(pattern(3), {peer, theirs}, now)) << "and sends it, too";
}

TEST_F(udp_ports, a_taken_address_cannot_be_bound_again) {
  open({us, 1});
  EXPECT_EQ(error_of_bind({us, 1}), std::errc::address_in_use);
  EXPECT_EQ(error_of_bind({any4, 1}), std::errc::address_in_use);
  EXPECT_EQ(error_of_bind({any6, 1}), std::errc::address_in_use);
  EXPECT_EQ(error_of_bind({any6, 1}, true), std::errc{}) << "IPv6 alone is another thing";
  open({any4, 2});
  EXPECT_EQ(error_of_bind({us, 2}), std::errc::address_in_use);
  open({any6, 3});
  EXPECT_EQ(error_of_bind({any4, 3}), std::errc::address_in_use);
  EXPECT_EQ(error_of_bind({us6, 3}), std::errc::address_in_use);
}

TEST_F(udp_ports, an_address_of_another_host_cannot_be_bound) {
  EXPECT_EQ(error_of_bind({peer, 1}), std::errc::address_not_available);
  EXPECT_EQ(error_of_bind({peer6, 1}), std::errc::address_not_available);
  EXPECT_EQ(error_of_bind({ip("127.0.0.1"), 1}), std::errc{});
}

TEST_F(udp_ports, a_closed_port_is_free_again) {
  udp_port& port = open({us, ours});
  hear_datagram({peer, theirs}, {us, ours}, pattern(1));
  host->udp().close(port);
  EXPECT_EQ(host->udp().next_event(), nullptr);
  EXPECT_EQ(host->udp().size(), 0U);
  hear_datagram({peer, theirs}, {us, ours}, pattern(1));
  EXPECT_EQ(counters().ports_unreachable, 1U);
  open({us, ours});
}

TEST_F(udp_ports, free_ports_are_in_linuxs_range_and_cannot_be_guessed) {
  std::vector<std::uint16_t> chosen;
  for (int i = 0; i < 100; ++i) chosen.push_back(open({us, 0}).local().port);
  EXPECT_GE(*std::ranges::min_element(chosen), 32768);
  EXPECT_LE(*std::ranges::max_element(chosen), 60999);
  int in_a_row = 0;
  for (std::size_t i = 1; i < chosen.size(); ++i) in_a_row += chosen[i] == chosen[i - 1] + 1;
  EXPECT_LT(in_a_row, 5);
  std::ranges::sort(chosen);
  EXPECT_EQ(std::ranges::adjacent_find(chosen), chosen.end());
}

TEST_F(udp_ports, when_no_port_is_free_none_is_chosen) {
  settings.udp.first_ephemeral_port = 50000;
  settings.udp.last_ephemeral_port = 50003;
  start();
  for (int i = 0; i < 4; ++i) open({us, 0});
  EXPECT_EQ(error_of_bind({us, 0}), std::errc::address_in_use);
  EXPECT_EQ(error_of_bind({ip("127.0.0.1"), 0}), std::errc{}) << "another address has its own";
}

TEST_F(udp_ports, the_number_of_ports_is_bounded) {
  settings.udp.most_ports = 3;
  start();
  for (int i = 0; i < 3; ++i) open({us, 0});
  EXPECT_EQ(error_of_bind({us, 0}), std::errc::too_many_files_open);
}

TEST_F(udp_ports, a_connected_port_hears_its_peer_only) {
  udp_port& port = open({any4, ours});
  ASSERT_TRUE(port.connect({peer, theirs}));
  EXPECT_EQ(port.local(), endpoint(us, ours)) << "an address is chosen";
  hear_datagram({peer, theirs}, {us, ours}, pattern(1));
  hear_datagram({peer, 9}, {us, ours}, pattern(2));
  hear_datagram({gateway, theirs}, {us, ours}, pattern(3));
  EXPECT_EQ(port.receive()->payload.size(), 1U);
  EXPECT_FALSE(port.receive());
  EXPECT_EQ(counters().ports_unreachable, 2U);

  ASSERT_TRUE(port.send(pattern(5), now));
  EXPECT_FALSE(sent().empty());
  port.disconnect();
  hear_datagram({gateway, theirs}, {us, ours}, pattern(3));
  EXPECT_TRUE(port.receive());
  EXPECT_EQ(port.send(pattern(5), now).error(), std::errc::not_connected);
}

TEST_F(udp_ports, what_cannot_be_sent_says_why) {
  udp_port& port = open({any4, ours});
  udp_port& port6 = open({us6, ours});
  EXPECT_EQ(port.send_to({}, {peer, 0}, now).error(), std::errc::invalid_argument);
  EXPECT_EQ(port.send_to({}, {peer6, 1}, now).error(), std::errc::address_family_not_supported);
  EXPECT_EQ(port6.send_to({}, {peer, 1}, now).error(), std::errc::address_family_not_supported);
  EXPECT_EQ(port.send_to(pattern(65508), {peer, 1}, now).error(), std::errc::message_size);
  EXPECT_EQ(port.send_to({}, {ip("10.0.0.255"), 1}, now).error(), std::errc::permission_denied);
  EXPECT_EQ(port.send_to({}, {any4, 1}, now).error(), std::errc::network_unreachable);
  EXPECT_EQ(port.connect({peer6, 1}).error(), std::errc::address_family_not_supported);
  EXPECT_TRUE(sent().empty());
}

TEST_F(udp_ports, the_longest_datagram_goes_in_fragments_with_its_checksum) {
  udp_port& port = open({any4, ours});
  ASSERT_TRUE(port.send_to(pattern(65507), {peer, theirs}, now));
  bytes datagram;
  for (const bytes& each : sent()) datagram = datagram + part(each, 34);
  const wire::pseudo_header pseudo(us, peer, ip_protocol::udp);
  const auto view = wire::udp_view::parse(datagram, pseudo);
  ASSERT_TRUE(view);
  EXPECT_EQ(to_bytes(view->payload()), pattern(65507));
}

TEST_F(udp_ports, groups_are_sent_to_with_one_hop_and_broadcasts_if_allowed) {
  udp_port& port = open({any4, ours});
  ASSERT_TRUE(port.send_to(pattern(5), {ip("239.1.2.3"), theirs}, now));
  const bytes to_group = sent_one(wire::ethertype::ipv4, {0x01, 0, 0x5e, 1, 2, 3});
  EXPECT_EQ(v4_in(to_group).time_to_live, 1);
  port.options().broadcast = true;
  ASSERT_TRUE(port.send_to(pattern(5), {ip("255.255.255.255"), theirs}, now));
  EXPECT_EQ(v4_in(sent_one(wire::ethertype::ipv4, mac_address::broadcast())).time_to_live, 64);
}

TEST_F(udp_ports, a_broadcast_reaches_ports_with_an_open_address_and_gets_no_error) {
  udp_port& port = open({any4, ours});
  hear_datagram({peer, theirs}, {ip("10.0.0.255"), ours}, pattern(1));
  EXPECT_EQ(port.receive()->destination.address, ip("10.0.0.255"));
  hear_datagram({peer, theirs}, {ip("10.0.0.255"), 9}, pattern(1));
  EXPECT_TRUE(sent().empty());
}

TEST_F(udp_ports, what_waits_is_bounded_by_memory_and_the_oldest_stay) {
  udp_port& port = open({us, ours});
  port.options().receive_buffer = 10 * packet_pool::small_buffer;
  for (std::size_t i = 0; i < 100; ++i) hear_datagram({peer, theirs}, {us, ours}, pattern(i));
  EXPECT_LE(port.queued_memory(), 10 * packet_pool::small_buffer);
  EXPECT_GE(counters().datagram_queue_full, 89U);
  for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(port.receive()->payload.size(), i);
  EXPECT_FALSE(port.receive());
  hear_datagram({peer, theirs}, {us, ours}, pattern(7));
  EXPECT_TRUE(port.receive()) << "there is room again";
}

TEST_F(udp_ports, news_of_a_port_are_told_once) {
  udp_port& first = open({us, 1});
  udp_port& second = open({us, 2});
  hear_datagram({peer, theirs}, {us, 2}, {});
  hear_datagram({peer, theirs}, {us, 1}, {});
  hear_datagram({peer, theirs}, {us, 2}, {});
  EXPECT_EQ(host->udp().next_event(), &second);
  EXPECT_EQ(host->udp().next_event(), &first);
  EXPECT_EQ(host->udp().next_event(), nullptr);
  hear_datagram({peer, theirs}, {us, 2}, {});
  EXPECT_EQ(host->udp().next_event(), &second);
}

class udp_errors : public udp_ports {
 protected:
  void hear_error(const wire::icmpv4_header& header, const bytes& quoted) {
    hear_v4(ipv4(icmp4(header, quoted),
                 [](wire::ipv4_header& ip) { ip.protocol = ip_protocol::icmp; }));
  }

  static constexpr auto port_unreachable =
      wire::icmpv4_header::unreachable(wire::icmpv4_unreachable::port);
};

TEST_F(udp_errors, of_a_connected_port_are_kept_until_they_are_asked_for) {
  udp_port& port = open({any4, ours});
  ASSERT_TRUE(port.connect({peer, theirs}));
  ASSERT_TRUE(port.send(pattern(5), now));
  hear_error(port_unreachable, sent_v4());
  EXPECT_EQ(host->udp().next_event(), &port);
  EXPECT_EQ(port.take_error(), std::errc::connection_refused);
  EXPECT_EQ(port.take_error(), std::error_code());
}

TEST_F(udp_errors, of_others_do_not_touch_it) {
  udp_port& port = open({any4, ours});
  ASSERT_TRUE(port.connect({peer, theirs}));
  ASSERT_TRUE(port.send(pattern(5), now));
  bytes quoted = sent_v4();
  store_be16(&quoted[22], theirs + 1);  // to another port
  hear_error(port_unreachable, quoted);
  EXPECT_EQ(port.take_error(), std::error_code());
}

TEST_F(udp_errors, of_an_unconnected_port_have_nobody_to_be_told_to) {
  udp_port& port = open({any4, ours});
  ASSERT_TRUE(port.send_to(pattern(5), {peer, theirs}, now));
  hear_error(port_unreachable, sent_v4());
  EXPECT_EQ(port.take_error(), std::error_code());
  EXPECT_FALSE(host->udp().has_events());
}

TEST_F(udp_errors, of_silent_neighbours_are_the_hosts_own) {
  udp_port& port = open({any4, ours});
  ASSERT_TRUE(port.connect({ip("10.0.0.88"), theirs}));
  ASSERT_TRUE(port.send(pattern(5), now));
  pass(4s);
  EXPECT_EQ(port.take_error(), std::errc::host_unreachable);
}

TEST_F(udp_errors, over_loopback_come_from_this_host) {
  udp_port& port = open({ip("127.0.0.1"), ours});
  ASSERT_TRUE(port.connect({ip("127.0.0.1"), theirs}));
  ASSERT_TRUE(port.send(pattern(5), now));
  pass(1ms);
  EXPECT_EQ(port.take_error(), std::errc::connection_refused);
}

}  // namespace
}  // namespace pentad::native::test
