#include "pentad/wire/icmpv4.hpp"

#include <gtest/gtest.h>

#include "tests/wire/bytes.hpp"
#include "tests/wire/linux_frames.hpp"

namespace pentad::wire {
namespace {

using test::byte_vector;
using test::bytes;

byte_vector emitted(const icmpv4_header& header, std::string_view payload = {}) {
  const auto tail = bytes(payload);
  byte_vector out(8);
  header.emit(out, internet_sum{tail});
  out.insert(out.end(), tail.begin(), tail.end());
  return out;
}

TEST(icmpv4, reads_an_echo_request_with_a_correct_checksum) {
  const auto message = test::bytes_behind(34, test::echo_request_frame);
  const auto view = icmpv4_view::parse(message);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->type(), icmpv4_type::echo_request);
  EXPECT_EQ(view->code(), 0);
  EXPECT_EQ(view->identifier(), 0x1234);
  EXPECT_EQ(view->sequence(), 1);
  EXPECT_EQ(view->payload().size(), 5U);
  EXPECT_FALSE(is_error(view->type()));
}

TEST(icmpv4, writes_an_echo_request) {
  EXPECT_EQ(emitted(icmpv4_header::echo_request(0x1234, 1), "70696e6721"),
            test::bytes_behind(34, test::echo_request_frame));
}

TEST(icmpv4, reads_and_writes_port_unreachable_as_linux_does) {
  const auto message = test::bytes_behind(34, test::port_unreachable_frame);
  const auto view = icmpv4_view::parse(message);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->header(), icmpv4_header::unreachable(icmpv4_unreachable::port));
  EXPECT_TRUE(is_error(view->type()));
  EXPECT_EQ(view->payload().size(), 30U);

  byte_vector out(8);
  view->header().emit(out, internet_sum{view->payload()});
  EXPECT_EQ(out, byte_vector(message.begin(), message.begin() + 8));
}

TEST(icmpv4, has_each_message_in_its_layout) {
  EXPECT_EQ(emitted(icmpv4_header::echo_reply(1, 2)), bytes("0000fffc00010002"));
  EXPECT_EQ(emitted(icmpv4_header::fragmentation_needed(1400)), bytes("0304f78300000578"));
  EXPECT_EQ(emitted(icmpv4_header::time_exceeded(icmpv4_time_exceeded::in_reassembly)),
            bytes("0b01f4fe00000000"));
  EXPECT_EQ(emitted(icmpv4_header::parameter_problem(9)), bytes("0c00eaff09000000"));
}

TEST(icmpv4, gives_back_what_each_message_says) {
  EXPECT_EQ(icmpv4_view::parse(emitted(icmpv4_header::fragmentation_needed(1400)))->next_hop_mtu(),
            1400);
  EXPECT_EQ(icmpv4_view::parse(emitted(icmpv4_header::parameter_problem(9)))->pointer(), 9);
}

TEST(icmpv4, reads_what_it_writes) {
  test::generator generate;
  for (int i = 0; i != 500; ++i) {
    const icmpv4_header header{static_cast<icmpv4_type>(generate.u8()), generate.u8(),
                               generate.u32()};
    const auto payload = generate.vector(generate.number(50));
    test::exact_copy message{byte_vector(8 + payload.size())};
    header.emit(message.span(), copy_and_checksum(payload, message.span().subspan(8)));
    const auto view = icmpv4_view::parse(message.span());
    ASSERT_TRUE(view);
    ASSERT_EQ(view->header(), header);
    ASSERT_TRUE(std::ranges::equal(view->payload(), payload));
  }
}

TEST(icmpv4, refuses_every_truncated_header) {
  EXPECT_TRUE(test::refuses_every_truncation(
      emitted(icmpv4_header::echo_request(1, 1)),
      [](auto part) { return icmpv4_view::parse(part, checksum_check::skip).has_value(); }));
}

TEST(icmpv4, refuses_a_damaged_message_unless_it_was_checked_before) {
  auto message = test::bytes_behind(34, test::echo_request_frame);
  message.back() ^= std::byte{1};
  EXPECT_EQ(icmpv4_view::parse(message).error(), parse_error::bad_checksum);
  EXPECT_TRUE(icmpv4_view::parse(message, checksum_check::skip));
}

TEST(icmpv4, answers_no_errors) {
  for (const unsigned type : {3U, 4U, 5U, 11U, 12U}) {
    EXPECT_TRUE(is_error(static_cast<icmpv4_type>(type))) << type;
  }
  for (const unsigned type : {0U, 8U, 9U, 10U, 13U, 14U, 255U}) {
    EXPECT_FALSE(is_error(static_cast<icmpv4_type>(type))) << type;
  }
}

}  // namespace
}  // namespace pentad::wire
