// ICMP errors: which are sent and which never (RFC 1122 section 3.2.2, RFC 4443 section 2.4), and
// what becomes of those that come in (RFC 5927).
#include "ip_peer.hpp"

namespace pentad::native::test {
namespace {

constexpr ip_protocol unknown_protocol{200};

class icmp_errors : public ip_test {
 protected:
  void SetUp() override {
    start();
    meet_peer();
  }

  /// A datagram to a port where nobody listens.
  template <class Change>
  static bytes to_closed_port(Change change) {
    return ipv4(udp({peer, 1000}, {us, 2000}, pattern(20)), [&](wire::ipv4_header& header) {
      header.protocol = ip_protocol::udp;
      change(header);
    });
  }
  static bytes to_closed_port() {
    return to_closed_port([](wire::ipv4_header&) {});
  }
  static bytes to_closed_port_v6(std::size_t size = 20) {
    return ipv6(udp({peer6, 1000}, {us6, 2000}, pattern(size)),
                [](wire::ipv6_header& header) { header.next_header = ip_protocol::udp; });
  }
};

TEST_F(icmp_errors, a_port_where_nobody_listens_is_unreachable) {
  hear_v4(to_closed_port());
  const bytes error = sent_v4();
  EXPECT_EQ(icmp4_in(error), wire::icmpv4_header::unreachable(wire::icmpv4_unreachable::port));
  EXPECT_EQ(part(payload_of(error), 8), to_closed_port()) << "the packet as it came";
  EXPECT_EQ(v4_in(error).source, us);
  EXPECT_EQ(v4_in(error).destination, peer);
  EXPECT_EQ(v4_in(error).traffic_class, 0xc0);

  hear_v6(to_closed_port_v6());
  const bytes error6 = sent_v6();
  EXPECT_EQ(icmp6_in(error6), wire::icmpv6_header::unreachable(wire::icmpv6_unreachable::port));
  EXPECT_EQ(part(payload_of(error6), 8), to_closed_port_v6());
}

TEST_F(icmp_errors, a_protocol_that_this_host_does_not_speak_is_unreachable) {
  hear_v4(ipv4(pattern(8), [](wire::ipv4_header& header) { header.protocol = unknown_protocol; }));
  EXPECT_EQ(icmp4_in(sent_v4()),
            wire::icmpv4_header::unreachable(wire::icmpv4_unreachable::protocol));
  hear_v6(ipv6(pattern(8), [](wire::ipv6_header& ip) { ip.next_header = unknown_protocol; }));
  EXPECT_EQ(icmp6_in(sent_v6()), wire::icmpv6_header::parameter_problem(
                                     wire::icmpv6_parameter_problem::unrecognized_next_header, 6));
  EXPECT_EQ(counters().unknown_protocols, 2U);
}

TEST_F(icmp_errors, quote_no_more_than_fits_into_the_least_mtu) {
  hear_v4(
      ipv4(pattern(1400), [](wire::ipv4_header& header) { header.protocol = unknown_protocol; }));
  EXPECT_EQ(sent_v4().size(), 576U);
  hear_v6(to_closed_port_v6(1400));
  EXPECT_EQ(sent_v6().size(), 1280U);
}

TEST_F(icmp_errors, are_never_sent_about_errors) {
  const bytes quoted = part(to_closed_port(), 0, 28);
  for (const wire::icmpv4_type type :
       {wire::icmpv4_type::destination_unreachable, wire::icmpv4_type{4},
        wire::icmpv4_type::redirect, wire::icmpv4_type::time_exceeded,
        wire::icmpv4_type::parameter_problem}) {
    hear_v4(ipv4(icmp4({type, 77, 0}, quoted),
                 [](wire::ipv4_header& header) { header.protocol = ip_protocol::icmp; }));
  }
  // An error of ICMPv6 that cannot be put together in time.
  bytes fragment_header(8);
  wire::ipv6_fragment_header{.next_header = ip_protocol::icmpv6, .more_fragments = true}.emit(
      fragment_header);
  const auto error = wire::icmpv6_header::unreachable(wire::icmpv6_unreachable::port);
  hear_v6(ipv6(fragment_header + icmp6(error, to_closed_port_v6(16)),
               [](wire::ipv6_header& header) { header.next_header = ip_protocol{44}; }));
  pass(61s);
  EXPECT_EQ(counters().reassembly_timeouts, 1U);
  EXPECT_EQ(counters().icmp_errors_sent, 0U);
}

TEST_F(icmp_errors, are_never_sent_about_packets_to_groups) {
  const auto to = [](const char* group) {
    return to_closed_port([&](wire::ipv4_header& header) { header.destination = ip(group); });
  };
  hear_v4(to("10.0.0.255"));
  hear_v4(to("224.0.0.1"));
  hear(frame(wire::ethertype::ipv4, to("255.255.255.255"), mac_address::broadcast()));
  hear_v6(ipv6(pattern(8), [](wire::ipv6_header& header) {
    header.next_header = unknown_protocol;
    header.destination = wire::all_nodes();
  }));
  EXPECT_TRUE(sent().empty());
}

TEST_F(icmp_errors, are_sent_about_packets_to_groups_only_where_ipv6_asks_for_it) {
  const auto with_option = [](unsigned type) {
    const bytes header{static_cast<std::byte>(test_protocol),
                       std::byte{0},
                       static_cast<std::byte>(type),
                       std::byte{4},
                       std::byte{0},
                       std::byte{0},
                       std::byte{0},
                       std::byte{0}};
    return ipv6(header, [](wire::ipv6_header& ip) {
      ip.next_header = ip_protocol{60};
      ip.destination = wire::all_nodes();
    });
  };
  hear_v6(with_option(0xfe));
  EXPECT_TRUE(sent().empty());
  hear_v6(with_option(0xbe));
  const bytes error = sent_v6();
  EXPECT_EQ(icmp6_in(error).type, wire::icmpv6_type::parameter_problem);
  EXPECT_EQ(v6_in(error).source, us6) << "an address of ours, not the group";
}

TEST_F(icmp_errors, are_never_sent_about_fragments_but_the_first) {
  hear_v4(ipv4(pattern(8), [](wire::ipv4_header& header) {
    header.protocol = unknown_protocol;
    header.fragment_offset = 8;
  }));
  pass(31s);
  EXPECT_EQ(counters().icmp_errors_sent, 0U);
}

TEST_F(icmp_errors, are_sent_to_one_host_six_at_once_and_then_one_a_second) {
  for (int i = 0; i < 100; ++i) hear_v4(to_closed_port());
  EXPECT_EQ(sent().size(), 6U);
  EXPECT_EQ(counters().icmp_errors_limited, 94U);
  for (int second = 0; second < 3; ++second) {
    now += 1s;
    for (int i = 0; i < 10; ++i) hear_v4(to_closed_port());
    EXPECT_EQ(sent().size(), 1U);
  }
}

TEST_F(icmp_errors, are_sent_to_all_hosts_together_fifty_at_once_and_then_one_a_millisecond) {
  const auto flood = [&] {
    const std::uint64_t before = counters().icmp_errors_sent;
    for (unsigned i = 0; i < 1000; ++i) {
      const auto source =
          ip_address::v4(198, 51, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i));
      hear_v4(ipv4(pattern(8), [&](wire::ipv4_header& header) {
        header.protocol = unknown_protocol;
        header.source = source;
      }));
    }
    (void)sent();
    return counters().icmp_errors_sent - before;
  };
  EXPECT_EQ(flood(), 50U);
  now += 10ms;
  EXPECT_EQ(flood(), 10U);
}

/// Errors that others send about packets of this host.
class icmp_errors_in : public icmp_errors {
 protected:
  /// A packet of ours as a router has seen it.
  static bytes ours() {
    return ipv4(pattern(100), [](wire::ipv4_header& header) {
      header.source = us;
      header.destination = far_host;
    });
  }
  static bytes ours_v6() {
    return ipv6(pattern(1300), [](wire::ipv6_header& header) {
      header.source = us6;
      header.destination = far_host6;
    });
  }

  void hear_error(const wire::icmpv4_header& header, const bytes& quoted) {
    hear_v4(ipv4(icmp4(header, quoted), [](wire::ipv4_header& ip) {
      ip.source = gateway;
      ip.protocol = ip_protocol::icmp;
    }));
  }
  void hear_error(const wire::icmpv6_header& header, const bytes& quoted) {
    hear_v6(ipv6(icmp6(header, quoted, gateway6), [](wire::ipv6_header& ip) {
      ip.source = gateway6;
      ip.next_header = ip_protocol::icmpv6;
    }));
  }

  std::optional<path_error::kind> last() {
    if (transport.failures.empty()) return std::nullopt;
    const auto what = transport.failures.back().what;
    transport.failures.clear();
    return what;
  }
};

TEST_F(icmp_errors_in, reach_the_transport_with_what_they_are_about) {
  hear_error(wire::icmpv4_header::unreachable(wire::icmpv4_unreachable::host), part(ours(), 0, 28));
  ASSERT_EQ(transport.failures.size(), 1U);
  EXPECT_EQ(transport.failures[0].what, path_error::kind::host_unreachable);
  EXPECT_EQ(transport.failures[0].source, us);
  EXPECT_EQ(transport.failures[0].destination, far_host);
  EXPECT_EQ(transport.failures[0].transport, pattern(8));

  hear_error(wire::icmpv6_header::packet_too_big(1290), part(ours_v6(), 0, 1232));
  ASSERT_EQ(transport.failures.size(), 2U);
  EXPECT_EQ(transport.failures[1].what, path_error::kind::too_big);
  EXPECT_EQ(transport.failures[1].mtu, 1290U);
  EXPECT_EQ(transport.failures[1].transport, part(pattern(1300), 0, 1192));
}

TEST_F(icmp_errors_in, of_ipv4_mean_what_rfc_1122_says) {
  using kind = path_error::kind;
  const std::array<kind, 16> meanings{
      kind::network_unreachable, kind::host_unreachable, kind::protocol_unreachable,
      kind::port_unreachable,    kind::too_big,          kind::host_unreachable,
      kind::network_unreachable, kind::host_unreachable, kind::host_unreachable,
      kind::prohibited,          kind::prohibited,       kind::network_unreachable,
      kind::host_unreachable,    kind::prohibited,       kind::prohibited,
      kind::prohibited};
  for (std::uint8_t code = 0; code < meanings.size(); ++code) {
    hear_error({wire::icmpv4_type::destination_unreachable, code, 100}, ours());
    EXPECT_EQ(last(), meanings[code]) << int{code};
  }
  hear_error(wire::icmpv4_header::time_exceeded(wire::icmpv4_time_exceeded::in_transit), ours());
  EXPECT_EQ(last(), kind::time_exceeded);
  hear_error(wire::icmpv4_header::parameter_problem(1), ours());
  EXPECT_EQ(last(), kind::parameter_problem);
  hear_error({wire::icmpv4_type::destination_unreachable, 16, 0}, ours());
  EXPECT_EQ(last(), std::nullopt);
}

TEST_F(icmp_errors_in, of_ipv6_mean_what_rfc_4443_says) {
  using kind = path_error::kind;
  const std::array<kind, 7> meanings{
      kind::network_unreachable, kind::prohibited, kind::host_unreachable, kind::host_unreachable,
      kind::port_unreachable,    kind::prohibited, kind::prohibited};
  for (std::uint8_t code = 0; code < meanings.size(); ++code) {
    hear_error({wire::icmpv6_type::destination_unreachable, code, 0}, part(ours_v6(), 0, 100));
    EXPECT_EQ(last(), meanings[code]) << int{code};
  }
  hear_error({wire::icmpv6_type::time_exceeded, 0, 0}, part(ours_v6(), 0, 100));
  EXPECT_EQ(last(), kind::time_exceeded);
  hear_error({wire::icmpv6_type::parameter_problem, 0, 0}, part(ours_v6(), 0, 100));
  EXPECT_EQ(last(), kind::parameter_problem);
  hear_error({wire::icmpv6_type::parameter_problem, 1, 0}, part(ours_v6(), 0, 100));
  EXPECT_EQ(last(), kind::protocol_unreachable);
}

TEST_F(icmp_errors_in, about_packets_of_other_hosts_are_dropped) {
  const bytes foreign = ipv4(pattern(100), [](wire::ipv4_header& header) {
    header.source = ip("10.0.0.77");
    header.destination = far_host;
  });
  hear_error(wire::icmpv4_header::unreachable(wire::icmpv4_unreachable::host), foreign);
  EXPECT_TRUE(transport.failures.empty());
  EXPECT_EQ(counters().implausible_icmp, 1U);
}

TEST_F(icmp_errors_in, that_quote_too_little_or_a_later_fragment_are_dropped) {
  const auto error = wire::icmpv4_header::unreachable(wire::icmpv4_unreachable::host);
  hear_error(error, part(ours(), 0, 27));
  hear_error(error, ipv4(pattern(100), [](wire::ipv4_header& header) {
               header.source = us;
               header.fragment_offset = 8;
             }));
  hear_error(error, pattern(60));
  EXPECT_TRUE(transport.failures.empty());
  EXPECT_EQ(counters().malformed_icmp, 3U);
}

TEST_F(icmp_errors_in, of_one_version_do_not_speak_of_the_other) {
  hear_error(wire::icmpv4_header::unreachable(wire::icmpv4_unreachable::host), ours_v6());
  hear_error(wire::icmpv6_header::unreachable(wire::icmpv6_unreachable::address), ours());
  EXPECT_TRUE(transport.failures.empty());
  EXPECT_EQ(counters().malformed_icmp, 2U);
}

TEST_F(icmp_errors_in, about_a_protocol_without_a_transport_go_nowhere) {
  hear_error(wire::icmpv4_header::unreachable(wire::icmpv4_unreachable::protocol),
             ipv4(pattern(100), [](wire::ipv4_header& header) {
               header.source = us;
               header.protocol = unknown_protocol;
             }));
  EXPECT_TRUE(transport.failures.empty());
}

}  // namespace
}  // namespace pentad::native::test
