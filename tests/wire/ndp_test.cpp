#include "pentad/wire/ndp.hpp"

#include <gtest/gtest.h>

#include <string>

#include "pentad/base/ip_literal.hpp"
#include "pentad/wire/ipv6.hpp"
#include "pentad/wire/multicast.hpp"
#include "tests/wire/bytes.hpp"
#include "tests/wire/linux_frames.hpp"

namespace pentad::wire {
namespace {

using test::byte_vector;
using test::bytes;

constexpr ip_address target = *parse_ip_literal("fd00:9::77");
constexpr ip_address unspecified = ip_address::any(ip_version::v6);

constexpr ndp_envelope unicast{test::linux_link_local, test::peer_v6, ndp_hop_limit, false};
constexpr ndp_envelope to_all_nodes{test::linux_link_local, all_nodes(), ndp_hop_limit, false};

/// Reads a message whose checksum is not looked at.
template <class Message>
parsed<Message> parse(std::span<const std::byte> message, const ndp_envelope& envelope) {
  const pseudo_header pseudo{envelope.source, envelope.destination, ip_protocol::icmpv6};
  const auto icmp = icmpv6_view::parse(message, pseudo, checksum_check::skip);
  if (!icmp) return std::unexpected{icmp.error()};
  return Message::parse(*icmp, envelope);
}

template <class Message>
byte_vector emitted(const Message& message, const ndp_envelope& envelope) {
  test::exact_copy out{byte_vector(message.size(), std::byte{0xee})};
  message.emit(out.span(), {envelope.source, envelope.destination, ip_protocol::icmpv6});
  return {out.span().begin(), out.span().end()};
}

/// A frame of Linux as far as neighbour discovery goes.
struct captured {
  explicit captured(std::string_view frame) : all{bytes(frame)} {
    const auto ip = *ipv6_view::parse(std::span{all}.subspan(14));
    envelope = {ip.source(), ip.destination(), ip.hop_limit(), false};
    message.assign(ip.payload().begin(), ip.payload().end());
  }
  byte_vector all;
  ndp_envelope envelope;
  byte_vector message;
};

TEST(ndp, reads_and_writes_a_neighbor_solicitation_of_linux) {
  const captured frame{test::neighbor_solicitation_frame};
  const auto read = parse<neighbor_solicitation>(frame.message, frame.envelope);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, (neighbor_solicitation{target, test::linux_mac}));
  EXPECT_EQ(emitted(*read, frame.envelope), frame.message);
}

TEST(ndp, reads_a_probe_for_a_duplicate_address_of_linux) {
  const captured frame{test::duplicate_address_detection_frame};
  const auto read = parse<neighbor_solicitation>(frame.message, frame.envelope);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, (neighbor_solicitation{test::linux_link_local, std::nullopt}));
}

TEST(ndp, reads_and_writes_a_router_solicitation_of_linux) {
  const captured frame{test::router_solicitation_frame};
  const auto read = parse<router_solicitation>(frame.message, frame.envelope);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, router_solicitation{test::linux_mac});
  EXPECT_EQ(emitted(*read, frame.envelope), frame.message);
}

TEST(ndp, has_a_neighbor_advertisement_in_its_layout) {
  const neighbor_advertisement advertisement{.target = target,
                                             .router = true,
                                             .solicited = false,
                                             .override_cached = true,
                                             .target_link_layer = test::linux_mac};
  auto message = emitted(advertisement, to_all_nodes);
  store_be16(&message[2], 0);
  EXPECT_EQ(message, bytes("88000000 a0000000 fd000009000000000000000000000077 0201020000000001"));
}

TEST(ndp, has_a_router_advertisement_in_its_layout) {
  router_advertisement advertisement{.hop_limit = 64,
                                     .managed = false,
                                     .other_configuration = true,
                                     .router_lifetime = 1800,
                                     .reachable_time = 30'000,
                                     .retransmission_time = 1000,
                                     .source_link_layer = test::linux_mac,
                                     .mtu = 1400,
                                     .prefixes = {}};
  advertisement.prefixes.add({.prefix = *parse_ip_literal("fd00:9::"),
                              .length = 64,
                              .on_link = true,
                              .autonomous = true,
                              .valid_lifetime = 86'400,
                              .preferred_lifetime = 14'400});
  auto message = emitted(advertisement, to_all_nodes);
  store_be16(&message[2], 0);
  EXPECT_EQ(message, bytes("86000000 40400708 00007530 000003e8"
                           "0101020000000001"
                           "0501000000000578"
                           "030440c0 00015180 00003840 00000000 fd000009000000000000000000000000"));
}

TEST(ndp, reads_what_it_writes) {
  test::generator generate;
  const auto maybe_mac = [&] {
    return generate.coin() ? std::optional{generate.mac()} : std::nullopt;
  };
  for (int i = 0; i != 500; ++i) {
    const neighbor_solicitation ns{test::linux_v6, maybe_mac()};
    ASSERT_EQ(parse<neighbor_solicitation>(emitted(ns, unicast), unicast), ns);

    const neighbor_advertisement na{test::linux_v6, generate.coin(), generate.coin(),
                                    generate.coin(), maybe_mac()};
    ASSERT_EQ(parse<neighbor_advertisement>(emitted(na, unicast), unicast), na);

    const router_solicitation rs{maybe_mac()};
    ASSERT_EQ(parse<router_solicitation>(emitted(rs, unicast), unicast), rs);

    router_advertisement ra{generate.u8(),  generate.coin(), generate.coin(),
                            generate.u16(), generate.u32(),  generate.u32(),
                            maybe_mac(),    std::nullopt,    {}};
    if (generate.coin()) ra.mtu = generate.u32();
    for (std::size_t n = generate.number(ndp_prefixes::capacity); n != 0; --n) {
      ra.prefixes.add({generate.v6(), static_cast<std::uint8_t>(generate.number(128)),
                       generate.coin(), generate.coin(), generate.u32(), generate.u32()});
    }
    const byte_vector message = emitted(ra, unicast);
    ASSERT_EQ(parse<router_advertisement>(message, unicast), ra);
    const pseudo_header pseudo{unicast.source, unicast.destination, ip_protocol::icmpv6};
    ASSERT_TRUE(icmpv6_view::parse(message, pseudo)) << "checksum";
  }
}

/// What each kind of message must not be, whatever it says. `message` has no options.
template <class Message>
void refuses_what_no_message_may_be(const byte_vector& message) {
  ASSERT_TRUE(parse<Message>(message, unicast));

  for (const unsigned hop_limit : {0U, 1U, 64U, 254U}) {
    ndp_envelope envelope = unicast;
    envelope.hop_limit = static_cast<std::uint8_t>(hop_limit);
    EXPECT_EQ(parse<Message>(message, envelope).error(), parse_error::malformed);
  }
  ndp_envelope fragmented = unicast;
  fragmented.had_fragment_header = true;
  EXPECT_EQ(parse<Message>(message, fragmented).error(), parse_error::malformed) << "RFC 6980";

  auto with_code = message;
  with_code[1] = std::byte{1};
  EXPECT_EQ(parse<Message>(with_code, unicast).error(), parse_error::malformed);

  auto with_empty_option = message;
  with_empty_option.insert(with_empty_option.end(), 8, std::byte{0});
  EXPECT_EQ(parse<Message>(with_empty_option, unicast).error(), parse_error::malformed);

  auto with_long_option = message;
  const auto option = bytes("0e02000000000000");
  with_long_option.insert(with_long_option.end(), option.begin(), option.end());
  EXPECT_EQ(parse<Message>(with_long_option, unicast).error(), parse_error::truncated);

  EXPECT_TRUE(test::refuses_every_truncation(
      message, [](auto part) { return parse<Message>(part, unicast).has_value(); }));
}

TEST(ndp, refuses_what_no_message_may_be) {
  refuses_what_no_message_may_be<neighbor_solicitation>(
      emitted(neighbor_solicitation{target, {}}, unicast));
  refuses_what_no_message_may_be<neighbor_advertisement>(
      emitted(neighbor_advertisement{.target = target, .target_link_layer = {}}, unicast));
  refuses_what_no_message_may_be<router_solicitation>(emitted(router_solicitation{}, unicast));
  refuses_what_no_message_may_be<router_advertisement>(
      emitted(router_advertisement{.source_link_layer = {}, .mtu = {}, .prefixes = {}}, unicast));
}

// RFC 4861 section 7.1.1
TEST(ndp, refuses_a_neighbor_solicitation_that_contradicts_itself) {
  const auto message = emitted(neighbor_solicitation{target, {}}, unicast);
  const auto with_option = emitted(neighbor_solicitation{target, test::linux_mac}, unicast);
  const auto for_a_group = emitted(neighbor_solicitation{all_nodes(), {}}, unicast);
  const ndp_envelope probe{unspecified, solicited_node(target), ndp_hop_limit, false};
  const ndp_envelope misdirected{unspecified, test::peer_v6, ndp_hop_limit, false};

  EXPECT_TRUE(parse<neighbor_solicitation>(message, probe));
  EXPECT_EQ(parse<neighbor_solicitation>(message, misdirected).error(), parse_error::malformed);
  EXPECT_EQ(parse<neighbor_solicitation>(with_option, probe).error(), parse_error::malformed);
  EXPECT_EQ(parse<neighbor_solicitation>(for_a_group, unicast).error(), parse_error::malformed);
}

// RFC 4861 section 7.1.2
TEST(ndp, refuses_a_neighbor_advertisement_that_contradicts_itself) {
  const auto solicited =
      emitted(neighbor_advertisement{.target = target, .solicited = true, .target_link_layer = {}},
              unicast);
  const auto for_a_group =
      emitted(neighbor_advertisement{.target = all_nodes(), .target_link_layer = {}}, unicast);
  EXPECT_TRUE(parse<neighbor_advertisement>(solicited, unicast));
  EXPECT_EQ(parse<neighbor_advertisement>(solicited, to_all_nodes).error(), parse_error::malformed);
  EXPECT_EQ(parse<neighbor_advertisement>(for_a_group, unicast).error(), parse_error::malformed);
}

// RFC 4861 section 6.1.1
TEST(ndp, refuses_a_router_solicitation_of_nobody_with_an_address) {
  const ndp_envelope nobody{unspecified, all_routers(), ndp_hop_limit, false};
  EXPECT_TRUE(parse<router_solicitation>(emitted(router_solicitation{}, nobody), nobody));
  EXPECT_EQ(
      parse<router_solicitation>(emitted(router_solicitation{test::linux_mac}, nobody), nobody)
          .error(),
      parse_error::malformed);
}

// RFC 4861 section 6.1.2
TEST(ndp, refuses_a_router_advertisement_from_another_link) {
  const auto message =
      emitted(router_advertisement{.source_link_layer = {}, .mtu = {}, .prefixes = {}}, unicast);
  ndp_envelope global = unicast;
  global.source = test::linux_v6;
  EXPECT_EQ(parse<router_advertisement>(message, global).error(), parse_error::malformed);
}

TEST(ndp, skips_options_that_it_does_not_know_or_that_are_of_another_length) {
  const auto options = ndp_options::parse(
      bytes("0e01000000000000"                    // nonce
            "0102 0011223344556677 8899aabbccdd"  // the address of a longer link layer
            "0502 000000000578 0000000000000000"  // an MTU twice as long
            "0202 0000000000000000000000000000"
            "0501 000000000500"));
  ASSERT_TRUE(options);
  EXPECT_FALSE(options->source_link_layer);
  EXPECT_FALSE(options->target_link_layer);
  EXPECT_EQ(options->mtu, 1280U);
}

TEST(ndp, of_two_options_of_one_kind_takes_the_first) {
  const auto options = ndp_options::parse(bytes("0101020000000001 0101020000000002"));
  ASSERT_TRUE(options);
  EXPECT_EQ(options->source_link_layer, test::linux_mac);
}

TEST(ndp, takes_a_bounded_number_of_prefixes) {
  const std::string prefix = "030440c0 00015180 00003840 00000000 fd000009000000000000000000000000";
  std::string many;
  for (std::size_t i = 0; i != ndp_prefixes::capacity + 3; ++i) many += prefix;
  const auto options = ndp_options::parse(bytes(many));
  ASSERT_TRUE(options);
  EXPECT_EQ(options->prefixes.size(), ndp_prefixes::capacity);
}

TEST(ndp, skips_a_prefix_longer_than_an_address) {
  const auto options = ndp_options::parse(
      bytes("030481c0 00015180 00003840 00000000 fd000009000000000000000000000000"));
  ASSERT_TRUE(options);
  EXPECT_EQ(options->prefixes.size(), 0U);
}

TEST(ndp, reads_routes_of_every_length_and_skips_those_that_cannot_be) {
  const auto routes_in = [](std::string_view text) {
    const auto read = ndp_options::parse(bytes(text));
    EXPECT_TRUE(read);
    return read ? read->routes : ndp_routes();
  };
  // RFC 4191 section 2.3: 8, 16 or 24 bytes.
  EXPECT_EQ(routes_in("18010008 00000258").size(), 1U);
  const ndp_routes half = routes_in("18023018 00000258 20010db8 00070000");
  ASSERT_EQ(half.size(), 1U);
  EXPECT_EQ(half.begin()->prefix, *parse_ip_literal("2001:db8:7::"));
  EXPECT_EQ(half.begin()->length, 48);
  EXPECT_EQ(half.begin()->preference, router_preference::low);
  EXPECT_EQ(half.begin()->lifetime, 600U);
  EXPECT_EQ(routes_in("18022010 00000258 20010db8 00070000").size(), 0U) << "reserved preference";
  EXPECT_EQ(routes_in("18024100 00000258 20010db8 00070000").size(), 0U) << "longer than it says";
  EXPECT_EQ(routes_in("18018000 00000258").size(), 0U);
  EXPECT_EQ(
      routes_in("18040000 00000258 20010db800070000 0000000000000000 0000000000000000").size(), 0U);
}

TEST(ndp, routers_tell_of_name_servers_domains_and_how_much_they_are_preferred) {
  router_advertisement said;
  said.router_lifetime = 600;
  said.preference = router_preference::low;
  said.routes.add({.prefix = ip_address::any(ip_version::v6), .length = 0, .lifetime = 9});
  said.routes.add({.prefix = *parse_ip_literal("2001:db8::"),
                   .length = 33,
                   .preference = router_preference::high,
                   .lifetime = 600});
  said.routes.add({.prefix = target, .length = 128, .preference = router_preference::low});
  said.name_servers.add({target, 300});
  ndp_search_domain domain;
  const std::string_view text = "lab.example";
  std::ranges::copy(text, domain.text.begin());
  domain.size = static_cast<std::uint8_t>(text.size());
  domain.lifetime = 60;
  said.search_domains.add(domain);
  const byte_vector message = emitted(said, to_all_nodes);
  EXPECT_EQ(message.size() % 8, 0U);
  const auto read = parse<router_advertisement>(message, to_all_nodes);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, said);
  EXPECT_EQ(read->search_domains.begin()->name(), text);
}

TEST(ndp, reads_several_name_servers_and_domains_of_one_option) {
  const byte_vector fixed = bytes("86000000 40000258 00000000 00000000");
  const byte_vector options = bytes(
      "19050000 0000012c fd000009000000000000000000000077 fd000009000000000000000000000078"
      "1f030000 0000003c 03 6c6162 00 01 61 01 62 00 000000000000");
  byte_vector message = fixed;
  message.insert(message.end(), options.begin(), options.end());
  const auto read = parse<router_advertisement>(message, to_all_nodes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->name_servers.size(), 2U);
  EXPECT_EQ(read->name_servers.begin()->address, target);
  ASSERT_EQ(read->search_domains.size(), 2U);
  EXPECT_EQ(read->search_domains.begin()[0].name(), "lab");
  EXPECT_EQ(read->search_domains.begin()[1].name(), "a.b");
}

}  // namespace
}  // namespace pentad::wire
