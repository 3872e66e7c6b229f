// What routers are told of the groups that a host is in: RFC 3376 and RFC 3810, and the older
// protocols where a querier speaks them (RFC 2236, RFC 2710, RFC 1112).
#include "ip_peer.hpp"
#include "pentad/wire/group_messages.hpp"
#include "pentad/wire/router_alert.hpp"

namespace pentad::native::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using wire::group_protocol;
using wire::group_query;
using wire::group_record_type;

const ip_address group = ip("239.1.2.3");
const ip_address other_group = ip("239.1.2.4");
const ip_address group6 = ip("ff15::1:2");
const ip_address router6 = ip("fe80::9");

/// A record as one word: `to_exclude 239.1.2.3`, `allow_new 232.1.1.1 10.0.0.9`.
std::string text_of(const wire::heard_record& record) {
  static constexpr std::array names{"?",          "is_include", "is_exclude", "to_include",
                                    "to_exclude", "allow_new",  "block_old"};
  std::string text = names.at(static_cast<std::size_t>(record.type));
  text += " " + to_string(record.group);
  for (std::size_t i = 0; i != record.sources.size(); ++i)
    text += " " + to_string(record.sources[i]);
  return text;
}

class group_reports : public ip_test {
 protected:
  group_reports() {
    settings.groups.robustness = 2;
    nic.addresses = {{us, 24}};
    nic.gateways.clear();
  }

  datagram_port& port() { return *host->udp().bind({ip("0.0.0.0"), 0}).value(); }
  datagram_port& port6() { return *host->udp().bind({ip("::"), 0}).value(); }

  /// The host is in `group`, and has told of it.
  void start_in_the_group() {
    start();
    ASSERT_TRUE(port().join({.group = group}));
    settle();
  }

  /// Where each message of IGMP or MLD goes, and what is in it.
  std::vector<std::string> told() {
    std::vector<std::string> told;
    for (const bytes& frame : sent()) {
      const bytes content = part(frame, wire::ethernet_header::size());
      const bool is_v4 = (content[0] >> 4) == std::byte{4};
      if (is_v4 ? v4_in(content).protocol != wire::igmp_protocol
                : v6_in(content).next_header != wire::ipv6_router_alert_protocol) {
        continue;
      }
      add_message(content, is_v4 ? ip_version::v4 : ip_version::v6, told);
    }
    return told;
  }

  void add_message(const bytes& content, ip_version version, std::vector<std::string>& told) {
    const bool is_v4 = version == ip_version::v4;
    const bytes message = part(content, is_v4 ? 24 : 48);
    const ip_address to = is_v4 ? v4_in(content).destination : v6_in(content).destination;
    last_source = is_v4 ? v4_in(content).source : v6_in(content).source;
    if (auto report = wire::group_report_view::parse(version, message)) {
      EXPECT_EQ(to, wire::report_destination(version));
      while (const auto record = report->next()) told.push_back(text_of(*record));
      return;
    }
    const auto notice = wire::group_notice::parse(version, message).value();
    const bool left = notice.what == wire::group_notice::kind::left;
    EXPECT_EQ(to, left ? wire::leave_destination(version) : notice.group);
    told.push_back((left ? "left " : "heard ") + to_string(notice.group) +
                   (notice.protocol == group_protocol::first ? " in the first" : ""));
  }

  void hear_query(const group_query& query, bool router_alert = true) {
    bytes message(query.size());
    query.emit(message);
    wire::ipv4_header header{
        .source = gateway,
        .destination = query.group.is_unspecified() ? ip("224.0.0.1") : query.group,
        .protocol = wire::igmp_protocol,
        .time_to_live = 1};
    header.payload_size = static_cast<std::uint16_t>(message.size());
    bytes headers(router_alert ? 24 : 20);
    if (router_alert) {
      emit_with_router_alert(headers, header);
    } else {
      header.emit(headers);
    }
    hear_from_router(headers + message, wire::ethertype::ipv4, header.destination);
  }

  void hear_query6(const group_query& query, const ip_address& from = router6,
                   std::uint8_t hop_limit = 1) {
    const ip_address to = query.group.is_unspecified() ? wire::all_nodes() : query.group;
    bytes message(query.size());
    query.emit(message, wire::pseudo_header(from, to, ip_protocol::icmpv6).sum(message.size()));
    bytes alert(8);
    wire::emit_router_alert(alert, ip_protocol::icmpv6);
    hear_from_router(ipv6(alert + message,
                          [&](wire::ipv6_header& header) {
                            header.source = from;
                            header.destination = to;
                            header.next_header = wire::ipv6_router_alert_protocol;
                            header.hop_limit = hop_limit;
                          }),
                     wire::ethertype::ipv6, to);
  }

  void hear_from_router(const bytes& content, wire::ethertype type, const ip_address& to) {
    hear(frame(type, content, wire::multicast_mac(to)));
  }

  void hear_report_of_another(const ip_address& of) {
    const wire::group_notice notice{wire::group_notice::kind::heard, group_protocol::second, of};
    bytes message(notice.size());
    notice.emit(message);
    hear(frame(wire::ethertype::ipv4,
               ipv4(message,
                    [&](wire::ipv4_header& header) {
                      header.destination = of;
                      header.protocol = wire::igmp_protocol;
                    }),
               wire::multicast_mac(of)));
  }

  static group_query query(group_protocol protocol, const ip_address& about = ip("0.0.0.0")) {
    group_query made;
    made.protocol = protocol;
    made.group = about;
    made.response_time = 10s;
    return made;
  }

  /// Everything that was to be said has been.
  void settle() {
    pass(5s);
    (void)told();
  }

  ip_address last_source;
};

TEST_F(group_reports, a_group_that_is_joined_is_reported_at_once_and_once_more) {
  start();
  ASSERT_TRUE(port().join({.group = group}));
  pass(0s);
  EXPECT_THAT(told(), ElementsAre("to_exclude 239.1.2.3"));
  pass(1s);
  EXPECT_THAT(told(), ElementsAre("to_exclude 239.1.2.3"));
  pass(1h);
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(group_reports, packets_have_the_router_alert_and_one_hop) {
  start();
  ASSERT_TRUE(port().join({.group = group}));
  pass(0s);
  const bytes packet = sent_one(wire::ethertype::ipv4, wire::multicast_mac(ip("224.0.0.22")));
  const auto view = wire::ipv4_view::parse(packet).value();
  EXPECT_TRUE(view.has_router_alert());
  EXPECT_EQ(view.time_to_live(), 1);
  EXPECT_EQ(view.traffic_class(), 0xc0);
  EXPECT_EQ(view.source(), us);
  EXPECT_EQ(wire::internet_sum{view.payload()}.folded(), 0xffff);
}

TEST_F(group_reports, a_group_that_nobody_hears_any_more_is_reported) {
  start();
  datagram_port& first = port();
  datagram_port& second = port();
  ASSERT_TRUE(first.join({.group = group}));
  ASSERT_TRUE(second.join({.group = group}));
  settle();
  ASSERT_TRUE(first.leave({.group = group}));
  pass(2s);
  EXPECT_THAT(told(), IsEmpty());
  second.close();
  EXPECT_TRUE(host->has_group_news());
  pass(2s);
  EXPECT_FALSE(host->has_group_news());
  EXPECT_THAT(told(), ElementsAre("to_include 239.1.2.3", "to_include 239.1.2.3"));
}

TEST_F(group_reports, changes_of_one_moment_are_one_report) {
  start();
  datagram_port& who = port();
  ASSERT_TRUE(who.join({.group = group}));
  ASSERT_TRUE(who.join({.group = other_group}));
  pass(0s);
  EXPECT_EQ(counters().group_reports_sent, 1U);
  EXPECT_THAT(told(), ElementsAre("to_exclude 239.1.2.3", "to_exclude 239.1.2.4"));
}

TEST_F(group_reports, sources_are_reported_as_they_come_and_go) {
  settings.groups.robustness = 1;
  start();
  datagram_port& who = port();
  ASSERT_TRUE(who.join({.group = group, .source = peer}));
  pass(0s);
  EXPECT_THAT(told(), ElementsAre("allow_new 239.1.2.3 10.0.0.2"));
  ASSERT_TRUE(who.join({.group = group, .source = far_host}));
  ASSERT_TRUE(who.leave({.group = group, .source = peer}));
  pass(0s);
  EXPECT_THAT(told(), ElementsAre("allow_new 239.1.2.3 192.0.2.7", "block_old 239.1.2.3 10.0.0.2"));
  datagram_port& greedy = port();
  ASSERT_TRUE(greedy.join({.group = group}));
  pass(0s);
  EXPECT_THAT(told(), ElementsAre("to_exclude 239.1.2.3"));
  ASSERT_TRUE(greedy.leave({.group = group}));
  pass(0s);
  EXPECT_THAT(told(), ElementsAre("to_include 239.1.2.3 192.0.2.7"));
  who.close();
  pass(0s);
  EXPECT_THAT(told(), ElementsAre("block_old 239.1.2.3 192.0.2.7"));
}

TEST_F(group_reports, the_group_of_all_hosts_is_not_reported) {
  start();
  ASSERT_TRUE(port().join({.group = ip("224.0.0.1")}));
  ASSERT_TRUE(port6().join({.group = wire::all_nodes(), .interface = 1}));
  ASSERT_TRUE(port6().join({.group = ip("ff01::7"), .interface = 1}));
  pass(5s);
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(group_reports, a_general_query_is_answered_with_everything_within_its_time) {
  start();
  ASSERT_TRUE(port().join({.group = group}));
  ASSERT_TRUE(port().join({.group = other_group, .source = peer}));
  settle();
  hear_query(query(group_protocol::third));
  pass(0s);
  EXPECT_THAT(told(), IsEmpty()) << "not all hosts at once";
  pass(10s);
  EXPECT_THAT(told(), ElementsAre("is_exclude 239.1.2.3", "is_include 239.1.2.4 10.0.0.2"));
  EXPECT_EQ(counters().group_queries, 1U);
}

TEST_F(group_reports, a_query_about_a_group_is_answered_for_that_one) {
  start();
  ASSERT_TRUE(port().join({.group = group}));
  ASSERT_TRUE(port().join({.group = other_group}));
  settle();
  hear_query(query(group_protocol::third, group));
  pass(10s);
  EXPECT_THAT(told(), ElementsAre("is_exclude 239.1.2.3"));
  hear_query(query(group_protocol::third, ip("239.9.9.9")));
  pass(10s);
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(group_reports, a_query_about_sources_is_answered_for_those_that_are_heard) {
  start();
  datagram_port& who = port();
  ASSERT_TRUE(who.join({.group = group, .source = peer}));
  settle();
  const std::array asked{peer, far_host};
  group_query about = query(group_protocol::third, group);
  about.asked = asked;
  hear_query(about);
  pass(10s);
  EXPECT_THAT(told(), ElementsAre("is_include 239.1.2.3 10.0.0.2"));
  about.asked = std::span(asked).last(1);
  hear_query(about);
  pass(10s);
  EXPECT_THAT(told(), IsEmpty());
  ASSERT_TRUE(port().join({.group = group}));
  settle();
  hear_query(about);
  pass(10s);
  EXPECT_THAT(told(), ElementsAre("is_include 239.1.2.3 192.0.2.7"));
}

TEST_F(group_reports, queries_about_sources_add_up_to_one_answer) {
  start_in_the_group();
  const std::array asked{peer, far_host};
  group_query about = query(group_protocol::third, group);
  about.asked = std::span(asked).first(1);
  hear_query(about);
  about.asked = asked;
  hear_query(about);
  pass(10s);
  EXPECT_THAT(told(), ElementsAre("is_include 239.1.2.3 10.0.0.2 192.0.2.7"));
}

TEST_F(group_reports, more_sources_than_are_remembered_are_answered_with_the_whole_group) {
  settings.groups.most_asked_sources = 1;
  start_in_the_group();
  const std::array asked{peer, far_host};
  group_query about = query(group_protocol::third, group);
  about.asked = asked;
  hear_query(about);
  pass(10s);
  EXPECT_THAT(told(), ElementsAre("is_exclude 239.1.2.3"));
}

TEST_F(group_reports, an_answer_that_comes_sooner_is_enough) {
  start_in_the_group();
  group_query soon = query(group_protocol::third);
  soon.response_time = 100ms;
  hear_query(soon);
  hear_query(query(group_protocol::third, group));
  pass(10s);
  EXPECT_THAT(told(), ElementsAre("is_exclude 239.1.2.3"));
}

TEST_F(group_reports, queries_without_router_alert_are_not_believed) {
  start_in_the_group();
  hear_query(query(group_protocol::third), false);
  pass(10s);
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_EQ(counters().ignored_group_messages, 1U);
}

TEST_F(group_reports, a_querier_of_the_second_protocol_is_answered_in_it) {
  start_in_the_group();
  hear_query(query(group_protocol::second));
  pass(10s);
  EXPECT_THAT(told(), ElementsAre("heard 239.1.2.3"));
  datagram_port& who = port();
  ASSERT_TRUE(who.join({.group = other_group}));
  pass(2s);
  EXPECT_THAT(told(), ElementsAre("heard 239.1.2.4", "heard 239.1.2.4"));
  who.close();
  pass(2s);
  EXPECT_THAT(told(), ElementsAre("left 239.1.2.4"));
}

TEST_F(group_reports, in_the_second_protocol_one_report_on_the_link_is_enough) {
  start();
  datagram_port& who = port();
  ASSERT_TRUE(who.join({.group = group}));
  settle();
  hear_query(query(group_protocol::second));
  hear_report_of_another(group);
  pass(10s);
  EXPECT_THAT(told(), IsEmpty());
  who.close();
  pass(2s);
  EXPECT_THAT(told(), IsEmpty()) << "another one has told of it last";
}

TEST_F(group_reports, in_the_third_protocol_everybody_reports) {
  start_in_the_group();
  hear_query(query(group_protocol::third, group));
  hear_report_of_another(group);
  pass(10s);
  EXPECT_THAT(told(), ElementsAre("is_exclude 239.1.2.3"));
}

TEST_F(group_reports, nothing_is_left_in_the_first_protocol) {
  start();
  datagram_port& who = port();
  ASSERT_TRUE(who.join({.group = group}));
  settle();
  hear_query(query(group_protocol::first), false);
  pass(10s);
  EXPECT_THAT(told(), ElementsAre("heard 239.1.2.3 in the first"));
  who.close();
  pass(2s);
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(group_reports, an_old_querier_is_forgotten_when_it_is_silent) {
  start();
  hear_query(query(group_protocol::second));
  pass(2 * 125s + 9s);  // RFC 3376, section 8.12
  ASSERT_TRUE(port().join({.group = group}));
  pass(0s);
  EXPECT_THAT(told(), ElementsAre("heard 239.1.2.3"));
  pass(2s);
  (void)told();
  ASSERT_TRUE(port().join({.group = other_group}));
  pass(0s);
  EXPECT_THAT(told(), ElementsAre("to_exclude 239.1.2.4"));
}

TEST_F(group_reports, the_robustness_of_the_querier_is_taken_over) {
  start();
  group_query about = query(group_protocol::third);
  about.robustness = 4;
  hear_query(about);
  ASSERT_TRUE(port().join({.group = group}));
  pass(5s);
  EXPECT_EQ(told().size(), 4U);
}

class listener_reports : public group_reports {
 protected:
  listener_reports() { nic.addresses = {{us6, 64}}; }
};

TEST_F(listener_reports, the_groups_of_addresses_are_reported_from_the_link_local_one) {
  start();
  pass(0s);
  EXPECT_THAT(told(), ElementsAre("to_exclude ff02::1:ff00:1"))
      << "both addresses end alike, so they have one group";
  EXPECT_EQ(last_source, ip("fe80::ff:fe00:1"));
}

TEST_F(listener_reports, before_there_is_an_address_they_come_from_nowhere_and_then_again) {
  settings.duplicates.solicitations = 1;
  settings.groups.robustness = 1;
  start();
  pass(0s);
  EXPECT_THAT(told(), ElementsAre("to_exclude ff02::1:ff00:1"));
  EXPECT_TRUE(last_source.is_unspecified());
  pass(3s);
  EXPECT_THAT(told(), ElementsAre("to_exclude ff02::1:ff00:1"));
  EXPECT_EQ(last_source, ip("fe80::ff:fe00:1"));
}

TEST_F(listener_reports, packets_have_the_router_alert_and_one_hop) {
  start();
  pass(0s);
  const bytes packet = sent_one(wire::ethertype::ipv6, wire::multicast_mac(ip("ff02::16")));
  const wire::ipv6_header header = v6_in(packet);
  EXPECT_EQ(header.hop_limit, 1);
  const auto end = wire::walk_extensions(wire::ipv6_view::parse(packet).value());
  const auto& upper = std::get<wire::ipv6_upper_layer>(end);
  EXPECT_TRUE(upper.had_router_alert);
  const wire::pseudo_header pseudo(header.source, header.destination, ip_protocol::icmpv6);
  EXPECT_TRUE(wire::icmpv6_view::parse(upper.payload, pseudo));
}

TEST_F(listener_reports, queries_are_answered) {
  start();
  ASSERT_TRUE(port6().join({.group = group6}));
  settle();
  hear_query6(query(group_protocol::third, ip("::")));
  pass(10s);
  EXPECT_THAT(told(), ElementsAre("is_exclude ff02::1:ff00:1", "is_exclude ff15::1:2"));
  hear_query6(query(group_protocol::third, group6));
  pass(10s);
  EXPECT_THAT(told(), ElementsAre("is_exclude ff15::1:2"));
}

TEST_F(listener_reports, queries_from_beyond_the_link_are_not_believed) {
  start();
  settle();
  hear_query6(query(group_protocol::third, ip("::")), peer6);
  hear_query6(query(group_protocol::third, ip("::")), router6, 64);
  pass(10s);
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_EQ(counters().ignored_group_messages, 2U);
}

TEST_F(listener_reports, a_querier_of_the_older_protocol_is_answered_in_it) {
  start();
  settle();
  datagram_port& who = port6();
  ASSERT_TRUE(who.join({.group = group6}));
  settle();
  hear_query6(query(group_protocol::second, group6));
  pass(10s);
  EXPECT_THAT(told(), ElementsAre("heard ff15::1:2"));
  who.close();
  pass(2s);
  EXPECT_THAT(told(), ElementsAre("left ff15::1:2"));
}

}  // namespace
}  // namespace pentad::native::test
