#include "pentad/wire/tcp.hpp"

#include <gtest/gtest.h>

#include "tests/wire/bytes.hpp"
#include "tests/wire/linux_frames.hpp"

namespace pentad::wire {
namespace {

using test::byte_vector;
using test::bytes;

constexpr pseudo_header pseudo{test::linux_v4, test::peer_v4, ip_protocol::tcp};

tcp_header header_of_syn(std::uint32_t timestamp) {
  tcp_header header;
  header.source_port = 0x8b4e;
  header.destination_port = 6667;
  header.sequence = tcp_sequence{0x6343'0c31};
  header.flags = tcp_syn;
  header.window = 64240;
  header.options.maximum_segment_size = 1460;
  header.options.sack_permitted = true;
  header.options.timestamps = {timestamp, 0};
  header.options.window_scale = 10;
  return header;
}

pseudo_header any_pseudo_header(test::generator& generate) {
  const bool v4 = generate.coin();
  return {v4 ? generate.v4() : generate.v6(), v4 ? generate.v4() : generate.v6(), ip_protocol::tcp};
}

plain_tcp_header any_plain_header(test::generator& generate) {
  return {.source_port = generate.u16(),
          .destination_port = generate.u16(),
          .sequence = tcp_sequence{generate.u32()},
          .acknowledgment = tcp_sequence{generate.u32()},
          .flags = tcp_flags{generate.u8()},
          .window = generate.u16(),
          .timestamps = generate.coin()
                            ? std::optional(tcp_timestamps{generate.u32(), generate.u32()})
                            : std::nullopt};
}

TEST(tcp, reads_a_syn_of_linux) {
  const auto segment = test::bytes_behind(34, test::syn_frame);
  const auto view = tcp_view::parse(segment, pseudo);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->source_port(), 0x8b4e);
  EXPECT_EQ(view->destination_port(), 6667);
  EXPECT_EQ(view->sequence(), tcp_sequence{0x6343'0c31});
  EXPECT_EQ(view->acknowledgment(), tcp_sequence{0});
  EXPECT_EQ(view->flags(), tcp_syn);
  EXPECT_EQ(view->window(), 64240);
  EXPECT_EQ(view->urgent_pointer(), 0);
  EXPECT_EQ(view->header_size(), 40U);
  EXPECT_TRUE(view->payload().empty());
  EXPECT_EQ(view->sequence_length(), 1U);
  EXPECT_EQ(view->header(), header_of_syn(0xa37e'5b7b));
}

TEST(tcp, writes_a_syn_as_linux_does) {
  byte_vector out(40);
  header_of_syn(0xa37e'5b7b).emit(out, pseudo, {});
  EXPECT_EQ(out, test::bytes_behind(34, test::syn_frame));
  header_of_syn(0xa37e'5f7e).emit(out, pseudo, {});
  EXPECT_EQ(out, test::bytes_behind(34, test::syn_again_frame));
}

TEST(tcp, reads_what_it_writes) {
  test::generator generate;
  for (int i = 0; i != 1000; ++i) {
    const pseudo_header any = any_pseudo_header(generate);
    tcp_header header;
    header.source_port = generate.u16();
    header.destination_port = generate.u16();
    header.sequence = tcp_sequence{generate.u32()};
    header.acknowledgment = tcp_sequence{generate.u32()};
    header.flags = tcp_flags{generate.u8()};
    header.window = generate.u16();
    header.urgent_pointer = generate.u16();
    if (generate.coin()) header.options.timestamps = {generate.u32(), generate.u32()};
    if (generate.coin()) {
      header.options.sack.add({tcp_sequence{generate.u32()}, tcp_sequence{generate.u32()}});
    }
    const auto payload = generate.vector(generate.number(100));

    test::exact_copy segment{byte_vector(header.size() + payload.size())};
    const internet_sum sum = copy_and_checksum(payload, segment.span().subspan(header.size()));
    header.emit(segment.span(), any, sum);
    const auto view = tcp_view::parse(segment.span(), any);
    ASSERT_TRUE(view);
    ASSERT_EQ(view->header(), header);
    ASSERT_TRUE(std::ranges::equal(view->payload(), payload));
  }
}

TEST(tcp, a_plain_header_is_the_same_as_any_other) {
  test::generator generate;
  for (int i = 0; i != 1000; ++i) {
    const pseudo_header any = any_pseudo_header(generate);
    const plain_tcp_header plain = any_plain_header(generate);
    tcp_header usual;
    usual.source_port = plain.source_port;
    usual.destination_port = plain.destination_port;
    usual.sequence = plain.sequence;
    usual.acknowledgment = plain.acknowledgment;
    usual.flags = plain.flags;
    usual.window = plain.window;
    usual.options.timestamps = plain.timestamps;
    const auto payload = generate.vector(generate.number(100));
    const internet_sum sum{payload};

    ASSERT_EQ(plain.size(), usual.size());
    byte_vector written(plain.size());
    byte_vector expected(usual.size());
    plain.emit(written, any, sum);
    usual.emit(expected, any, sum);
    ASSERT_EQ(written, expected);
    plain.emit_for_offload(written, any, payload.size());
    usual.emit_for_offload(expected, any, payload.size());
    ASSERT_EQ(written, expected);
  }
}

TEST(tcp, headers_in_a_row_are_the_same_as_one_by_one) {
  test::generator generate;
  for (int i = 0; i != 1000; ++i) {
    const pseudo_header any = any_pseudo_header(generate);
    plain_tcp_header each = any_plain_header(generate);
    const tcp_row_header row(each, any);
    ASSERT_EQ(row.size(), each.size());
    for (int segment = 0; segment != 3; ++segment) {
      each.sequence = tcp_sequence{generate.u32()};
      each.flags = tcp_flags{generate.u8()};
      const auto payload = generate.vector(generate.number(100));
      const internet_sum sum{payload};
      byte_vector written(row.size());
      byte_vector expected(each.size());
      row.emit(written, each.sequence, each.flags, sum);
      each.emit(expected, any, sum);
      ASSERT_EQ(written, expected);
    }
  }
}

TEST(tcp, refuses_every_truncated_header) {
  EXPECT_TRUE(test::refuses_every_truncation(
      test::bytes_behind(34, test::syn_frame),
      [](auto part) { return tcp_view::parse(part, pseudo, checksum_check::skip).has_value(); }));
}

TEST(tcp, refuses_a_data_offset_inside_the_fixed_header) {
  for (const unsigned words : {0U, 1U, 4U}) {
    auto segment = test::bytes_behind(34, test::syn_frame);
    segment[12] = std::byte(words << 4);
    EXPECT_EQ(tcp_view::parse(segment, pseudo).error(), parse_error::malformed);
  }
}

TEST(tcp, refuses_every_single_wrong_bit_unless_it_was_checked_before) {
  const auto intact = test::bytes_behind(34, test::syn_frame);
  for (std::size_t bit = 0; bit != intact.size() * 8; ++bit) {
    auto segment = intact;
    segment[bit / 8] ^= std::byte(1U << bit % 8);
    ASSERT_FALSE(tcp_view::parse(segment, pseudo)) << bit;
  }
  auto segment = intact;
  segment[0] ^= std::byte{1};
  EXPECT_EQ(tcp_view::parse(segment, pseudo).error(), parse_error::bad_checksum);
  EXPECT_TRUE(tcp_view::parse(segment, pseudo, checksum_check::skip));
}

TEST(tcp, counts_syn_and_fin_as_a_byte_each) {
  const auto length = [](tcp_flags flags, std::size_t payload) {
    tcp_header header;
    header.flags = flags;
    byte_vector segment(20 + payload);
    header.emit(segment, pseudo, internet_sum{std::span{segment}.subspan(20)});
    return tcp_view::parse(segment, pseudo)->sequence_length();
  };
  EXPECT_EQ(length(tcp_ack, 0), 0U);
  EXPECT_EQ(length(tcp_ack | tcp_psh, 10), 10U);
  EXPECT_EQ(length(tcp_ack | tcp_fin, 10), 11U);
  EXPECT_EQ(length(tcp_syn | tcp_fin, 1), 3U);
}

TEST(tcp, left_to_an_interface_holds_the_sum_of_the_pseudo_header) {
  auto segment = test::bytes_behind(34, test::syn_frame);
  header_of_syn(0xa37e'5b7b).emit_for_offload(segment, pseudo, 0);
  // What the interface does: the sum of all bytes, that in the field included.
  store_be16(&segment[16], internet_sum{segment}.checksum());
  EXPECT_EQ(segment, test::bytes_behind(34, test::syn_frame));
}

TEST(tcp, has_flags_that_combine) {
  tcp_flags flags = tcp_syn | tcp_ack;
  EXPECT_EQ(flags.bits(), 0x12);
  EXPECT_TRUE(flags.has(tcp_ack));
  EXPECT_TRUE(flags.has(tcp_fin | tcp_syn));
  EXPECT_FALSE(flags.has(tcp_fin | tcp_rst));
  EXPECT_EQ(flags & tcp_ack, tcp_ack);
  flags |= tcp_ece;
  EXPECT_EQ(flags.bits(), 0x52);
}

}  // namespace
}  // namespace pentad::wire
