// What can be set of a port of UDP, and what its groups, its errors and its bounds do: RFC 1112,
// RFC 3376 section 3, RFC 1191, RFC 4821.
#include "ip_peer.hpp"

namespace pentad::native::test {
namespace {

const ip_address any4 = ip("0.0.0.0");
const ip_address any6 = ip("::");
const ip_address group = ip("239.1.2.3");

class udp_options : public ip_test {
 protected:
  void SetUp() override {
    start();
    meet_peer();
  }

  udp_port& open(const endpoint& local, const udp_binding& how = {}) {
    return *host->udp().bind(local, how).value();
  }

  void hear_datagram(const endpoint& from, const endpoint& to, const bytes& payload) {
    const bytes datagram = udp(from, to, payload);
    hear_v4(ipv4(datagram, [&](wire::ipv4_header& header) {
      header.source = from.address;
      header.destination = to.address;
      header.protocol = ip_protocol::udp;
    }));
  }

  void hear_error(const wire::icmpv4_header& header, const bytes& quoted) {
    hear_v4(ipv4(icmp4(header, quoted),
                 [](wire::ipv4_header& ip) { ip.protocol = ip_protocol::icmp; }));
  }

  std::vector<std::byte> last_sent() { return sent_one(wire::ethertype::ipv4); }

  static constexpr std::uint16_t ours = 53;
  static constexpr std::uint16_t theirs = 40000;
};

TEST_F(udp_options, a_group_is_heard_by_all_who_joined_it_until_they_leave) {
  udp_port& one = open({any4, ours}, {.reuse_address = true});
  udp_port& two = open({group, ours}, {.reuse_address = true});
  hear_datagram({peer, theirs}, {group, ours}, pattern(1));
  EXPECT_FALSE(one.has_datagrams() || two.has_datagrams()) << "nobody has joined it";
  ASSERT_TRUE(one.join({.group = group}));
  EXPECT_EQ(one.join({.group = group}).error(), std::errc::address_in_use);
  ASSERT_TRUE(two.join({.group = group, .interface = 1}));
  hear_datagram({peer, theirs}, {group, ours}, pattern(2));
  EXPECT_EQ(one.receive()->destination.address, group);
  EXPECT_EQ(two.receive()->payload.size(), 2U);
  ASSERT_TRUE(one.leave({.group = group}));
  EXPECT_EQ(one.leave({.group = group}).error(), std::errc::address_not_available);
  host->udp().close(two);
  hear_datagram({peer, theirs}, {group, ours}, pattern(3));
  EXPECT_FALSE(one.has_datagrams()) << "the last member is gone";
  EXPECT_EQ(counters().packets_for_others, 2U);
}

TEST_F(udp_options, a_group_may_be_heard_from_one_source_alone) {
  udp_port& port = open({any4, ours});
  ASSERT_TRUE(port.join({.group = group, .source = peer}));
  hear_datagram({peer, theirs}, {group, ours}, pattern(1));
  hear_datagram({gateway, theirs}, {group, ours}, pattern(2));
  EXPECT_EQ(port.receive()->source.address, peer);
  EXPECT_FALSE(port.has_datagrams());
  EXPECT_EQ(port.join({.group = group, .source = peer}).error(), std::errc::address_not_available);
  EXPECT_EQ(port.join({.group = group}).error(), std::errc::address_in_use);
  ASSERT_TRUE(port.join({.group = group, .source = gateway}));
  hear_datagram({gateway, theirs}, {group, ours}, pattern(2));
  EXPECT_TRUE(port.receive());
}

TEST_F(udp_options, groups_have_bounds_and_must_be_groups) {
  udp_port& port = open({any4, ours});
  for (std::uint8_t i = 0; i < group_memberships::most_groups; ++i) {
    ASSERT_TRUE(port.join({.group = ip_address::v4(239, 0, 0, i)}));
  }
  EXPECT_EQ(port.join({.group = group}).error(), std::errc::no_buffer_space);
  EXPECT_EQ(port.join({.group = peer}).error(), std::errc::invalid_argument);
  EXPECT_EQ(port.join({.group = group, .interface = 7}).error(), std::errc::no_such_device);
}

TEST_F(udp_options, members_on_this_host_hear_what_it_sends_unless_they_are_not_to) {
  udp_port& member = open({any4, ours});
  udp_port& sender = open({any4, theirs});
  ASSERT_TRUE(member.join({.group = group}));
  ASSERT_TRUE(sender.send_to(pattern(100), {group, ours}, now));
  pass(1ms);
  const auto heard = member.receive();
  ASSERT_TRUE(heard);
  EXPECT_EQ(heard->source, endpoint(us, theirs));
  EXPECT_EQ(heard->interface, 1U);
  EXPECT_EQ(heard->time_to_live, 1);
  EXPECT_FALSE(sent().empty()) << "it went out, too";
  sender.options().group_loop = false;
  ASSERT_TRUE(sender.send_to(pattern(100), {group, ours}, now));
  pass(1ms);
  EXPECT_FALSE(member.has_datagrams());
  sender.options().group_loop = true;
  sender.options().group_time_to_live = 0;
  (void)sent();
  ASSERT_TRUE(sender.send_to(pattern(100), {group, ours}, now));
  pass(1ms);
  EXPECT_TRUE(member.has_datagrams());
  EXPECT_TRUE(sent().empty()) << "no hops: it stays inside";
}

TEST_F(udp_options, a_broadcast_comes_to_each_who_shares_the_port_and_back_to_this_host) {
  udp_port& one = open({any4, ours}, {.reuse_address = true});
  udp_port& two = open({any4, ours}, {.reuse_address = true});
  hear_datagram({peer, theirs}, {ip("10.0.0.255"), ours}, pattern(1));
  EXPECT_TRUE(one.receive() && two.receive());
  one.options().broadcast = true;
  ASSERT_TRUE(one.send_to(pattern(3), {ip("10.0.0.255"), ours}, now));
  pass(1ms);
  EXPECT_TRUE(one.receive() && two.receive());
}

TEST_F(udp_options, who_shares_an_address_must_all_say_so) {
  open({us, 1}, {.reuse_address = true});
  EXPECT_TRUE(host->udp().bind({us, 1}, udp_binding{.reuse_address = true}));
  EXPECT_EQ(host->udp().bind({us, 1}, udp_binding{.reuse_port = true}).error(),
            std::errc::address_in_use);
  EXPECT_EQ(host->udp().bind({us, 1}).error(), std::errc::address_in_use);
}

TEST_F(udp_options, a_shared_port_spreads_senders_and_keeps_each_where_it_was) {
  std::array<udp_port*, 4> ports;
  for (udp_port*& each : ports) each = &open({us, ours}, {.reuse_port = true});
  const auto receiver_of = [&](std::uint16_t sender) {
    hear_datagram({peer, sender}, {us, ours}, pattern(1));
    std::size_t got = ports.size();
    for (std::size_t i = 0; i != ports.size(); ++i) {
      if (ports[i]->receive()) got = i;
    }
    return got;
  };
  std::array<int, 5> count{};
  for (std::uint16_t sender = 1000; sender < 1200; ++sender) {
    const std::size_t first = receiver_of(sender);
    EXPECT_EQ(receiver_of(sender), first);
    ++count.at(first);
  }
  for (std::size_t i = 0; i != ports.size(); ++i) EXPECT_GT(count.at(i), 20) << i;
  EXPECT_EQ(count[4], 0);
}

TEST_F(udp_options, a_message_has_its_own_source_hops_and_class) {
  udp_port& port = open({any4, ours});
  port_message message{.payload = {}, .to = endpoint(peer, theirs)};
  message.time_to_live = 7;
  message.traffic_class = 0x2a;
  ASSERT_TRUE(port.send(message, now));
  const wire::ipv4_header header = v4_in(last_sent());
  EXPECT_EQ(header.time_to_live, 7);
  EXPECT_EQ(header.traffic_class, 0x2a);
  message.from = peer;
  EXPECT_EQ(port.send(message, now).error(), std::errc::invalid_argument);
  message.from = us;
  message.interface = 9;
  EXPECT_EQ(port.send(message, now).error(), std::errc::no_such_device);
}

TEST_F(udp_options, what_is_bound_to_an_interface_hears_no_other) {
  interface_settings second;
  second.mac = other_mac;
  second.addresses = {{ip("10.7.0.1"), 24}};
  host->add_interface(second, now);
  udp_port& port = open({any4, ours}, {.device = 2});
  hear_datagram({peer, theirs}, {us, ours}, pattern(1));
  EXPECT_FALSE(port.has_datagrams());
  EXPECT_EQ(port.send_to({}, {peer, theirs}, now).error(), std::errc::network_unreachable);
}

TEST_F(udp_options, path_mtu_discovery_decides_what_becomes_of_long_datagrams) {
  udp_port& port = open({any4, ours});
  const endpoint to(peer, theirs);
  port.options().mtu = path_mtu_mode::off;
  ASSERT_TRUE(port.send_to(pattern(100), to, now));
  EXPECT_FALSE(v4_in(last_sent()).dont_fragment);
  port.options().mtu = path_mtu_mode::want;
  ASSERT_TRUE(port.send_to(pattern(2000), to, now));
  EXPECT_EQ(sent().size(), 2U);
  port.options().mtu = path_mtu_mode::always;
  EXPECT_EQ(port.send_to(pattern(2000), to, now).error(), std::errc::message_size);
  ASSERT_TRUE(port.send_to(pattern(1472), to, now));
  EXPECT_TRUE(v4_in(last_sent()).dont_fragment);
}

TEST_F(udp_options, a_narrow_path_is_reported_and_only_probes_go_beyond_it) {
  udp_port& port = open({any4, ours});
  const endpoint to(peer, theirs);
  port.options().mtu = path_mtu_mode::always;
  port.options().errors = true;
  ASSERT_TRUE(port.send_to(pattern(1400), to, now));
  hear_error(wire::icmpv4_header::fragmentation_needed(1000), last_sent());
  const auto told = port.take_kept_error();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->code, std::errc::message_size);
  EXPECT_EQ(told->mtu, 1000U);
  EXPECT_FALSE(told->is_local);
  EXPECT_EQ(port.send_to(pattern(1400), to, now).error(), std::errc::message_size);
  const auto own = port.take_kept_error();
  ASSERT_TRUE(own);
  EXPECT_TRUE(own->is_local);
  EXPECT_EQ(own->mtu, 1000U);
  port.options().mtu = path_mtu_mode::probe;
  ASSERT_TRUE(port.send_to(pattern(1400), to, now));
  EXPECT_EQ(v4_in(last_sent()).payload_size, 1408);
  EXPECT_EQ(port.send_to(pattern(1473), to, now).error(), std::errc::message_size);
}

TEST_F(udp_options, errors_are_kept_whole_and_bounded) {
  udp_port& port = open({any4, ours});
  port.options().errors = true;
  ASSERT_TRUE(port.send_to(pattern(20), {peer, theirs}, now));
  const bytes quoted = last_sent();
  for (int i = 0; i < 100; ++i) {
    hear_error(wire::icmpv4_header::time_exceeded(wire::icmpv4_time_exceeded::in_transit), quoted);
  }
  EXPECT_EQ(port.take_error(), std::errc::host_unreachable);
  const auto told = port.take_kept_error();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->type, 11);
  EXPECT_EQ(told->icmp_code, 0);
  EXPECT_EQ(told->reporter, peer);
  EXPECT_EQ(told->destination, endpoint(peer, theirs));
  EXPECT_EQ(told->bytes, pattern(20));
  int more = 0;
  while (port.take_kept_error()) ++more;
  EXPECT_EQ(more, 63);
}

TEST_F(udp_options, who_has_read_the_last_report_is_not_told_again) {
  udp_port& port = open({any4, ours});
  port.options().errors = true;
  ASSERT_TRUE(port.send_to(pattern(20), {peer, theirs}, now));
  hear_error(wire::icmpv4_header::unreachable(wire::icmpv4_unreachable::port), last_sent());
  EXPECT_TRUE(port.take_kept_error());
  EXPECT_EQ(port.take_error(), std::error_code());
}

TEST_F(udp_options, what_waits_for_the_nic_is_bounded_and_there_are_news_of_room) {
  udp_port& port = open({any4, ours});
  port.options().send_buffer = 8 * packet_pool::small_buffer;
  int taken = 0;
  while (port.send_to(pattern(100), {peer, theirs}, now)) ++taken;
  EXPECT_EQ(taken, 8);
  EXPECT_EQ(port.send_to(pattern(1), {peer, theirs}, now).error(),
            std::errc::operation_would_block);
  EXPECT_FALSE(host->udp().has_events());
  EXPECT_EQ(sent().size(), 8U);
  EXPECT_EQ(host->udp().next_event(), &port);
  EXPECT_TRUE(port.send_to(pattern(1), {peer, theirs}, now));
}

TEST_F(udp_options, a_datagram_of_any_size_fits_into_an_empty_queue) {
  udp_port& port = open({any4, ours});
  port.options().receive_buffer = 1;
  hear_datagram({peer, theirs}, {us, ours}, pattern(1400));
  hear_datagram({peer, theirs}, {us, ours}, pattern(1));
  EXPECT_EQ(port.receive()->payload.size(), 1400U);
  EXPECT_FALSE(port.has_datagrams());
  EXPECT_EQ(port.drops(), 1U);
}

}  // namespace
}  // namespace pentad::native::test
