#include "pentad/wire/ipv6_extensions.hpp"

#include <gtest/gtest.h>

#include <string>

#include "pentad/wire/multicast.hpp"
#include "tests/wire/bytes.hpp"
#include "tests/wire/linux_frames.hpp"

namespace pentad::wire {
namespace {

using test::byte_vector;
using test::bytes;

// Header numbers, for the first byte of the headers below.
constexpr auto hop_by_hop = static_cast<ip_protocol>(0);
constexpr auto routing = static_cast<ip_protocol>(43);
constexpr auto fragment = static_cast<ip_protocol>(44);
constexpr auto no_next_header = static_cast<ip_protocol>(59);
constexpr auto destination_options = static_cast<ip_protocol>(60);

const std::string eight_bytes_of_udp = "0001000200080000";
const std::string twenty_bytes_of_tcp = "0001000200000000 0000000050020000 00000000";

/// A packet of which the tests say what follows the fixed header.
class packet {
 public:
  packet(ip_protocol first, std::string_view payload, const ip_address& to = test::peer_v6)
      : packet{first, bytes(payload), to} {}

  packet(ip_protocol first, std::span<const std::byte> payload,
         const ip_address& to = test::peer_v6)
      : bytes_(40 + payload.size()) {
    std::ranges::copy(payload, bytes_.begin() + 40);
    ipv6_header{.source = test::linux_v6,
                .destination = to,
                .next_header = first,
                .payload_size = static_cast<std::uint16_t>(payload.size())}
        .emit(bytes_);
  }

  [[nodiscard]] ipv6_walk walk() const { return walk_extensions(*ipv6_view::parse(bytes_)); }

 private:
  byte_vector bytes_;
};

/// The protocol and where it was named, if the walk ended at an upper layer.
std::string upper_layer(const ipv6_walk& walk) {
  const auto* end = std::get_if<ipv6_upper_layer>(&walk);
  if (end == nullptr) return "none";
  return std::to_string(static_cast<int>(end->protocol)) + " named at " +
         std::to_string(end->next_header_at) + ", " + std::to_string(end->payload.size()) +
         " bytes";
}

bool is_silent_discard(const ipv6_walk& walk) {
  const auto* discard = std::get_if<ipv6_discard>(&walk);
  return discard != nullptr && !discard->answer;
}

/// Whether the walk ended with this answer.
bool answers(const ipv6_walk& walk, icmpv6_parameter_problem code, std::uint32_t pointer) {
  const auto* discard = std::get_if<ipv6_discard>(&walk);
  return discard != nullptr && discard->answer == icmpv6_header::parameter_problem(code, pointer);
}

TEST(ipv6_extensions, that_are_none_lead_to_the_payload) {
  EXPECT_EQ(upper_layer(packet{ip_protocol::udp, eight_bytes_of_udp}.walk()),
            "17 named at 6, 8 bytes");
  EXPECT_EQ(upper_layer(packet{ip_protocol{99}, ""}.walk()), "99 named at 6, 0 bytes");
}

TEST(ipv6_extensions, of_a_multicast_report_of_linux_are_passed_over) {
  const auto frame = bytes(test::multicast_listener_report_frame);
  const auto view = ipv6_view::parse(std::span{frame}.subspan(14));
  ASSERT_TRUE(view);
  EXPECT_EQ(upper_layer(walk_extensions(*view)), "58 named at 40, 28 bytes");
}

TEST(ipv6_extensions, are_passed_over_in_a_row) {
  const packet all{hop_by_hop,
                   "3c00010400000000"                         // hop-by-hop options, all padding
                   "2b01 0102 0000 0000 0000 0000 0000 0000"  // 16 bytes of options
                   "1100040000000000"                         // routing, nothing left to visit
                       + eight_bytes_of_udp};
  EXPECT_EQ(upper_layer(all.walk()), "17 named at 64, 8 bytes");
}

TEST(ipv6_extensions, may_say_that_nothing_follows) {
  EXPECT_TRUE(is_silent_discard(packet{no_next_header, ""}.walk()));
  EXPECT_TRUE(is_silent_discard(packet{no_next_header, "0102"}.walk()));
}

TEST(ipv6_extensions, with_hop_by_hop_options_anywhere_but_first_are_a_problem) {
  const packet late{destination_options, "0000010400000000 1100010400000000" + eight_bytes_of_udp};
  EXPECT_TRUE(answers(late.walk(), icmpv6_parameter_problem::unrecognized_next_header, 40));
}

// RFC 8200 section 4.2: the high bits of the type say what becomes of the packet.
TEST(ipv6_extensions, with_unknown_options_go_by_the_action_bits) {
  const auto with_option = [](std::string type, const ip_address& to) {
    return packet{hop_by_hop, "11000100" + type + "020000" + eight_bytes_of_udp, to}.walk();
  };
  const ip_address one = test::peer_v6;
  const ip_address many = all_nodes();
  constexpr auto code = icmpv6_parameter_problem::unrecognized_option;
  constexpr std::uint32_t option_at = 44;

  EXPECT_EQ(upper_layer(with_option("1e", one)), "17 named at 40, 8 bytes");
  EXPECT_EQ(upper_layer(with_option("1e", many)), "17 named at 40, 8 bytes");
  EXPECT_TRUE(is_silent_discard(with_option("5e", one)));
  EXPECT_TRUE(is_silent_discard(with_option("5e", many)));
  EXPECT_TRUE(answers(with_option("9e", one), code, option_at));
  EXPECT_TRUE(answers(with_option("9e", many), code, option_at));
  EXPECT_TRUE(answers(with_option("de", one), code, option_at));
  EXPECT_TRUE(is_silent_discard(with_option("de", many)));
}

TEST(ipv6_extensions, with_a_jumbo_payload_are_not_known) {
  const packet jumbo{hop_by_hop, "1100c20400010000" + eight_bytes_of_udp};
  EXPECT_TRUE(answers(jumbo.walk(), icmpv6_parameter_problem::unrecognized_option, 42));
}

TEST(ipv6_extensions, with_options_that_do_not_fit_are_discarded) {
  EXPECT_TRUE(
      is_silent_discard(packet{hop_by_hop, "1100010500000000" + eight_bytes_of_udp}.walk()));
  EXPECT_TRUE(
      is_silent_discard(packet{hop_by_hop, "1100010300000001" + eight_bytes_of_udp}.walk()));
}

TEST(ipv6_extensions, with_a_route_still_to_go_are_a_problem) {
  for (const auto* type : {"00", "02", "04", "fe"}) {
    const std::string header = std::string{"1100"} + type + "0100000000";
    EXPECT_TRUE(answers(packet{routing, header + eight_bytes_of_udp}.walk(),
                        icmpv6_parameter_problem::erroneous_field, 42));
    EXPECT_TRUE(
        is_silent_discard(packet{routing, header + eight_bytes_of_udp, all_nodes()}.walk()));
  }
}

TEST(ipv6_extensions, that_are_cut_short_are_discarded) {
  const auto all = bytes("3c01010400000000 0000000000000000 1100010400000000");
  for (std::size_t size = 0; size != all.size(); ++size) {
    ASSERT_TRUE(is_silent_discard(packet{hop_by_hop, std::span{all}.first(size)}.walk())) << size;
  }
  EXPECT_EQ(upper_layer(packet{hop_by_hop, all}.walk()), "17 named at 56, 0 bytes");
}

TEST(ipv6_extensions, are_limited_in_number) {
  const auto with_headers = [](std::size_t count) {
    std::string headers;
    for (std::size_t i = 1; i != count; ++i) headers += "3c00010400000000";
    return packet{destination_options, headers + "1100010400000000" + eight_bytes_of_udp}.walk();
  };
  EXPECT_NE(upper_layer(with_headers(ipv6_most_extension_headers)), "none");
  EXPECT_TRUE(is_silent_discard(with_headers(ipv6_most_extension_headers + 1)));
}

TEST(ipv6_extensions, tell_what_is_needed_to_put_fragments_together) {
  const packet second{hop_by_hop, "2c00010400000000 1100 05a9 00c0ffee 0102030405060708"};
  const ipv6_walk walk = second.walk();
  const auto* part = std::get_if<ipv6_fragment>(&walk);
  ASSERT_NE(part, nullptr);
  EXPECT_EQ(part->identification, 0xc0'ffeeU);
  EXPECT_EQ(part->offset, 1448);
  EXPECT_TRUE(part->more_fragments);
  EXPECT_EQ(part->next_header, ip_protocol::udp);
  EXPECT_EQ(part->payload.size(), 8U);
  EXPECT_EQ(part->before.size(), 48U);
  EXPECT_EQ(part->next_header_at, 40);
}

TEST(ipv6_extensions, of_a_last_fragment_may_have_any_length) {
  const packet last{fragment, "1100 05a8 00000001 010203"};
  EXPECT_TRUE(std::holds_alternative<ipv6_fragment>(last.walk()));
}

TEST(ipv6_extensions, of_a_fragment_that_is_the_whole_packet_are_passed_over) {
  const ipv6_walk walk = packet{fragment, "1100 0000 00000001" + eight_bytes_of_udp}.walk();
  EXPECT_EQ(upper_layer(walk), "17 named at 40, 8 bytes");
  EXPECT_TRUE(std::get<ipv6_upper_layer>(walk).had_fragment_header);
  EXPECT_FALSE(std::get<ipv6_upper_layer>(packet{ip_protocol::udp, eight_bytes_of_udp}.walk())
                   .had_fragment_header);
}

TEST(ipv6_extensions, of_a_fragment_of_an_odd_length_that_is_not_the_last_are_a_problem) {
  const packet odd{fragment, "1100 0009 00000001 01020304050607"};
  EXPECT_TRUE(answers(odd.walk(), icmpv6_parameter_problem::erroneous_field, 4));
}

TEST(ipv6_extensions, of_a_fragment_beyond_the_longest_packet_are_a_problem) {
  const std::string at_65528 = "1100 fff8 00000001";
  EXPECT_TRUE(
      std::holds_alternative<ipv6_fragment>(packet{fragment, at_65528 + "01020304050607"}.walk()));
  EXPECT_TRUE(answers(packet{fragment, at_65528 + "0102030405060708"}.walk(),
                      icmpv6_parameter_problem::erroneous_field, 42));
  // The headers before the fragment header count too.
  EXPECT_TRUE(answers(packet{hop_by_hop, "2c00010400000000" + at_65528 + "01"}.walk(),
                      icmpv6_parameter_problem::erroneous_field, 50));
}

TEST(ipv6_extensions, of_an_empty_fragment_are_discarded) {
  EXPECT_TRUE(is_silent_discard(packet{fragment, "1100 0008 00000001"}.walk()));
  EXPECT_TRUE(is_silent_discard(packet{fragment, "1100 0001 00000001"}.walk()));
}

// RFC 7112: otherwise nobody could judge a packet by its first fragment.
TEST(ipv6_extensions, of_a_first_fragment_are_all_there_or_a_problem) {
  constexpr auto incomplete = icmpv6_parameter_problem::incomplete_header_chain;
  EXPECT_TRUE(std::holds_alternative<ipv6_fragment>(
      packet{fragment, "1100 0001 00000001" + eight_bytes_of_udp}.walk()));
  EXPECT_TRUE(std::holds_alternative<ipv6_fragment>(
      packet{fragment, "3c00 0001 00000001 1100010400000000" + eight_bytes_of_udp}.walk()));
  EXPECT_TRUE(
      answers(packet{fragment, "0600 0001 00000001" + eight_bytes_of_udp}.walk(), incomplete, 0));
  EXPECT_TRUE(
      answers(packet{fragment, "3c00 0001 00000001 1100010400000000"}.walk(), incomplete, 0));
  EXPECT_TRUE(
      answers(packet{fragment, "3c00 0001 00000001 1101010400000000"}.walk(), incomplete, 0));
  EXPECT_TRUE(std::holds_alternative<ipv6_fragment>(
      packet{fragment, "0600 0001 00000001" + twenty_bytes_of_tcp + "00000000"}.walk()));
}

TEST(ipv6_extensions, are_skipped_without_acting_on_them) {
  const auto chain =
      bytes("2b00de0400000000 2c00000100000000 1100000100000001" + eight_bytes_of_udp);
  const auto end = skip_extensions(hop_by_hop, chain);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->protocol, ip_protocol::udp);
  EXPECT_EQ(end->payload.size(), 8U);
  EXPECT_FALSE(skip_extensions(hop_by_hop, std::span{chain}.first(23)));
  EXPECT_FALSE(skip_extensions(fragment, bytes("1100000800000001" + eight_bytes_of_udp)));
}

TEST(ipv6_extensions, of_a_fragment_are_written_as_they_are_read) {
  byte_vector out(8);
  ipv6_fragment_header{ip_protocol::udp, 1448, true, 0xc0'ffee}.emit(out);
  EXPECT_EQ(out, bytes("1100 05a9 00c0ffee"));
}

}  // namespace
}  // namespace pentad::wire
