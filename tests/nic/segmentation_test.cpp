#include "pentad/nic/segmentation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/nic/segments.hpp"

namespace pentad::test {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

std::vector<octets> parts_of(packet frame) {
  packet_queue parts;
  EXPECT_EQ(split(std::move(frame), parts), split_outcome::done);
  std::vector<octets> all;
  while (const packet part = parts.pop()) {
    EXPECT_EQ(part.offload(), packet_offload{});
    all.push_back(octets_of(part));
  }
  return all;
}

class splitting : public testing::TestWithParam<bool> {
 protected:
  flow make_flow() const { return GetParam() ? flow::v6() : flow::v4(); }

  // The frames that a stack without offload would have made.
  std::vector<octets> tcp_by_hand(const flow& whole, std::span<const std::byte> payload,
                                  std::size_t segment_size) const {
    std::vector<octets> all;
    flow part = whole;
    for (std::size_t at = 0; at < payload.size(); at += segment_size) {
      const bool last = at + segment_size >= payload.size();
      std::uint8_t kept = 0xff;
      if (!last) kept &= static_cast<std::uint8_t>(~(wire::tcp_fin | wire::tcp_psh).bits());
      if (at != 0) kept &= static_cast<std::uint8_t>(~wire::tcp_cwr.bits());
      part.flags = whole.flags & wire::tcp_flags(kept);
      all.push_back(part.tcp(payload.subspan(at, last ? payload.size() - at : segment_size)));
      part.sequence += static_cast<std::uint32_t>(segment_size);
      ++part.identification;
    }
    return all;
  }

  packet_pool pool_;
};

INSTANTIATE_TEST_SUITE_P(, splitting, testing::Bool(),
                         [](const testing::TestParamInfo<bool>& each) {
                           return std::string(each.param ? "v6" : "v4");
                         });

TEST_P(splitting, tcp_gives_the_segments_that_a_stack_would_have_made) {
  const flow whole = make_flow();  // its sequence numbers and identifications wrap around
  const octets payload = payload_of(5000);
  EXPECT_THAT(parts_of(whole.tcp_offloaded(pool_, payload, 1448)),
              ElementsAreArray(tcp_by_hand(whole, payload, 1448)));
}

TEST_P(splitting, tcp_of_64_kib_and_of_odd_sizes) {
  const flow whole = make_flow();
  for (const std::size_t size : {65400UL, 1449UL, 1447UL, 1UL}) {
    const octets payload = payload_of(size);
    EXPECT_THAT(parts_of(whole.tcp_offloaded(pool_, payload, 1447)),
                ElementsAreArray(tcp_by_hand(whole, payload, 1447)));
  }
}

TEST_P(splitting, leaves_fin_and_push_to_the_last_segment_and_cwr_to_the_first) {
  flow whole = make_flow();
  whole.flags = wire::tcp_ack | wire::tcp_psh | wire::tcp_fin | wire::tcp_cwr | wire::tcp_ece;
  const octets payload = payload_of(300);
  const std::vector<octets> parts = parts_of(whole.tcp_offloaded(pool_, payload, 100));
  EXPECT_THAT(parts, ElementsAreArray(tcp_by_hand(whole, payload, 100)));
  const std::size_t flags_at = (GetParam() ? 54 : 34) + 13;
  EXPECT_THAT((std::vector{parts[0][flags_at], parts[1][flags_at], parts[2][flags_at]}),
              ElementsAre(std::byte{0xd0}, std::byte{0x50}, std::byte{0x59}));
}

TEST_P(splitting, udp_gives_one_datagram_for_each_part) {
  flow whole = make_flow();
  const octets payload = payload_of(2500);
  const std::vector<octets> parts = parts_of(whole.udp_offloaded(pool_, payload, 1000));
  std::vector<octets> by_hand;
  for (const std::size_t at : {0U, 1000U, 2000U}) {
    by_hand.push_back(whole.udp(std::span(payload).subspan(at, at == 2000 ? 500 : 1000)));
    ++whole.identification;
  }
  EXPECT_THAT(parts, ElementsAreArray(by_hand));
}

TEST_P(splitting, completes_the_checksum_of_what_needs_no_splitting) {
  const flow whole = make_flow();
  const octets payload = payload_of(777);
  packet frame = whole.tcp_offloaded(pool_, payload, 0);
  EXPECT_TRUE(complete_checksum(frame));
  EXPECT_EQ(octets_of(frame), whole.tcp(payload));
  EXPECT_EQ(frame.offload(), packet_offload{});

  frame = whole.udp_offloaded(pool_, payload, 0);
  EXPECT_TRUE(complete_checksum(frame));
  EXPECT_EQ(octets_of(frame), whole.udp(payload));
}

TEST_P(splitting, of_a_udp_checksum_that_comes_to_zero_writes_all_ones) {
  // Two bytes of payload that make the sum of all else complete.
  const flow whole = make_flow();
  octets payload(2);
  const octets with_zeros = whole.udp(payload);
  const std::size_t field = with_zeros.size() - 4;
  store_be16(payload.data(), load_be16(&with_zeros[field]));
  packet frame = whole.udp_offloaded(pool_, payload, 0);
  EXPECT_TRUE(complete_checksum(frame));
  EXPECT_EQ(load_be16(&frame.bytes()[field]), 0xffff);
}

TEST(splitting_refuses, a_checksum_outside_the_frame) {
  packet_pool pool;
  packet frame = packet_of(pool, numbered_frame(1));
  const packet_offload outside{
      .checksum = checksum_state::partial, .checksum_start = 50, .checksum_offset = 9};
  frame.set_offload(outside);
  EXPECT_FALSE(complete_checksum(frame));
  EXPECT_EQ(octets_of(frame), numbered_frame(1));
}

TEST(splitting_refuses, an_offload_that_contradicts_the_bytes) {
  packet_pool pool;
  const flow whole = flow::v4();
  const auto outcome_with = [&](auto change) {
    packet frame = whole.tcp_offloaded(pool, payload_of(3000), 1000);
    packet_offload offload = frame.offload();
    change(offload, frame);
    frame.set_offload(offload);
    packet_queue parts;
    const split_outcome outcome = split(std::move(frame), parts);
    EXPECT_EQ(parts.empty(), outcome != split_outcome::done);
    return outcome;
  };
  using change = packet_offload;
  EXPECT_EQ(outcome_with([](change&, packet&) {}), split_outcome::done);
  EXPECT_EQ(outcome_with([](change& o, packet&) { o.segment_size = 0; }), split_outcome::malformed);
  EXPECT_EQ(outcome_with([](change& o, packet&) { o.checksum = checksum_state::none; }),
            split_outcome::malformed);
  EXPECT_EQ(outcome_with([](change& o, packet&) { o.header_size = 4000; }),
            split_outcome::malformed);
  EXPECT_EQ(outcome_with([](change& o, packet&) { o.header_size = 40; }), split_outcome::malformed);
  EXPECT_EQ(outcome_with([](change& o, packet&) { o.checksum_start = 10; }),
            split_outcome::malformed);
  EXPECT_EQ(outcome_with([](change& o, packet&) { o.checksum_start = 38; }),
            split_outcome::malformed);
  EXPECT_EQ(outcome_with([](change& o, packet&) { o.checksum_offset = 6; }),
            split_outcome::malformed);
  EXPECT_EQ(outcome_with([](change& o, packet&) { o.segment = segmentation::tcp_v6; }),
            split_outcome::malformed);
  EXPECT_EQ(outcome_with([](change&, packet& p) { p.bytes()[14] = std::byte{0x55}; }),
            split_outcome::malformed);
  EXPECT_EQ(outcome_with([](change&, packet& p) { p.truncate(20); }), split_outcome::malformed);
}

TEST(splitting_refuses, what_its_pool_has_no_memory_for) {
  packet_pool pool({.packets = 3});
  packet frame = flow::v4().tcp_offloaded(pool, payload_of(5000), 1000);
  packet_queue parts;
  EXPECT_EQ(split(std::move(frame), parts), split_outcome::no_memory);
  EXPECT_TRUE(parts.empty());
  EXPECT_EQ(pool.counters().packets_in_use, 0U);
}

}  // namespace
}  // namespace pentad::test
