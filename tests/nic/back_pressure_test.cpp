// What happens when a NIC is full: nothing is lost, and whoever waits hears of room once. For all
// that do not depend on Linux, whose TAP always has room.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pentad/nic/impairment.hpp"
#include "pentad/nic/memory.hpp"
#include "pentad/nic/recorder.hpp"
#include "pentad/runtime/virtual_engine.hpp"
#include "tests/nic/frames.hpp"
#include "tests/runtime/must.hpp"

namespace pentad::test {
namespace {

class back_pressure : public testing::TestWithParam<const char*> {
 protected:
  static constexpr std::size_t room = 8;

  back_pressure() { card().set_ready(&ready_); }
  ~back_pressure() override { card().set_ready(nullptr); }

  nic& card() {
    const std::string name = GetParam();
    if (name == "memory") return link_.first();
    if (name == "recorded") return *recorder_;
    return *impairment_;
  }

  std::vector<packet> batch(std::uint32_t first, std::uint32_t count) {
    std::vector<packet> made;
    for (std::uint32_t i = 0; i != count; ++i) {
      made.push_back(packet_of(pool_, numbered_frame(first + i)));
    }
    return made;
  }

  std::vector<octets> far_end_receives() {
    std::vector<octets> all = receive_all(link_.second());
    while (loop_.turn()) continue;
    return all;
  }

  counting_ready ready_;
  packet_pool pool_;
  packet_pool far_pool_;
  virtual_engine engine_;
  event_loop loop_{engine_};
  memory_link link_{pool_, far_pool_, {.queue_frames = room}};
  std::unique_ptr<recorder> recorder_ =
      std::string_view(GetParam()) == "recorded"
          ? must(recorder::open(link_.first(), "/dev/null", [] { return duration::zero(); }))
          : nullptr;
  std::unique_ptr<impairment> impairment_ =
      std::string_view(GetParam()) == "unimpaired"
          ? std::make_unique<impairment>(link_.first(), loop_, 1)
          : nullptr;
};

INSTANTIATE_TEST_SUITE_P(, back_pressure, testing::Values("memory", "recorded", "unimpaired"),
                         [](const testing::TestParamInfo<const char*>& each) {
                           return std::string(each.param);
                         });

TEST_P(back_pressure, takes_as_many_as_there_is_room_for_and_leaves_the_rest) {
  std::vector<packet> frames = batch(0, 10);
  EXPECT_EQ(card().transmit(frames), room);
  EXPECT_FALSE(frames[room - 1]);
  ASSERT_TRUE(frames[room]);
  EXPECT_EQ(octets_of(frames[room]), numbered_frame(room));
  EXPECT_EQ(card().transmit(std::span(frames).subspan(room)), 0U);
  EXPECT_EQ(card().counters().transmitted_frames, room);
  EXPECT_EQ(card().counters().transmit_drops, 0U);
}

TEST_P(back_pressure, tells_once_when_there_is_room) {
  std::vector<packet> frames = batch(0, 10);
  EXPECT_EQ(card().transmit(frames), room);
  while (loop_.turn()) continue;
  EXPECT_EQ(ready_.transmittable_calls, 0);
  EXPECT_EQ(far_end_receives().size(), room);
  EXPECT_EQ(ready_.transmittable_calls, 1);
  EXPECT_THAT(far_end_receives(), testing::IsEmpty());
  EXPECT_EQ(ready_.transmittable_calls, 1);
}

TEST_P(back_pressure, is_silent_for_who_was_never_refused) {
  std::vector<packet> frames = batch(0, room);
  EXPECT_EQ(card().transmit(frames), room);
  EXPECT_EQ(far_end_receives().size(), room);
  EXPECT_EQ(ready_.transmittable_calls, 0);
}

TEST_P(back_pressure, is_silent_for_who_tried_again_with_success) {
  std::vector<packet> frames = batch(0, 10);
  EXPECT_EQ(card().transmit(frames), room);
  packet one;
  EXPECT_EQ(link_.second().receive({&one, 1}), 1U);  // room, but not yet worth a call
  EXPECT_EQ(card().transmit(std::span(frames).subspan(room, 1)), 1U);
  EXPECT_EQ(far_end_receives().size(), room);
  EXPECT_EQ(ready_.transmittable_calls, 0);
}

TEST_P(back_pressure, loses_nothing_and_keeps_the_order) {
  std::vector<octets> sent;
  std::vector<octets> arrived;
  std::vector<packet> frames = batch(0, 100);
  for (const packet& frame : frames) sent.push_back(octets_of(frame));
  std::span<packet> rest = frames;
  int rounds = 0;
  while (!rest.empty()) {
    rest = rest.subspan(card().transmit(rest));
    const int before = ready_.transmittable_calls;
    for (octets& frame : far_end_receives()) arrived.push_back(std::move(frame));
    EXPECT_EQ(ready_.transmittable_calls, before + (rest.empty() ? 0 : 1));
    ASSERT_LT(++rounds, 100);
  }
  EXPECT_EQ(arrived, sent);
}

}  // namespace
}  // namespace pentad::test
