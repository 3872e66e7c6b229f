// An address from a DHCP server: RFC 2131, section 4.4.
#include "dhcp_server.hpp"

namespace pentad::native::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using dhcp_client_of = dhcp_test;

TEST_F(dhcp_client_of, an_interface_asks_all_at_once_from_nowhere) {
  start();
  pass(0s);
  const heard_request asked = request();
  EXPECT_EQ(asked.what, type::discover);
  EXPECT_EQ(asked.source, ip("0.0.0.0"));
  EXPECT_EQ(asked.destination, ip("255.255.255.255"));
  EXPECT_TRUE(asked.to_all_stations);
  EXPECT_FALSE(asked.identifier.empty());
  EXPECT_EQ(host->without_lease(), 1U);
}

TEST_F(dhcp_client_of, an_offer_is_accepted_by_its_server_and_checked_before_it_is_used) {
  start();
  pass(0s);
  (void)requests();
  answer(type::offer, lease_options());
  const heard_request accepted = request();
  EXPECT_EQ(accepted.what, type::request);
  EXPECT_EQ(accepted.requested, leased);
  EXPECT_EQ(accepted.server, server);
  EXPECT_TRUE(accepted.client.is_unspecified());

  answer(type::acknowledgement, lease_options());
  EXPECT_FALSE(host->network().is_local(leased));
  pass(2s);
  EXPECT_THAT(requests(), IsEmpty());
  ASSERT_GE(arps.size(), 2U);
  EXPECT_TRUE(arps.front().sender_ip.is_unspecified()) << "a probe (RFC 5227)";
  EXPECT_EQ(arps.front().target_ip, leased);
  EXPECT_EQ(arps.back().sender_ip, leased) << "an announcement";
  EXPECT_TRUE(host->network().is_local(leased));
  EXPECT_EQ(host->without_lease(), 0U);
  EXPECT_EQ(asked_for(ip("10.0.0.5")), ip("10.0.0.5"));
  EXPECT_EQ(asked_for(far_host), std::nullopt) << "no router was given";
}

TEST_F(dhcp_client_of, a_silent_link_is_asked_again_more_and_more_seldom) {
  start();
  std::vector<instant> times;
  const instant begin = now;
  while (times.size() < 7) {
    pass(100ms);
    if (!requests().empty()) times.push_back(now);
  }
  EXPECT_LE(times[0] - begin, 100ms);
  for (const auto& [i, wait] :
       {std::pair(1, 4s), {2, 8s}, {3, 16s}, {4, 32s}, {5, 64s}, {6, 64s}}) {
    const auto n = static_cast<std::size_t>(i);
    EXPECT_NEAR(std::chrono::duration<double>(times[n] - times[n - 1]).count(),
                static_cast<double>(wait.count()), 1.2);
  }
}

TEST_F(dhcp_client_of, what_is_for_another_or_of_another_time_is_passed_over) {
  start();
  pass(0s);
  (void)requests();
  ++transaction;
  answer(type::offer, lease_options());
  --transaction;
  answer(type::acknowledgement, lease_options());
  answer(type::offer, lease_options() + dhcp_option(option::client_identifier, bytes(7)));
  answer(type::offer, {});
  answer(type::offer, lease_options(), ip("224.0.0.5"));
  EXPECT_THAT(requests(), IsEmpty());
  EXPECT_EQ(counters().ignored_dhcp, 5U);
  hear_message(bytes(240));
  EXPECT_EQ(counters().malformed_dhcp, 1U);
}

TEST_F(dhcp_client_of, a_server_that_changes_its_mind_is_asked_anew) {
  start();
  pass(0s);
  (void)requests();
  answer(type::offer, lease_options());
  (void)requests();
  answer(type::refusal, dhcp_option(option::server_identifier, server));
  pass(1s);
  EXPECT_EQ(request().what, type::discover);
}

TEST_F(dhcp_client_of, an_offer_that_is_never_acknowledged_is_given_up) {
  start();
  pass(0s);
  (void)requests();
  answer(type::offer, lease_options());
  std::vector<heard_request> said;
  while (said.empty() || said.back().what != type::discover) {
    pass(1s);
    for (const auto& each : requests()) said.push_back(each);
    ASSERT_LT(said.size(), 10U);
  }
  EXPECT_EQ(said.size(), 5U) << "four requests in all, the first of which was taken above";
}

TEST_F(dhcp_client_of, an_address_that_somebody_has_is_declined) {
  be_acknowledged();
  pass(300ms);
  (void)requests();
  hear_arp(arp_reply(leased, other_mac, ip("0.0.0.0")));
  const heard_request said = request();
  EXPECT_EQ(said.what, type::decline);
  EXPECT_EQ(said.requested, leased);
  EXPECT_EQ(said.server, server);
  EXPECT_EQ(host->interfaces().find(1)->find(leased), nullptr);
  pass(9s);
  EXPECT_THAT(requests(), IsEmpty());
  pass(1s);
  EXPECT_EQ(request().what, type::discover);
}

TEST_F(dhcp_client_of, a_lease_is_renewed_by_its_server_at_half_of_its_time) {
  be_bound();
  hear_arp(arp_request(server, peer_mac, leased));
  (void)requests();
  pass(1790s);
  EXPECT_THAT(requests(), IsEmpty());
  pass(10s);
  const heard_request said = request();
  EXPECT_EQ(said.what, type::request);
  EXPECT_EQ(said.source, leased);
  EXPECT_EQ(said.client, leased);
  EXPECT_EQ(said.destination, server);
  EXPECT_FALSE(said.to_all_stations);
  EXPECT_EQ(said.requested, std::nullopt);
  EXPECT_EQ(said.server, std::nullopt);
  answer(type::acknowledgement, lease_options());
  pass(1790s);
  EXPECT_THAT(requests(), IsEmpty()) << "it begins anew";
  EXPECT_TRUE(host->network().is_local(leased));
}

TEST_F(dhcp_client_of, then_all_servers_are_asked_and_in_the_end_the_address_goes) {
  be_bound();
  hear_arp(arp_request(server, peer_mac, leased));
  pass(3145s);
  for (const heard_request& each : requests()) EXPECT_EQ(each.destination, server);
  EXPECT_TRUE(host->network().is_local(leased));
  pass(8s);
  const heard_request said = request();
  EXPECT_EQ(said.what, type::request);
  EXPECT_EQ(said.destination, ip("255.255.255.255"));
  EXPECT_EQ(said.client, leased);
  pass(446s);
  EXPECT_FALSE(host->network().is_local(leased));
  EXPECT_EQ(host->without_lease(), 1U);
  EXPECT_EQ(requests().back().what, type::discover);
  EXPECT_FALSE(host->network().find_path(peer, ip("0.0.0.0")));
}

TEST_F(dhcp_client_of, a_server_may_take_an_address_back) {
  be_bound();
  hear_arp(arp_request(server, peer_mac, leased));
  pass(1800s);
  (void)requests();
  answer(type::refusal, dhcp_option(option::server_identifier, server));
  EXPECT_FALSE(host->network().is_local(leased));
  pass(1s);
  EXPECT_EQ(request().what, type::discover);
}

TEST_F(dhcp_client_of, the_times_of_the_server_count) {
  be_bound(lease_options() + dhcp_option(option::renewal_time, 30U) +
           dhcp_option(option::rebinding_time, 60U));
  pass(30s);
  (void)requests();
  pass(35s);
  EXPECT_EQ(requests().back().destination, ip("255.255.255.255"));
}

TEST_F(dhcp_client_of, a_lease_for_ever_is_never_renewed) {
  be_bound(lease_options(UINT32_MAX));
  pass(24h * 365);
  EXPECT_THAT(requests(), IsEmpty());
  EXPECT_TRUE(host->network().is_local(leased));
}

TEST_F(dhcp_client_of, an_address_is_defended_once_and_given_up_when_that_does_not_help) {
  be_bound();
  arps.clear();
  hear_arp(arp_reply(leased, other_mac, ip("0.0.0.0")));
  EXPECT_THAT(requests(), IsEmpty());
  ASSERT_EQ(arps.size(), 1U);
  EXPECT_EQ(arps[0].sender_ip, leased);
  EXPECT_EQ(arps[0].target_ip, leased);
  EXPECT_TRUE(host->network().is_local(leased));
  pass(11s);
  hear_arp(arp_reply(leased, other_mac, ip("0.0.0.0")));
  EXPECT_TRUE(host->network().is_local(leased)) << "that was long ago";
  pass(5s);
  (void)requests();
  hear_arp(arp_reply(leased, other_mac, ip("0.0.0.0")));
  EXPECT_FALSE(host->network().is_local(leased));
  const heard_request said = request();
  EXPECT_EQ(said.what, type::decline);
  EXPECT_EQ(said.requested, leased);
  EXPECT_EQ(said.server, server);
  pass(10s);
  EXPECT_EQ(request().what, type::discover);
  EXPECT_EQ(counters().address_conflicts, 3U);
}

TEST_F(dhcp_client_of, the_address_is_given_back_at_the_end) {
  be_bound();
  hear_arp(arp_request(server, peer_mac, leased));
  (void)requests();
  EXPECT_TRUE(host->release_leases(now));
  const heard_request said = request();
  EXPECT_EQ(said.what, type::release);
  EXPECT_EQ(said.source, leased);
  EXPECT_EQ(said.client, leased);
  EXPECT_EQ(said.destination, server);
  EXPECT_EQ(said.server, server);
  EXPECT_EQ(said.requested, std::nullopt);
  EXPECT_FALSE(said.identifier.empty());
  pass(24h);
  EXPECT_THAT(requests(), IsEmpty());
  EXPECT_FALSE(host->release_leases(now)) << "there is none any more";
}

TEST_F(dhcp_client_of, an_address_that_is_to_be_kept_is_not_given_back) {
  nic.lease.keep = true;
  be_bound();
  EXPECT_EQ(host->leased_address(1), leased);
  EXPECT_FALSE(host->release_leases(now));
  EXPECT_THAT(requests(), IsEmpty());
}

TEST_F(dhcp_client_of, a_remembered_address_is_asked_for_first) {
  nic.lease.remembered = leased;
  start();
  const heard_request asked = request();
  EXPECT_EQ(asked.what, type::request);
  EXPECT_EQ(asked.source, ip("0.0.0.0"));
  EXPECT_EQ(asked.destination, ip("255.255.255.255"));
  EXPECT_EQ(asked.requested, leased);
  EXPECT_EQ(asked.server, std::nullopt);
  EXPECT_TRUE(asked.client.is_unspecified());
  answer(type::acknowledgement, lease_options());
  EXPECT_FALSE(host->network().is_local(leased)) << "it is checked";
  pass(2s);
  EXPECT_TRUE(host->network().is_local(leased));
  EXPECT_THAT(requests(), IsEmpty());
}

TEST_F(dhcp_client_of, a_remembered_address_that_is_refused_is_forgotten_at_once) {
  nic.lease.remembered = leased;
  start();
  (void)requests();
  answer(type::refusal, dhcp_option(option::server_identifier, server));
  const heard_request asked = request();
  EXPECT_EQ(asked.what, type::discover);
  EXPECT_EQ(asked.requested, std::nullopt);
}

TEST_F(dhcp_client_of, servers_that_know_nothing_of_a_remembered_address_are_asked_for_another) {
  nic.lease.remembered = leased;
  start();
  std::vector<type> said;
  for (int i = 0; i != 4; ++i) {
    for (const auto& each : requests()) said.push_back(each.what);
    pass(1s);
  }
  EXPECT_THAT(said, ElementsAre(type::request, type::request, type::request, type::discover));
}

TEST_F(dhcp_client_of, all_name_servers_and_the_list_of_domains_are_told) {
  bytes servers;
  std::vector<ip_address> expected;
  for (std::uint8_t i = 1; i != 7; ++i) {
    expected.push_back(ip_address::v4(10, 0, 1, i));
    servers = servers + to_bytes(expected.back().bytes());
  }
  using namespace std::string_literals;
  const std::string list = "\3lab\7example\0\2de\300\4"s;
  const std::string domain = "other.example";
  be_bound(lease_options() + dhcp_option(option::name_servers, servers) +
           dhcp_option(option::domain_name, to_bytes(std::as_bytes(std::span(domain)))) +
           dhcp_option(option::domain_search, to_bytes(std::as_bytes(std::span(list)))));
  EXPECT_EQ(host->names().servers, expected);
  EXPECT_THAT(host->names().domains, ElementsAre("lab.example", "de.example"));
}

TEST_F(dhcp_client_of, a_renewed_lease_may_bring_other_name_servers) {
  be_bound(lease_options() + dhcp_option(option::name_servers, server));
  hear_arp(arp_request(server, peer_mac, leased));
  const std::uint64_t before = host->configurations();
  pass(1800s);
  (void)requests();
  answer(type::acknowledgement, lease_options() + dhcp_option(option::name_servers, peer));
  EXPECT_THAT(host->names().servers, ElementsAre(peer));
  EXPECT_NE(host->configurations(), before);
}

TEST_F(dhcp_client_of, routers_are_the_way_to_everywhere) {
  be_bound(lease_options() + dhcp_option(option::routers, server));
  EXPECT_EQ(asked_for(far_host), server);
}

TEST_F(dhcp_client_of, classless_routes_are_instead_of_routers) {
  // 192.0.2.0/24 by .1, and everything else by .2 (RFC 3442)
  const bytes routes{std::byte{24}, std::byte{192}, std::byte{0}, std::byte{2}, std::byte{10},
                     std::byte{0},  std::byte{0},   std::byte{1}, std::byte{0}, std::byte{10},
                     std::byte{0},  std::byte{0},   std::byte{2}};
  be_bound(lease_options() + dhcp_option(option::routers, server) +
           dhcp_option(option::classless_routes, routes));
  EXPECT_EQ(asked_for(far_host), ip("10.0.0.1"));
  EXPECT_EQ(asked_for(ip("198.51.100.1")), ip("10.0.0.2"));
}

TEST_F(dhcp_client_of, name_servers_domain_and_mtu_are_told) {
  const std::string domain = "lab.example";
  const auto text = std::as_bytes(std::span(domain));
  be_bound(lease_options() +
           dhcp_option(option::name_servers, to_bytes(server.bytes()) + to_bytes(peer.bytes())) +
           dhcp_option(option::domain_name, to_bytes(text)) +
           dhcp_option(option::interface_mtu, bytes{std::byte{4}, std::byte{0}}));
  EXPECT_THAT(host->names().servers, ElementsAre(server, peer));
  EXPECT_THAT(host->names().domains, ElementsAre(domain));
  EXPECT_EQ(host->network().find_path(peer, leased)->mtu, 1024U);
}

}  // namespace
}  // namespace pentad::native::test
