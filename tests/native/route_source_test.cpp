// Which way a packet takes, and which address it comes from.
#include "ip_peer.hpp"
#include "pentad/stack/native/core/source_selection.hpp"

namespace pentad::native::test {
namespace {

using route_source = ip_test;

ip_address any_of(const ip_address& like) { return ip_address::any(like.version()); }

TEST(source_selection, prefers_the_destination_itself_then_its_scope_then_the_longest_prefix) {
  // RFC 6724, section 5: rules 1, 2 and 8, with its own examples (section 10.1).
  EXPECT_TRUE(is_better_source(ip("2001:db8::5"), ip("2001:db8::1"), ip("2001:db8::5")));
  EXPECT_TRUE(is_better_source(ip("2001:db8:1::1"), ip("fe80::1%1"), ip("2001:db8:3::1")));
  EXPECT_TRUE(is_better_source(ip("fe80::1%1"), ip("2001:db8:1::1"), ip("ff02::1%1")));
  EXPECT_TRUE(is_better_source(ip("2001:db8:1::1"), ip("2001:db8:3::2"), ip("2001:db8:1::9")));
  EXPECT_FALSE(is_better_source(ip("2001:db8:3::2"), ip("2001:db8:1::1"), ip("2001:db8:1::9")));
}

TEST_F(route_source, a_neighbour_is_reached_from_the_address_of_its_subnet) {
  nic.addresses = {{ip("172.16.0.1"), 16}, {us, 24}};
  start();
  const path way = host->network().find_path(peer, any_of(peer)).value();
  EXPECT_EQ(way.source, us);
  EXPECT_EQ(way.interface, 1U);
  EXPECT_EQ(way.mtu, 1500U);
  EXPECT_FALSE(way.local);
}

TEST_F(route_source, a_link_local_destination_is_reached_from_the_link_local_address) {
  start();
  EXPECT_EQ(host->network().find_path(ip("fe80::2%1"), ip("::")).value().source, our_link_local);
  EXPECT_EQ(host->network().find_path(ip("ff02::1%1"), ip("::")).value().source, our_link_local);
  EXPECT_EQ(host->network().find_path(far_host6, ip("::")).value().source, us6);
}

TEST_F(route_source, a_link_local_destination_without_a_scope_leads_nowhere) {
  start();
  EXPECT_EQ(host->network().find_path(ip("fe80::2"), ip("::")).error(),
            std::errc::network_unreachable);
}

TEST_F(route_source, a_given_source_must_be_an_address_of_this_host) {
  start();
  EXPECT_EQ(host->network().find_path(peer, us).value().source, us);
  EXPECT_EQ(host->network().find_path(peer, ip("10.0.0.77")).error(),
            std::errc::address_not_available);
  EXPECT_EQ(host->network().find_path(peer, us6).error(), std::errc::address_not_available);
}

TEST_F(route_source, without_a_route_the_network_is_unreachable) {
  nic.gateways = {};
  start();
  EXPECT_EQ(host->network().find_path(far_host, any_of(far_host)).error(),
            std::errc::network_unreachable);
  EXPECT_EQ(host->network().find_path(ip("0.0.0.0"), ip("0.0.0.0")).error(),
            std::errc::network_unreachable);
}

TEST_F(route_source, the_hosts_own_addresses_are_local) {
  start();
  for (const char* own : {"127.0.0.1", "127.1.2.3", "::1", "10.0.0.1", "2001:db8::1"}) {
    const path way = host->network().find_path(ip(own), any_of(ip(own))).value();
    EXPECT_TRUE(way.local) << own;
    EXPECT_EQ(way.mtu, 65535U);
    EXPECT_TRUE(way.checksum_offload);
  }
  EXPECT_EQ(host->network().find_path(us, any_of(us)).value().source, us);
  EXPECT_EQ(host->network().find_path(ip("127.9.9.9"), any_of(us)).value().source, ip("127.0.0.1"));
}

TEST_F(route_source, of_two_interfaces_the_one_with_the_longer_prefix_is_taken) {
  start();
  interface_settings second;
  second.mac = other_mac;
  second.mtu = 9000;
  second.addresses = {{ip("10.0.0.129"), 25}};
  EXPECT_EQ(host->add_interface(second, now), 2U);
  const path way = host->network().find_path(ip("10.0.0.200"), ip("0.0.0.0")).value();
  EXPECT_EQ(way.interface, 2U);
  EXPECT_EQ(way.source, ip("10.0.0.129"));
  EXPECT_EQ(way.mtu, 9000U);
  EXPECT_EQ(host->network().find_path(peer, ip("0.0.0.0")).value().interface, 1U);
}

TEST_F(route_source, the_path_tells_what_the_nic_does) {
  nic.offloads = {.transmit_checksum = true,
                  .segment_tcp_v4 = true,
                  .segment_tcp_v6 = false,
                  .segment_limit = 65535};
  start();
  EXPECT_EQ(host->network().find_path(peer, ip("0.0.0.0")).value().segment_limit, 65535U);
  EXPECT_EQ(host->network().find_path(peer6, ip("::")).value().segment_limit, 0U);
  EXPECT_TRUE(host->network().find_path(peer6, ip("::")).value().checksum_offload);
}

TEST_F(route_source, interfaces_that_cannot_be_are_refused) {
  start();
  const auto with = [&](const prefix& address, std::uint32_t mtu) {
    interface_settings wrong;
    wrong.addresses = {address};
    wrong.mtu = mtu;
    return wrong;
  };
  EXPECT_THROW(host->add_interface(with({us, 33}, 1500), now), std::invalid_argument);
  EXPECT_THROW(host->add_interface(with({ip("224.0.0.1"), 24}, 1500), now), std::invalid_argument);
  EXPECT_THROW(host->add_interface(with({ip("10.0.0.255"), 24}, 1500), now), std::invalid_argument);
  EXPECT_THROW(host->add_interface(with({us6, 64}, 1279), now), std::invalid_argument);
  EXPECT_THROW(host->add_interface(with({us, 24}, 67), now), std::invalid_argument);
}

}  // namespace
}  // namespace pentad::native::test
