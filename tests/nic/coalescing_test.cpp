#include "pentad/nic/coalescing.hpp"

#include <gtest/gtest.h>

#include "pentad/nic/packet_chain.hpp"
#include "tests/nic/segments.hpp"

namespace pentad::test {
namespace {

class coalescing : public testing::TestWithParam<bool> {
 protected:
  static flow make_flow() { return GetParam() ? flow::v6() : flow::v4(); }

  // The next segment of `of`, and on.
  void add(flow& of, std::size_t size = 1000) {
    const octets payload = payload_of(size);
    batch_.push_back(packet_of(pool_, of.tcp(payload)));
    of.sequence += static_cast<std::uint32_t>(size);
    ++of.identification;
  }

  // Of each frame that is left, the payloads that follow it.
  std::vector<std::vector<octets>> coalesced() {
    const std::size_t left = coalesce(batch_);
    batch_.resize(left);
    std::vector<std::vector<octets>> all;
    for (packet& each : batch_) {
      all.emplace_back();
      packet_chain rest = packet_chain::of_followers(each);
      while (const packet next = rest.pop()) all.back().push_back(octets_of(next));
    }
    return all;
  }

  std::vector<std::size_t> sizes_of_rows() {
    std::vector<std::size_t> sizes;
    for (const auto& each : coalesced()) sizes.push_back(1 + each.size());
    return sizes;
  }

  using rows = std::vector<std::size_t>;

  packet_pool pool_;
  std::vector<packet> batch_;
};

INSTANTIATE_TEST_SUITE_P(, coalescing, testing::Bool(),
                         [](const testing::TestParamInfo<bool>& each) {
                           return std::string(each.param ? "v6" : "v4");
                         });

TEST_P(coalescing, hangs_what_continues_a_segment_on_it) {
  flow one = make_flow();
  add(one, 1448);
  const octets first = octets_of(batch_[0]);
  add(one, 1448);
  add(one, 3);
  const auto left = coalesced();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0], (std::vector{payload_of(1448), payload_of(3)}));
  EXPECT_EQ(octets_of(batch_[0]), first);
  EXPECT_EQ(batch_[0].offload().checksum, checksum_state::verified);
}

TEST_P(coalescing, leaves_a_segment_that_nothing_continues_as_it_is) {
  flow one = make_flow();
  add(one);
  flow other = one;
  other.sequence += 1000;  // one is missing
  add(other);
  EXPECT_EQ(sizes_of_rows(), (rows{1, 1}));
  EXPECT_EQ(batch_[0].offload(), packet_offload{});
}

TEST_P(coalescing, wants_the_same_header) {
  for (void (*changes)(flow&) :
       {+[](flow& of) { ++of.acknowledgment; }, +[](flow& of) { ++of.window; },
        +[](flow& of) { ++of.timestamp; }, +[](flow& of) { of.sequence -= 1000; },
        +[](flow& of) { of.flags |= wire::tcp_ece; },
        +[](flow& of) { of.destination_mac = {2, 0, 0, 0, 0, 9}; }}) {
    batch_.clear();
    flow one = make_flow();
    add(one);
    changes(one);
    add(one);
    EXPECT_EQ(sizes_of_rows(), (rows{1, 1}));
  }
}

TEST_P(coalescing, hears_marks_of_routers_at_their_place) {
  flow one = make_flow();
  for (int i = 0; i < 3; ++i) add(one);
  std::span<std::byte> marked = batch_[1].bytes().subspan(wire::ethernet_header::size());
  if (GetParam()) {
    marked[1] |= std::byte{0x30};
  } else {
    marked[1] |= std::byte{3};
    store_be16(&marked[10], 0);
    store_be16(&marked[10], wire::internet_sum{marked.first(20)}.checksum());
  }
  EXPECT_EQ(sizes_of_rows(), (rows{1, 1, 1}));
}

TEST_P(coalescing, lets_push_end_a_row) {
  flow one = make_flow();
  add(one);
  one.flags |= wire::tcp_psh;
  add(one);
  one.flags = wire::tcp_ack;
  add(one);
  add(one);
  EXPECT_EQ(sizes_of_rows(), (rows{2, 2}));
}

TEST_P(coalescing, does_not_take_the_first_again_after_a_push) {
  flow one = make_flow();
  const flow begin = one;
  add(one);
  one.flags |= wire::tcp_psh;
  add(one);
  one = begin;
  add(one);
  EXPECT_EQ(sizes_of_rows(), (rows{2, 1}));
}

TEST_P(coalescing, lets_all_rows_end_at_what_is_no_plain_segment) {
  flow one = make_flow();
  add(one);
  add(one);
  const flow next = one;
  one.flags |= wire::tcp_fin;
  add(one);
  one = next;
  add(one);
  batch_.push_back(packet_of(pool_, numbered_frame(1)));
  add(one);
  EXPECT_EQ(sizes_of_rows(), (rows{2, 1, 1, 1, 1}));
}

TEST_P(coalescing, knows_flows_that_take_turns) {
  flow one = make_flow();
  flow other = make_flow();
  other.sequence = 5;
  for (int i = 0; i < 4; ++i) {
    add(one);
    add(other, 700);
  }
  EXPECT_EQ(sizes_of_rows(), (rows{4, 4}));
}

TEST_P(coalescing, takes_nothing_with_a_wrong_checksum) {
  flow one = make_flow();
  for (int i = 0; i < 4; ++i) add(one);
  batch_[2].bytes().back() ^= std::byte{1};
  EXPECT_EQ(sizes_of_rows(), (rows{2, 1, 1}));
}

TEST_P(coalescing, hangs_nothing_on_a_segment_with_a_wrong_checksum) {
  flow one = make_flow();
  for (int i = 0; i < 3; ++i) add(one);
  batch_[0].bytes().back() ^= std::byte{1};
  EXPECT_EQ(sizes_of_rows(), (rows{1, 2}));
  EXPECT_EQ(batch_[0].offload(), packet_offload{});
}

TEST_P(coalescing, believes_a_nic_that_has_verified) {
  flow one = make_flow();
  for (int i = 0; i < 2; ++i) {
    add(one);
    batch_[static_cast<std::size_t>(i)].bytes().back() ^= std::byte{1};
    batch_[static_cast<std::size_t>(i)].set_offload({.checksum = checksum_state::verified});
  }
  EXPECT_EQ(sizes_of_rows(), rows{2});
}

TEST_P(coalescing, leaves_super_segments_alone) {
  const flow one = make_flow();
  const octets payload = payload_of(3000);
  for (int i = 0; i < 2; ++i) batch_.push_back(one.tcp_offloaded(pool_, payload, 1000));
  EXPECT_EQ(sizes_of_rows(), (rows{1, 1}));
}

TEST_P(coalescing, cuts_the_padding_of_a_frame) {
  flow one = make_flow();
  add(one);
  add(one, 100);
  batch_[1].append(10);
  EXPECT_EQ(coalesced()[0][0], payload_of(100));
}

TEST_P(coalescing, reads_nothing_beyond_a_short_frame) {
  flow one = make_flow();
  for (int i = 0; i < 2; ++i) add(one, 100);
  const octets whole = octets_of(batch_[1]);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    octets cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    cut.shrink_to_fit();
    batch_.resize(1);
    batch_.push_back(packet_of(pool_, cut));
    EXPECT_EQ(coalesce(batch_), 2U) << size;
  }
}

}  // namespace
}  // namespace pentad::test
