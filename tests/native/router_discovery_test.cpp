// What routers say of a link, and the addresses that a host makes itself: RFC 4861, section 6.3,
// RFC 4862, section 5.5, RFC 7217, RFC 8106 and RFC 4191.
#include "ip_peer.hpp"
#include "pentad/stack/native/core/stable_address.hpp"

namespace pentad::native::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const ip_address router = ip("fe80::9");
const ip_address other_router = ip("fe80::a");
const ip_address network = ip("2001:db8:5::");

class router_discovery_of : public ip_test {
 protected:
  router_discovery_of() {
    nic.addresses.clear();
    nic.gateways.clear();
    nic.router_discovery = true;
    settings.routers.secret = 7;
    said.router_lifetime = 1800;
    said.source_link_layer = peer_mac;
  }

  static wire::ndp_prefix prefix_of(std::uint32_t valid, std::uint32_t preferred) {
    return {.prefix = network,
            .length = 64,
            .on_link = true,
            .autonomous = true,
            .valid_lifetime = valid,
            .preferred_lifetime = preferred};
  }

  void hear_router(const wire::router_advertisement& what, const ip_address& from = router) {
    hear(frame(wire::ethertype::ipv6, ndp(what, from, wire::all_nodes()),
               wire::multicast_mac(wire::all_nodes())));
  }

  void hear_prefix(std::uint32_t valid, std::uint32_t preferred) {
    wire::router_advertisement what = said;
    what.prefixes.add(prefix_of(valid, preferred));
    hear_router(what);
  }

  ip_address own(std::uint64_t attempt = 0) const {
    return stable_address({network, 64}, {7, our_mac, attempt});
  }

  const local_address* find(const ip_address& address) {
    return host->interfaces().find(1)->find(address);
  }

  /// How many seconds the address lives if nobody says anything.
  std::int64_t life_of(const ip_address& address) {
    const instant begin = now;
    while (find(address) != nullptr && now - begin < 24h) pass(1s);
    return std::chrono::duration_cast<std::chrono::seconds>(now - begin).count();
  }

  std::vector<bytes> solicitations() {
    std::vector<bytes> found;
    for (const bytes& each : sent()) {
      const bytes packet = part(each, 14);
      if (icmp6_in(packet).type == wire::icmpv6_type::router_solicitation) found.push_back(packet);
    }
    return found;
  }

  wire::router_advertisement said;
};

TEST_F(router_discovery_of, routers_are_asked_from_the_link_local_address) {
  start();
  pass(1s);
  const auto asked = solicitations();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(v6_in(asked[0]).source, ip("fe80::ff:fe00:1"));
  EXPECT_EQ(v6_in(asked[0]).destination, wire::all_routers());
  EXPECT_EQ(ndp_in<wire::router_solicitation>(asked[0]).source_link_layer, our_mac);
}

TEST_F(router_discovery_of, they_are_asked_again_until_one_answers) {
  start();
  pass(60s);
  const std::size_t asked = solicitations().size();
  EXPECT_GE(asked, 4U);
  EXPECT_LE(asked, 5U);
  hear_router(said);
  pass(24h);
  EXPECT_THAT(solicitations(), IsEmpty());
}

TEST_F(router_discovery_of, an_address_is_made_checked_and_used) {
  start();
  EXPECT_EQ(host->without_router_address(), 1U);
  hear_prefix(3600, 1800);
  ASSERT_NE(find(own()), nullptr);
  EXPECT_FALSE(host->network().is_local(own()));
  pass(2s);
  EXPECT_TRUE(host->network().is_local(own()));
  EXPECT_EQ(host->without_router_address(), 0U);
  EXPECT_EQ(host->network().find_path(far_host6, ip("::"))->source, own());
}

TEST_F(router_discovery_of, an_address_that_somebody_has_is_made_anew) {
  start();
  hear_prefix(3600, 1800);
  pass(500ms);
  hear_v6(ndp(wire::neighbor_advertisement{.target = own(),
                                           .router = false,
                                           .solicited = false,
                                           .override_cached = true,
                                           .target_link_layer = other_mac},
              own(), wire::all_nodes()));
  EXPECT_EQ(find(own()), nullptr);
  pass(2s);
  EXPECT_TRUE(host->network().is_local(own(1)));
}

TEST_F(router_discovery_of, after_its_preferred_time_an_address_is_not_chosen_and_then_it_goes) {
  start();
  hear_prefix(3600, 1800);
  pass(1799s);
  EXPECT_FALSE(find(own())->is_deprecated);
  pass(2s);
  EXPECT_TRUE(find(own())->is_deprecated);
  EXPECT_TRUE(host->network().is_local(own()));
  pass(1800s);
  EXPECT_EQ(find(own()), nullptr);
  EXPECT_FALSE(host->network().find_path(ip("2001:db8:5::1"), ip("::")));
}

TEST_F(router_discovery_of, a_lifetime_can_be_cut_to_two_hours_and_not_below) {
  start();
  hear_prefix(86400, 1800);
  hear_prefix(60, 30);
  EXPECT_NEAR(static_cast<double>(life_of(own())), 7200, 2);
}

TEST_F(router_discovery_of, of_what_is_left_within_two_hours_nothing_is_taken) {
  start();
  hear_prefix(3600, 1800);
  hear_prefix(60, 30);
  EXPECT_NEAR(static_cast<double>(life_of(own())), 3600, 2);
}

TEST_F(router_discovery_of, a_lifetime_can_grow_at_any_time) {
  start();
  hear_prefix(60, 30);
  hear_prefix(90, 30);
  EXPECT_NEAR(static_cast<double>(life_of(own())), 90, 2);
}

TEST_F(router_discovery_of, prefixes_that_cannot_be_are_passed_over) {
  start();
  hear_prefix(10, 20);  // preferred for longer than valid
  wire::router_advertisement what = said;
  wire::ndp_prefix odd = prefix_of(3600, 1800);
  odd.length = 48;
  what.prefixes.add(odd);
  odd = prefix_of(3600, 1800);
  odd.prefix = ip("fe80::");
  what.prefixes.add(odd);
  hear_router(what);
  pass(2s);
  EXPECT_EQ(host->interfaces().find(1)->addresses().size(), 1U);
}

TEST_F(router_discovery_of, a_link_with_many_prefixes_fills_no_memory) {
  start();
  for (std::uint8_t i = 0; i != 200; ++i) {
    wire::router_advertisement what = said;
    wire::ndp_prefix each = prefix_of(3600, 1800);
    each.prefix = ip("2001:db8:" + std::to_string(i) + "::");
    what.prefixes.add(each);
    hear_router(what, ip("fe80::" + std::to_string(1000 + i)));
  }
  EXPECT_EQ(host->interfaces().find(1)->addresses().size(), 1 + router_discovery::most_addresses);
}

class default_routers : public router_discovery_of {
 protected:
  /// A router says that it is there.
  void hear_answer(const ip_address& from, const mac_address& mac) {
    hear_v6(ndp(wire::neighbor_advertisement{.target = from,
                                             .router = true,
                                             .solicited = true,
                                             .override_cached = true,
                                             .target_link_layer = mac},
                from, ip("fe80::ff:fe00:1")));
  }

  /// Which router packets to elsewhere go to, by the hardware address that both have told.
  std::optional<mac_address> next_hop() {
    (void)sent();
    if (!host->network().find_path(far_host6, own())) return std::nullopt;
    send(far_host6, pattern(4));
    const auto frames = sent();
    if (frames.size() != 1) return std::nullopt;
    return wire::ethernet_view::parse(frames[0])->destination();
  }
};

TEST_F(default_routers, packets_go_by_a_router_as_long_as_it_lives) {
  start();
  hear_prefix(86400, 86400);
  pass(2s);
  EXPECT_EQ(next_hop(), peer_mac);
  pass(1800s);
  EXPECT_EQ(next_hop(), std::nullopt);
}

TEST_F(default_routers, a_router_can_resign) {
  start();
  hear_prefix(86400, 86400);
  pass(2s);
  said.router_lifetime = 0;
  hear_router(said);
  EXPECT_EQ(next_hop(), std::nullopt);
}

TEST_F(default_routers, the_preferred_one_is_taken) {
  start();
  hear_prefix(86400, 86400);
  pass(2s);
  wire::router_advertisement better = said;
  better.source_link_layer = other_mac;
  hear_router(better, other_router);
  EXPECT_EQ(next_hop(), peer_mac) << "it was heard first";
  better.preference = wire::router_preference::high;
  hear_router(better, other_router);
  EXPECT_EQ(next_hop(), other_mac);
  better.router_lifetime = 0;
  hear_router(better, other_router);
  EXPECT_EQ(next_hop(), peer_mac);
}

TEST_F(default_routers, one_that_is_dead_is_passed_over_and_asked_again) {
  start();
  hear_prefix(86400, 86400);
  pass(2s);
  wire::router_advertisement other = said;
  other.source_link_layer = other_mac;
  hear_router(other, other_router);
  EXPECT_EQ(next_hop(), peer_mac);
  pass(9s);  // RFC 4861, section 7.3: it was asked whether it is there
  EXPECT_EQ(next_hop(), other_mac);
  pass(6s);
  hear_answer(other_router, other_mac);
  (void)sent();
  pass(54s);  // a minute after it was found to be dead
  const auto asked = ndp_in<wire::neighbor_solicitation>(part(sent().at(0), 14));
  EXPECT_EQ(asked.target, router);
  EXPECT_EQ(next_hop(), other_mac);
  hear_answer(router, peer_mac);
  EXPECT_EQ(next_hop(), peer_mac) << "it is back";
}

TEST_F(default_routers, what_waits_for_a_dead_one_goes_by_another) {
  start();
  said.source_link_layer = {};
  hear_prefix(86400, 86400);
  pass(2s);
  wire::router_advertisement other = said;
  other.source_link_layer = other_mac;
  hear_router(other, other_router);
  (void)sent();
  send(far_host6, pattern(4));
  EXPECT_EQ(ndp_in<wire::neighbor_solicitation>(part(sent().at(0), 14)).target, router);
  pass(2900ms);
  (void)sent();
  pass(200ms);
  const auto frames = sent();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(wire::ethernet_view::parse(frames[0])->destination(), other_mac);
  EXPECT_EQ(payload_of(part(frames[0], 14)), pattern(4));
  EXPECT_THAT(transport.failures, IsEmpty());
}

TEST_F(default_routers, when_all_are_dead_what_waits_comes_back_as_unreachable) {
  start();
  said.source_link_layer = {};
  hear_prefix(86400, 86400);
  pass(2s);
  hear_router(said, other_router);
  send(far_host6, pattern(20));
  pass(10s);
  ASSERT_EQ(transport.failures.size(), 1U);
  EXPECT_EQ(transport.failures[0].what, path_error::kind::host_unreachable);
}

TEST_F(default_routers, a_router_may_be_better_for_some_destinations) {
  start();
  hear_prefix(86400, 86400);
  pass(2s);
  wire::router_advertisement other = said;
  other.router_lifetime = 0;
  other.source_link_layer = other_mac;
  other.routes.add({.prefix = ip("2001:db8:7::"), .length = 48, .lifetime = 600});
  hear_router(other, other_router);
  EXPECT_EQ(next_hop(), other_mac) << "though it is no default router";
  pass(600s);
  EXPECT_EQ(next_hop(), peer_mac) << "that was long ago";
}

TEST_F(default_routers, of_two_that_are_good_for_a_destination_the_preferred_is_taken) {
  start();
  hear_prefix(86400, 86400);
  pass(2s);
  wire::router_advertisement better = said;
  better.source_link_layer = other_mac;
  const auto route = [](wire::router_preference preference) {
    return wire::ndp_route{
        .prefix = ip("2001:db8:7::"), .length = 48, .preference = preference, .lifetime = 600};
  };
  said.routes.add(route(wire::router_preference::medium));
  hear_router(said);
  better.routes.add(route(wire::router_preference::high));
  hear_router(better, other_router);
  EXPECT_EQ(next_hop(), other_mac);
  better.routes = {};
  better.routes.add(route(wire::router_preference::low));
  hear_router(better, other_router);
  EXPECT_EQ(next_hop(), peer_mac);
}

TEST_F(default_routers, an_option_for_everything_counts_instead_of_the_head) {
  start();
  hear_prefix(86400, 86400);
  pass(2s);
  wire::router_advertisement other = said;
  other.source_link_layer = other_mac;
  other.preference = wire::router_preference::high;
  other.routes.add({.prefix = ip("::"),
                    .length = 0,
                    .preference = wire::router_preference::low,
                    .lifetime = 600});
  hear_router(other, other_router);
  EXPECT_EQ(next_hop(), peer_mac);
}

TEST_F(router_discovery_of, routes_fill_no_memory) {
  start();
  for (unsigned i = 0; i != 100; ++i) {
    wire::router_advertisement what = said;
    what.routes.add(
        {.prefix = ip("2001:db8:" + std::to_string(i) + "::"), .length = 48, .lifetime = 600});
    hear_router(what);
  }
  hear_prefix(86400, 86400);
  pass(2s);
  EXPECT_TRUE(host->network().find_path(ip("2001:db8:1::1"), ip("::")));
}

TEST_F(router_discovery_of, its_hop_limit_is_that_of_all_that_is_sent) {
  start();
  said.hop_limit = 17;
  hear_prefix(3600, 1800);
  pass(2s);
  (void)sent();
  send(far_host6, pattern(4));  // by a transport that says nothing of it, as TCP does
  EXPECT_EQ(v6_in(sent_v6()).hop_limit, 17);
}

TEST_F(router_discovery_of, the_link_has_the_parameters_of_its_router) {
  start();
  said.mtu = 1400;
  said.hop_limit = 17;
  hear_prefix(3600, 1800);
  pass(2s);
  EXPECT_EQ(host->network().find_path(far_host6, own())->mtu, 1400U);
  (void)sent();
  hear_v6(ndp(wire::neighbor_solicitation{own(), peer_mac}, router, own()));
  (void)sent();
  hear_v6(ipv6(icmp6(wire::icmpv6_header::echo_request(1, 1), pattern(4), router, own()),
               [&](wire::ipv6_header& header) {
                 header.source = router;
                 header.destination = own();
                 header.next_header = ip_protocol::icmpv6;
               }));
  EXPECT_EQ(v6_in(sent_v6()).hop_limit, 17);
}

TEST_F(router_discovery_of, name_servers_and_domains_are_told_for_their_time) {
  start();
  said.name_servers.add({ip("2001:db8::53"), 600});
  wire::ndp_search_domain domain;
  const std::string_view text = "lab.example";
  std::ranges::copy(text, domain.text.begin());
  domain.size = static_cast<std::uint8_t>(text.size());
  domain.lifetime = 300;
  said.search_domains.add(domain);
  hear_router(said);
  EXPECT_THAT(host->names().servers, ElementsAre(ip("2001:db8::53")));
  EXPECT_THAT(host->names().domains, ElementsAre("lab.example"));
  pass(300s);
  EXPECT_THAT(host->names().domains, IsEmpty());
  pass(300s);
  EXPECT_THAT(host->names().servers, IsEmpty());
}

TEST_F(router_discovery_of, messages_from_beyond_the_link_are_not_believed) {
  start();
  hear_v6(ndp(said, router, wire::all_nodes(), 64));
  hear_router(said, ip("2001:db8::9"));
  EXPECT_EQ(counters().router_advertisements, 0U);
  EXPECT_EQ(counters().malformed_icmp, 2U);
}

TEST(stable_address, is_the_same_for_the_same_and_another_for_each_other) {
  const prefix here{network, 64};
  const prefix there{ip("2001:db8:6::"), 64};
  const ip_address made = stable_address(here, {1, our_mac, 0});
  EXPECT_TRUE(here.contains(made));
  EXPECT_EQ(stable_address(here, {1, our_mac, 0}), made);
  const auto identifier = [](const ip_address& of) { return to_bytes(of.bytes().last(8)); };
  EXPECT_NE(identifier(stable_address(there, {1, our_mac, 0})), identifier(made));
  EXPECT_NE(stable_address(here, {2, our_mac, 0}), made);
  EXPECT_NE(stable_address(here, {1, other_mac, 0}), made);
  EXPECT_NE(stable_address(here, {1, our_mac, 1}), made);
}

TEST(stable_address, is_none_that_means_something) {
  EXPECT_TRUE(is_reserved_identifier(0));
  EXPECT_TRUE(is_reserved_identifier(0xfdff'ffff'ffff'ff80));
  EXPECT_TRUE(is_reserved_identifier(0xfdff'ffff'ffff'ffff));
  EXPECT_TRUE(is_reserved_identifier(0x0200'5eff'fe00'5213));
  EXPECT_FALSE(is_reserved_identifier(1));
}

}  // namespace
}  // namespace pentad::native::test
