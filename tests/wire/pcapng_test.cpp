#include "pentad/wire/pcapng.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/wire/bytes.hpp"

namespace pentad::wire {
namespace {

using test::byte_vector;
using test::bytes;

template <class Block>
byte_vector emitted(const Block& block) {
  test::exact_copy out{byte_vector(block.size(), std::byte{0xee})};
  block.emit(out.span());
  return {out.span().begin(), out.span().end()};
}

byte_vector joined(std::initializer_list<byte_vector> parts) {
  byte_vector all;
  for (const byte_vector& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

const byte_vector frame = bytes("0102030405");

pcapng_packet packet_out() {
  return {.interface_index = 0,
          .timestamp = 0x0102'0304'0506'0708,
          .bytes = frame,
          .original_length = 1500,
          .direction = pcapng_direction::outbound};
}

constexpr std::string_view section_text =
    "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000";

/// The same recording by a machine of the other byte order, with microseconds unsaid.
const byte_vector big_endian = bytes(
    "0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c"
    "00000001 00000014 0001 0000 00000040 00000014"
    "00000006 00000028 00000000 01020304 05060708 00000005 000005dc 0102030405000000 00000028");

/// How the reading of a file ended: the blocks read, then the error if there was one.
std::string outcome(std::span<const std::byte> file) {
  test::exact_copy copy{file};
  pcapng_reader reader{copy.span()};
  for (int blocks = 0;; ++blocks) {
    const auto block = reader.next();
    if (block && !*block) return std::to_string(blocks);
    if (block) continue;
    const auto name = block.error() == parse_error::truncated   ? " truncated"
                      : block.error() == parse_error::malformed ? " malformed"
                                                                : " unsupported";
    return std::to_string(blocks) + name;
  }
}

TEST(pcapng, begins_with_a_section) {
  EXPECT_EQ(emitted(pcapng_section{}), bytes(section_text));
  EXPECT_EQ(emitted(pcapng_section{"pentad"}),
            bytes("0a0d0d0a 2c000000 4d3c2b1a 0100 0000 ffffffffffffffff"
                  "0400 0600 70656e746164 0000 0000 0000 2c000000"));
}

TEST(pcapng, describes_an_interface_with_times_in_nanoseconds) {
  EXPECT_EQ(emitted(pcapng_interface{.name = "tap0"}),
            bytes("01000000 28000000 0100 0000 00000000"
                  "0200 0400 74617030 0900 0100 09000000 0000 0000 28000000"));
  EXPECT_EQ(emitted(pcapng_interface{.link = pcapng_link::raw_ip, .snap_length = 96, .name = {}}),
            bytes("01000000 20000000 6500 0000 60000000 0900 0100 09000000 0000 0000 20000000"));
}

TEST(pcapng, has_packets_with_the_high_half_of_the_time_first) {
  EXPECT_EQ(emitted(packet_out()),
            bytes("06000000 34000000 00000000 04030201 08070605 05000000 dc050000"
                  "0102030405000000 0200 0400 02000000 0000 0000 34000000"));
}

TEST(pcapng, reads_what_it_writes) {
  const auto file =
      joined({emitted(pcapng_section{"pentad"}),
              emitted(pcapng_interface{.snap_length = 9, .name = "a"}), emitted(packet_out())});
  pcapng_reader reader{file};
  const auto section = reader.next();
  ASSERT_TRUE(section && *section);
  EXPECT_EQ(std::get<pcapng_section>(**section), pcapng_section{"pentad"});
  const auto interface = reader.next();
  ASSERT_TRUE(interface && *interface);
  EXPECT_EQ(std::get<pcapng_interface>(**interface),
            (pcapng_interface{.snap_length = 9, .name = "a"}));
  const auto packet = reader.next();
  ASSERT_TRUE(packet && *packet);
  const auto& read = std::get<pcapng_packet>(**packet);
  EXPECT_EQ(read.interface_index, 0U);
  EXPECT_EQ(read.timestamp, 0x0102'0304'0506'0708U);
  EXPECT_TRUE(std::ranges::equal(read.bytes, frame));
  EXPECT_EQ(read.original_length, 1500U);
  EXPECT_EQ(read.direction, pcapng_direction::outbound);
  const auto end = reader.next();
  ASSERT_TRUE(end);
  EXPECT_FALSE(*end);
}

TEST(pcapng, reads_packets_of_every_length) {
  test::generator generate;
  for (std::size_t size = 0; size != 70; ++size) {
    const auto data = generate.vector(size);
    const pcapng_packet packet{.interface_index = generate.u32(),
                               .timestamp = generate.u32(),
                               .bytes = data,
                               .original_length = generate.u32(),
                               .direction = {}};
    const auto file = joined({bytes(section_text), emitted(packet)});
    pcapng_reader reader{file};
    ASSERT_TRUE(reader.next());
    const auto block = reader.next();
    ASSERT_TRUE(block && *block);
    const auto& read = std::get<pcapng_packet>(**block);
    ASSERT_TRUE(std::ranges::equal(read.bytes, data));
    ASSERT_EQ(read.interface_index, packet.interface_index);
    ASSERT_EQ(read.timestamp, packet.timestamp);
    ASSERT_FALSE(read.direction);
  }
}

TEST(pcapng, reads_the_other_byte_order) {
  pcapng_reader reader{big_endian};
  ASSERT_TRUE(reader.next());
  const auto interface = reader.next();
  ASSERT_TRUE(interface && *interface);
  EXPECT_EQ(std::get<pcapng_interface>(**interface),
            (pcapng_interface{.snap_length = 64, .name = {}, .timestamp_resolution = 6}));
  const auto packet = reader.next();
  ASSERT_TRUE(packet && *packet);
  const auto& read = std::get<pcapng_packet>(**packet);
  EXPECT_EQ(read.timestamp, 0x0102'0304'0506'0708U);
  EXPECT_TRUE(std::ranges::equal(read.bytes, frame));
  EXPECT_EQ(read.original_length, 1500U);
}

TEST(pcapng, reads_sections_of_both_byte_orders_in_one_file) {
  EXPECT_EQ(outcome(joined({bytes(section_text), big_endian, bytes(section_text)})), "5");
}

TEST(pcapng, skips_blocks_of_other_types) {
  EXPECT_EQ(outcome(joined({bytes(section_text), bytes("05000000 10000000 01020304 10000000"),
                            emitted(packet_out())})),
            "2");
}

TEST(pcapng, refuses_every_truncation) {
  const auto file = joined({emitted(pcapng_section{"x"}), emitted(pcapng_interface{.name = "a"}),
                            emitted(packet_out())});
  std::size_t whole_blocks = 0;
  for (std::size_t size = 1; size != file.size(); ++size) {
    const auto end = outcome(std::span{file}.first(size));
    if (end.find(' ') == std::string::npos) ++whole_blocks;
  }
  EXPECT_EQ(whole_blocks, 2U);  // cut exactly behind the section, and behind the interface
}

TEST(pcapng, refuses_what_contradicts_itself) {
  EXPECT_EQ(outcome({}), "0");
  EXPECT_EQ(outcome(emitted(packet_out())), "0 malformed") << "no section first";
  EXPECT_EQ(outcome(bytes("0a0d0d0a 1c000000 4d3c2b1b 0100 0000 ffffffffffffffff 1c000000")),
            "0 malformed")
      << "no byte order";
  EXPECT_EQ(outcome(bytes("0a0d0d0a 1c000000 4d3c2b1a 0200 0000 ffffffffffffffff 1c000000")),
            "0 unsupported")
      << "version 2";
  EXPECT_EQ(outcome(bytes("0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 20000000")),
            "0 malformed")
      << "lengths differ";
  const auto behind_section = [](std::string_view block) {
    return outcome(joined({bytes(section_text), bytes(block)}));
  };
  EXPECT_EQ(behind_section("01000000 00000000 00000000"), "1 malformed") << "length 0";
  EXPECT_EQ(behind_section("01000000 0e000000 0000 0e000000"), "1 malformed") << "length 14";
  EXPECT_EQ(behind_section("01000000 ffffffff 00000000"), "1 malformed") << "length 2^32 - 1";
  EXPECT_EQ(behind_section("01000000 fcffffff 00000000"), "1 truncated") << "length 2^32 - 4";
  EXPECT_EQ(behind_section("01000000 10000000 01000000 10000000"), "1 malformed") << "short fields";
  EXPECT_EQ(behind_section("01000000 1c000000 01000000 00000000 0200 0500 61626364 1c000000"),
            "1 malformed")
      << "option longer than its block";
  EXPECT_EQ(behind_section("06000000 20000000 00000000 00000000 00000000 01000000 01000000"
                           "20000000"),
            "1 malformed")
      << "more bytes than the block has";
}

}  // namespace
}  // namespace pentad::wire
