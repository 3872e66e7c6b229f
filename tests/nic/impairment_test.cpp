// Bad links on virtual time, over a memory link that is a good one.
#include "pentad/nic/impairment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pentad/nic/memory.hpp"
#include "pentad/runtime/virtual_engine.hpp"
#include "tests/nic/segments.hpp"

namespace pentad::test {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;

struct arrival {
  duration when;
  std::uint32_t number;

  friend bool operator==(const arrival&, const arrival&) = default;
};

class bad_link : public nic_ready {
 public:
  explicit bad_link(std::uint64_t seed = 1, const memory_link_options& options = {})
      : link_(pool_, pool_, options), bad_(link_.first(), loop_, seed) {
    bad_.set_ready(this);
  }
  ~bad_link() { bad_.set_ready(nullptr); }

  impairment& card() { return bad_; }
  memory_nic& far_end() { return link_.second(); }
  packet_pool& pool() { return pool_; }
  duration now() { return engine_.now() - instant{}; }

  packet frame(std::uint32_t number, std::size_t size = 60) {
    return packet_of(pool_, numbered_frame(number, size));
  }

  // Sends frames 0 to `count` - 1 and says when each arrives at the far end.
  std::vector<arrival> send(std::uint32_t count, std::size_t size = 60) {
    std::vector<arrival> arrivals;
    const auto collect = [&] {
      packet one;
      while (far_end().receive({&one, 1}) == 1) arrivals.push_back({now(), number_of(one.bytes())});
    };
    for (std::uint32_t i = 0; i != count; ++i) {
      EXPECT_TRUE(transmit_one(bad_, frame(i, size)));
      collect();
    }
    while (loop_.turn()) collect();
    collect();
    return arrivals;
  }

  // Lets `count` frames come from the far end and says when each arrives.
  std::vector<arrival> receive(std::uint32_t count) {
    std::vector<arrival> arrivals;
    const auto collect = [&] {
      packet one;
      while (bad_.receive({&one, 1}) == 1) arrivals.push_back({now(), number_of(one.bytes())});
    };
    for (std::uint32_t i = 0; i != count; ++i) {
      EXPECT_TRUE(transmit_one(far_end(), frame(i)));
      collect();
    }
    while (loop_.turn()) {
      if (std::exchange(receivable_, false)) collect();
    }
    return arrivals;
  }

  void receivable() noexcept override { receivable_ = true; }
  void transmittable() noexcept override { ++transmittable_calls; }
  int transmittable_calls = 0;

 private:
  packet_pool pool_;
  virtual_engine engine_;
  event_loop loop_{engine_};
  memory_link link_;
  impairment bad_;
  bool receivable_ = false;
};

std::vector<std::uint32_t> numbers(const std::vector<arrival>& arrivals) {
  std::vector<std::uint32_t> all;
  for (const arrival& each : arrivals) all.push_back(each.number);
  return all;
}

std::vector<duration> times(const std::vector<arrival>& arrivals) {
  std::vector<duration> all;
  for (const arrival& each : arrivals) all.push_back(each.when);
  return all;
}

// A thousand frames of which each may be lost, doubled, damaged, late or overtaken.
constexpr impairments everything{.rate = 100'000'000,
                                 .loss = 0.1,
                                 .corrupt = 0.1,
                                 .duplicate = 0.1,
                                 .delay = 10ms,
                                 .jitter = 5ms,
                                 .reorder = 0.1,
                                 .reorder_delay = 3ms};

TEST(impairment, does_the_same_for_the_same_seed) {
  const auto outcome_of = [](std::uint64_t seed) {
    bad_link link(seed);
    link.card().set_transmit(everything);
    return link.send(1000);
  };
  const std::vector<arrival> first = outcome_of(42);
  EXPECT_EQ(outcome_of(42), first);
  EXPECT_NE(outcome_of(43), first);
}

TEST(impairment, of_one_kind_leaves_the_fate_that_others_make_as_it_was) {
  const auto lost_with = [](impairments wanted) {
    bad_link link;
    wanted.loss = 0.2;
    link.card().set_transmit(wanted);
    std::vector<std::uint32_t> arrived = numbers(link.send(200));
    std::ranges::sort(arrived);
    arrived.erase(std::ranges::unique(arrived).begin(), arrived.end());
    return arrived;
  };
  EXPECT_EQ(lost_with({}), lost_with({.duplicate = 0.5, .delay = 1ms, .jitter = 1ms}));
}

TEST(impairment, of_one_direction_leaves_the_other_alone) {
  bad_link link;
  link.card().set_transmit({.loss = 1});
  EXPECT_THAT(link.send(10), IsEmpty());
  EXPECT_EQ(link.receive(10).size(), 10U);
  link.card().set_transmit({});
  link.card().set_receive({.loss = 1});
  EXPECT_EQ(link.send(10).size(), 10U);
  EXPECT_THAT(link.receive(10), IsEmpty());
}

TEST(impairment, loses_as_many_as_were_asked_for_and_counts_them) {
  bad_link link;
  link.card().set_transmit({.loss = 0.25});
  const std::size_t arrived = link.send(10'000).size();
  EXPECT_NEAR(static_cast<double>(arrived), 7'500, 150);
  EXPECT_EQ(link.card().transmit_counters().frames, 10'000U);
  EXPECT_EQ(link.card().transmit_counters().lost, 10'000U - arrived);
}

TEST(impairment, delays_each_frame_by_so_much) {
  bad_link link;
  link.card().set_transmit({.delay = 20ms});
  EXPECT_THAT(link.send(2), ElementsAre(arrival{20ms, 0}, arrival{20ms, 1}));
  link.card().set_transmit({});
  link.card().set_receive({.delay = 7ms});
  EXPECT_THAT(link.receive(2), ElementsAre(arrival{27ms, 0}, arrival{27ms, 1}));
}

TEST(impairment, with_jitter_keeps_the_order) {
  bad_link link;
  link.card().set_transmit({.delay = 10ms, .jitter = 10ms});
  const std::vector<arrival> arrivals = link.send(100);
  EXPECT_EQ(arrivals.size(), 100U);
  EXPECT_TRUE(std::ranges::is_sorted(numbers(arrivals)));
  EXPECT_THAT(times(arrivals), Each(testing::AllOf(testing::Ge(10ms), testing::Lt(20ms))));
  EXPECT_NE(arrivals.front().when, arrivals.back().when);
}

TEST(impairment, lets_others_overtake_a_frame_but_loses_none) {
  bad_link link;
  link.card().set_transmit({.reorder = 0.1, .reorder_delay = 5ms});
  const std::vector<arrival> arrivals = link.send(1000);
  EXPECT_EQ(arrivals.size(), 1000U);
  EXPECT_FALSE(std::ranges::is_sorted(numbers(arrivals)));
  EXPECT_THAT(times(arrivals), Each(testing::AnyOf(0ms, 5ms)));
  EXPECT_EQ(link.card().transmit_counters().reordered,
            static_cast<std::uint64_t>(std::ranges::count(times(arrivals), duration(5ms))));
}

TEST(impairment, doubles_a_frame_right_behind_the_first) {
  bad_link link;
  link.card().set_transmit({.duplicate = 1});
  EXPECT_THAT(numbers(link.send(2)), ElementsAre(0, 0, 1, 1));
}

TEST(impairment, turns_one_bit_over_behind_the_ethernet_header) {
  bad_link link;
  link.card().set_transmit({.corrupt = 1});
  for (std::uint32_t i = 0; i != 100; ++i) {
    EXPECT_TRUE(transmit_one(link.card(), link.frame(i)));
    const std::vector<octets> arrived = receive_all(link.far_end());
    ASSERT_EQ(arrived.size(), 1U);
    const octets sent = numbered_frame(i);
    int bits = 0;
    for (std::size_t at = 0; at != sent.size(); ++at) {
      bits += std::popcount(std::to_integer<unsigned>(sent[at] ^ arrived[0][at]));
      if (at < 14) {
        EXPECT_EQ(sent[at], arrived[0][at]);
      }
    }
    EXPECT_EQ(bits, 1);
  }
}

TEST(impairment, damages_what_has_its_checksum_already_so_that_it_is_seen) {
  bad_link link(1, memory_link_options::offloading());
  link.card().set_transmit({.corrupt = 1});
  const octets payload = payload_of(1000);
  const octets right = flow::v4().tcp(payload);
  EXPECT_TRUE(transmit_one(link.card(), flow::v4().tcp_offloaded(link.pool(), payload, 0)));
  packet arrived;
  ASSERT_EQ(link.far_end().receive({&arrived, 1}), 1U);
  EXPECT_EQ(arrived.offload(), packet_offload{}) << "nobody has verified it";
  int bits = 0;
  for (std::size_t at = 0; at != right.size(); ++at) {
    bits += std::popcount(std::to_integer<unsigned>(right[at] ^ arrived.bytes()[at]));
  }
  EXPECT_EQ(bits, 1);
}

TEST(impairment, limits_the_rate) {
  bad_link link;
  link.card().set_transmit({.rate = 8'000'000});  // a byte each microsecond
  EXPECT_THAT(link.send(3, 1000), ElementsAre(arrival{1ms, 0}, arrival{2ms, 1}, arrival{3ms, 2}));
}

TEST(impairment, drops_what_finds_the_line_s_queue_full) {
  bad_link link;
  link.card().set_transmit({.rate = 8'000'000, .queue_bytes = 2500});
  // The fourth finds 3,000 bytes before it.
  EXPECT_THAT(numbers(link.send(10, 1000)), ElementsAre(0, 1, 2));
  EXPECT_EQ(link.card().transmit_counters().queue_drops, 7U);
}

TEST(impairment, splits_super_segments_before_it_loses_a_part) {
  bad_link link(3, memory_link_options::offloading());
  link.card().set_transmit({.loss = 0.5});
  const octets payload = payload_of(20'000);
  EXPECT_TRUE(transmit_one(link.card(), flow::v4().tcp_offloaded(link.pool(), payload, 1000)));
  const std::vector<octets> arrived = receive_all(link.far_end());
  EXPECT_EQ(link.card().transmit_counters().frames, 20U);
  EXPECT_EQ(link.card().transmit_counters().lost, 20U - arrived.size());
  EXPECT_GT(arrived.size(), 0U);
  EXPECT_LT(arrived.size(), 20U);
  for (const octets& each : arrived) EXPECT_LE(each.size(), 1100U);
}

TEST(impairment, without_any_passes_super_segments_untouched) {
  bad_link link(3, memory_link_options::offloading());
  packet whole = flow::v4().tcp_offloaded(link.pool(), payload_of(20'000), 1000);
  const packet_offload offload = whole.offload();
  EXPECT_TRUE(transmit_one(link.card(), std::move(whole)));
  packet arrived;
  ASSERT_EQ(link.far_end().receive({&arrived, 1}), 1U);
  EXPECT_EQ(arrived.offload(), offload);
}

TEST(impairment, that_ends_lets_nothing_overtake_what_is_under_way) {
  bad_link link;
  link.card().set_transmit({.delay = 10ms});
  EXPECT_TRUE(transmit_one(link.card(), link.frame(100)));
  link.card().set_transmit({});
  EXPECT_THAT(link.send(1), ElementsAre(arrival{10ms, 100}, arrival{10ms, 0}));
}

TEST(impairment, that_goes_lets_arrive_what_is_on_its_way) {
  virtual_engine engine;
  event_loop loop(engine);
  packet_pool pool;
  memory_link link(pool, pool);
  {
    impairment bad(link.first(), loop, 1);
    bad.set_transmit({.delay = 1s});
    for (const std::uint32_t number : {0U, 1U}) {
      EXPECT_TRUE(transmit_one(bad, packet_of(pool, numbered_frame(number))));
    }
    EXPECT_THAT(receive_all(link.second()), IsEmpty());
  }
  EXPECT_THAT(receive_all(link.second()), ElementsAre(numbered_frame(0), numbered_frame(1)));
}

TEST(impairment, holds_a_bounded_number_of_frames_and_tells_when_there_is_room) {
  bad_link link;
  link.card().set_transmit({.delay = 1ms});
  std::uint32_t taken = 0;
  while (transmit_one(link.card(), link.frame(taken))) ++taken;
  EXPECT_EQ(taken, impairment::most_frames);
  EXPECT_EQ(link.transmittable_calls, 0);
  std::vector<arrival> arrived = link.send(0);
  EXPECT_EQ(arrived.size(), taken);
  EXPECT_EQ(link.transmittable_calls, 1);
}

TEST(impairment, loses_nothing_to_an_inner_nic_that_is_full) {
  bad_link link(1, {.queue_frames = 4});
  link.card().set_transmit({.delay = 1ms});
  EXPECT_EQ(numbers(link.send(100)).size(), 100U);
}

TEST(impairment, leaves_what_it_has_no_room_for_in_the_inner_nic) {
  bad_link link(1, {.queue_frames = 2 * impairment::most_frames});
  link.card().set_receive({.delay = 1ms});
  EXPECT_EQ(numbers(link.receive(impairment::most_frames + 100)).size(),
            impairment::most_frames + 100U);
}

}  // namespace
}  // namespace pentad::test
