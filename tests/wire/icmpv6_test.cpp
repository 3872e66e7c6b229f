#include "pentad/wire/icmpv6.hpp"

#include <gtest/gtest.h>

#include "pentad/wire/address_bytes.hpp"
#include "tests/wire/bytes.hpp"
#include "tests/wire/linux_frames.hpp"

namespace pentad::wire {
namespace {

using test::byte_vector;
using test::bytes;

constexpr pseudo_header pseudo{test::linux_v6, test::peer_v6, ip_protocol::icmpv6};

byte_vector emitted(const icmpv6_header& header, std::string_view payload = {}) {
  const auto tail = bytes(payload);
  byte_vector out(8);
  header.emit(out, pseudo, internet_sum{tail});
  out.insert(out.end(), tail.begin(), tail.end());
  return out;
}

/// Type, code and the four bytes behind the checksum.
byte_vector without_checksum(byte_vector message) {
  message.erase(message.begin() + 2, message.begin() + 4);
  return message;
}

TEST(icmpv6, covers_the_addresses_with_its_checksum) {
  const auto frame = bytes(test::neighbor_solicitation_frame);
  const auto message = std::span{frame}.subspan(54);
  const pseudo_header right{test::linux_v6, load_v6(&frame[14 + 24]), ip_protocol::icmpv6};
  const auto view = icmpv6_view::parse(message, right);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->type(), icmpv6_type::neighbor_solicitation);
  EXPECT_EQ(view->bytes().size(), 32U);
  EXPECT_EQ(icmpv6_view::parse(message, pseudo).error(), parse_error::bad_checksum);
  EXPECT_TRUE(icmpv6_view::parse(message, pseudo, checksum_check::skip));
}

TEST(icmpv6, has_each_message_in_its_layout) {
  EXPECT_EQ(without_checksum(emitted(icmpv6_header::echo_request(0x1234, 2))),
            bytes("800012340002"));
  EXPECT_EQ(without_checksum(emitted(icmpv6_header::echo_reply(0x1234, 2))), bytes("810012340002"));
  EXPECT_EQ(without_checksum(emitted(icmpv6_header::unreachable(icmpv6_unreachable::port))),
            bytes("010400000000"));
  EXPECT_EQ(without_checksum(emitted(icmpv6_header::packet_too_big(1280))), bytes("020000000500"));
  EXPECT_EQ(
      without_checksum(emitted(icmpv6_header::time_exceeded(icmpv6_time_exceeded::in_reassembly))),
      bytes("030100000000"));
  EXPECT_EQ(without_checksum(emitted(icmpv6_header::parameter_problem(
                icmpv6_parameter_problem::unrecognized_option, 0x2a))),
            bytes("04020000002a"));
}

TEST(icmpv6, gives_back_what_each_message_says) {
  const auto too_big = emitted(icmpv6_header::packet_too_big(70'000));
  EXPECT_EQ(icmpv6_view::parse(too_big, pseudo)->next_hop_mtu(), 70'000U);
  const auto problem = emitted(
      icmpv6_header::parameter_problem(icmpv6_parameter_problem::erroneous_field, 40), "60");
  EXPECT_EQ(icmpv6_view::parse(problem, pseudo)->pointer(), 40U);
  const auto echo = emitted(icmpv6_header::echo_request(7, 8), "aabbcc");
  const auto view = icmpv6_view::parse(echo, pseudo);
  EXPECT_EQ(view->identifier(), 7);
  EXPECT_EQ(view->sequence(), 8);
  EXPECT_EQ(view->payload().size(), 3U);
}

TEST(icmpv6, reads_what_it_writes) {
  test::generator generate;
  for (int i = 0; i != 500; ++i) {
    const pseudo_header any{generate.v6(), generate.v6(), ip_protocol::icmpv6};
    const icmpv6_header header{static_cast<icmpv6_type>(generate.u8()), generate.u8(),
                               generate.u32()};
    const auto payload = generate.vector(generate.number(50));
    test::exact_copy message{byte_vector(8 + payload.size())};
    header.emit(message.span(), any, copy_and_checksum(payload, message.span().subspan(8)));
    const auto view = icmpv6_view::parse(message.span(), any);
    ASSERT_TRUE(view);
    ASSERT_EQ(view->header(), header);
    ASSERT_TRUE(std::ranges::equal(view->payload(), payload));
  }
}

TEST(icmpv6, refuses_every_truncated_header) {
  EXPECT_TRUE(
      test::refuses_every_truncation(emitted(icmpv6_header::echo_request(1, 1)), [](auto part) {
        return icmpv6_view::parse(part, pseudo, checksum_check::skip).has_value();
      }));
}

TEST(icmpv6, tells_errors_by_the_high_bit) {
  EXPECT_TRUE(is_error(icmpv6_type::packet_too_big));
  EXPECT_TRUE(is_error(icmpv6_type{127}));
  EXPECT_FALSE(is_error(icmpv6_type::echo_request));
}

}  // namespace
}  // namespace pentad::wire
