#include "pentad/wire/tcp_options.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/wire/bytes.hpp"

namespace pentad::wire {
namespace {

using test::byte_vector;
using test::bytes;

tcp_options parse(std::string_view text) {
  test::exact_copy copy{bytes(text)};
  return tcp_options::parse(copy.span());
}

byte_vector emitted(const tcp_options& options) {
  test::exact_copy out{byte_vector(options.size())};
  options.emit(out.span());
  return {out.span().begin(), out.span().end()};
}

tcp_sack_block block(std::uint32_t begin, std::uint32_t end) {
  return {tcp_sequence{begin}, tcp_sequence{end}};
}

tcp_options with_blocks(std::uint32_t count) {
  tcp_options options;
  for (std::uint32_t i = 0; i != count; ++i) options.sack.add(block(10 * i, 10 * i + 5));
  return options;
}

tcp_options linux_syn() {
  tcp_options options;
  options.maximum_segment_size = 1460;
  options.window_scale = 7;
  options.sack_permitted = true;
  options.timestamps = {0xa37e'5b7b, 0};
  return options;
}

constexpr std::string_view linux_syn_text = "020405b4 0402 080aa37e5b7b00000000 01 030307";

TEST(tcp_options, of_a_syn_are_written_and_read_as_by_linux) {
  EXPECT_EQ(emitted(linux_syn()), bytes(linux_syn_text));
  EXPECT_EQ(parse(linux_syn_text), linux_syn());
}

TEST(tcp_options, of_other_segments_are_padded_in_front) {
  tcp_options options;
  options.timestamps = {1, 2};
  EXPECT_EQ(emitted(options), bytes("0101 080a 00000001 00000002"));
  options.sack.add(block(100, 200));
  EXPECT_EQ(emitted(options), bytes("0101 080a 00000001 00000002 0101 050a 00000064 000000c8"));
}

TEST(tcp_options, without_timestamps_pad_sack_permitted) {
  tcp_options options = linux_syn();
  options.timestamps.reset();
  EXPECT_EQ(emitted(options), bytes("020405b4 01010402 01030307"));
}

TEST(tcp_options, that_are_none_take_no_room) { EXPECT_EQ(tcp_options{}.size(), 0U); }

TEST(tcp_options, are_read_in_any_order_and_without_padding) {
  EXPECT_EQ(parse("030307 080aa37e5b7b00000000 0402 020405b4"), linux_syn());
}

TEST(tcp_options, limit_the_window_scale_to_14) {
  EXPECT_EQ(parse("03030f").window_scale, 14);
  EXPECT_EQ(parse("0303ff").window_scale, 14);
  EXPECT_EQ(parse("03030e").window_scale, 14);
  EXPECT_EQ(parse("030300").window_scale, 0);
}

TEST(tcp_options, have_up_to_four_sack_blocks) {
  const tcp_options options =
      parse("0522 00000001 00000002 00000003 00000004 00000005 00000006 fffffff0 00000010");
  ASSERT_EQ(options.sack.size(), 4U);
  EXPECT_EQ(options.sack[0], block(1, 2));
  EXPECT_EQ(options.sack[3], block(0xffff'fff0, 0x10));
  tcp_sack_blocks full = options.sack;
  EXPECT_FALSE(full.add(block(1, 2)));
}

TEST(tcp_options, leave_out_the_sack_blocks_that_do_not_fit) {
  tcp_options options = with_blocks(4);
  EXPECT_EQ(options.size(), 36U);
  EXPECT_EQ(tcp_options::parse(emitted(options)).sack.size(), 4U);
  options.timestamps = {1, 2};
  EXPECT_EQ(options.size(), 40U);
  const tcp_options read = tcp_options::parse(emitted(options));
  ASSERT_EQ(read.sack.size(), 3U);
  EXPECT_EQ(read.sack[2], options.sack[2]);

  options.maximum_segment_size = 1460;
  options.fast_open = tcp_fast_open_cookie{};
  EXPECT_LE(options.size(), 40U);
  EXPECT_EQ(emitted(options).size(), options.size());
}

TEST(tcp_options, carry_a_fast_open_cookie) {
  const auto cookie = tcp_fast_open_cookie::from(bytes("0102030405060708"));
  ASSERT_TRUE(cookie);
  tcp_options options = linux_syn();
  options.fast_open = cookie;
  EXPECT_EQ(emitted(options), bytes(std::string{linux_syn_text} + "220a 0102030405060708 0101"));
  EXPECT_EQ(tcp_options::parse(emitted(options)), options);
}

TEST(tcp_options, ask_for_a_fast_open_cookie_with_an_empty_one) {
  tcp_options options;
  options.fast_open = tcp_fast_open_cookie{};
  EXPECT_EQ(emitted(options), bytes("2202 0101"));
  EXPECT_EQ(parse("2202"), options);
}

TEST(tcp_options, know_what_is_no_cookie) {
  EXPECT_FALSE(tcp_fast_open_cookie::from(bytes("0102")));
  EXPECT_FALSE(tcp_fast_open_cookie::from(bytes("0102030405")));
  EXPECT_FALSE(tcp_fast_open_cookie::from(byte_vector(18)));
  EXPECT_TRUE(tcp_fast_open_cookie::from(byte_vector(16)));
  EXPECT_FALSE(parse("2204 0102").fast_open);
  EXPECT_FALSE(parse("2207 0102030405").fast_open);
}

TEST(tcp_options, carry_a_user_timeout) {
  tcp_options options;
  options.user_timeout = {true, 30};
  EXPECT_EQ(emitted(options), bytes("1c04801e"));
  EXPECT_EQ(parse("1c04801e"), options);
  EXPECT_EQ(parse("1c040078").user_timeout, (tcp_user_timeout{false, 120}));
}

TEST(tcp_options, skip_unknown_kinds) {
  EXPECT_EQ(parse("1312 000102030405060708090a0b0c0d0e0f 020405b4").maximum_segment_size, 1460);
  EXPECT_EQ(parse("fe02 020405b4").maximum_segment_size, 1460);
}

TEST(tcp_options, skip_known_kinds_with_a_length_that_they_do_not_have) {
  for (const auto* text :
       {"0203ff 030307", "02060000ffff 030307", "0304ffff 030307", "0403ff 030307",
        "0506ffffffff 030307", "0502 030307", "080600000001 030307", "1c03ff 030307"}) {
    tcp_options expected;
    expected.window_scale = 7;
    EXPECT_EQ(parse(text), expected) << text;
  }
}

TEST(tcp_options, end_at_a_length_that_cannot_be) {
  tcp_options expected;
  expected.maximum_segment_size = 1460;
  for (const auto* tail : {"0300 030307", "0301 030307", "0304 07", "03", "00 030307", "08ff01"}) {
    EXPECT_EQ(parse(std::string{"020405b4"} + tail), expected) << tail;
  }
}

TEST(tcp_options, of_one_kind_the_last_counts) {
  EXPECT_EQ(parse("020405b4 02040218").maximum_segment_size, 536);
}

TEST(tcp_options, are_read_as_they_were_written) {
  test::generator generate;
  for (int i = 0; i != 3000; ++i) {
    tcp_options options;
    if (generate.coin()) options.maximum_segment_size = generate.u16();
    if (generate.coin()) options.window_scale = static_cast<std::uint8_t>(generate.number(14));
    options.sack_permitted = generate.coin();
    if (generate.coin()) options.timestamps = {generate.u32(), generate.u32()};
    if (generate.coin()) {
      options.user_timeout = {generate.coin(), static_cast<std::uint16_t>(generate.number(0x7fff))};
    }
    if (generate.coin()) {
      options.fast_open =
          tcp_fast_open_cookie::from(generate.vector(std::size_t{4} + 2 * generate.number(5)));
    }
    const std::size_t room = tcp_options::capacity - options.size();
    const std::size_t fits = room < 4 ? 0 : (room - 4) / 8;
    for (std::size_t n = generate.number(4); n-- != 0;) {
      if (options.sack.size() == fits) break;
      options.sack.add(block(generate.u32(), generate.u32()));
    }
    ASSERT_LE(options.size(), tcp_options::capacity);
    ASSERT_EQ(options.size() % 4, 0U);
    ASSERT_EQ(tcp_options::parse(emitted(options)), options);
  }
}

TEST(tcp_options, may_end_anywhere) {
  const auto all = bytes(linux_syn_text);
  for (std::size_t size = 0; size != all.size(); ++size) {
    test::exact_copy part{std::span{all}.first(size)};
    const tcp_options options = tcp_options::parse(part.span());
    EXPECT_EQ(options.maximum_segment_size.has_value(), size >= 4);
    EXPECT_EQ(options.sack_permitted, size >= 6);
    EXPECT_EQ(options.timestamps.has_value(), size >= 16);
    EXPECT_FALSE(options.window_scale);
  }
}

}  // namespace
}  // namespace pentad::wire
