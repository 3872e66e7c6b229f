#include "pentad/base/timer_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <numeric>
#include <random>
#include <vector>

namespace pentad {
namespace {

using namespace std::chrono_literals;

struct recorder;

struct recorded_timer : timer_node {
  recorder* owner = nullptr;
  int id = 0;
};

// Timers that write down when they fire.
struct recorder {
  recorded_timer& arm(int id, duration after) {
    recorded_timer& made = timers.emplace_back();
    made.owner = this;
    made.id = id;
    made.at = instant(after);
    made.fire = [](timer_node& node) {
      const auto& timer = static_cast<recorded_timer&>(node);
      EXPECT_FALSE(timer.armed());
      timer.owner->fired.push_back(timer.id);
    };
    queue.insert(made);
    return made;
  }

  timer_queue queue;
  std::deque<recorded_timer> timers;
  std::vector<int> fired;
};

using order = std::vector<int>;

TEST(timer_queue, fires_in_order_of_time) {
  recorder r;
  r.arm(3, 30ms);
  r.arm(1, 10ms);
  r.arm(2, 20ms);
  r.queue.expire(instant(1s));
  EXPECT_EQ(r.fired, (order{1, 2, 3}));
}

TEST(timer_queue, fires_timers_of_one_moment_in_the_order_of_arming) {
  recorder r;
  for (int id = 0; id < 100; ++id) r.arm(id, 5ms);
  r.queue.expire(instant(5ms));
  order expected(100);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(r.fired, expected);
}

TEST(timer_queue, fires_what_is_due_and_nothing_else) {
  recorder r;
  r.arm(1, 10ns);
  r.arm(2, 11ns);
  r.queue.expire(instant(9ns));
  EXPECT_EQ(r.fired, order{});
  r.queue.expire(instant(10ns));
  EXPECT_EQ(r.fired, order{1});
  r.queue.expire(instant(11ns));
  EXPECT_EQ(r.fired, (order{1, 2}));
  r.queue.expire(instant(1h));
  EXPECT_EQ(r.fired, (order{1, 2}));
}

TEST(timer_queue, knows_when_the_first_fires) {
  recorder r;
  EXPECT_EQ(r.queue.first(), never);
  r.arm(2, 20ms);
  EXPECT_EQ(r.queue.first(), instant(20ms));
  recorded_timer& first = r.arm(1, 10ms);
  EXPECT_EQ(r.queue.first(), instant(10ms));
  r.queue.erase(first);
  EXPECT_EQ(r.queue.first(), instant(20ms));
  r.queue.expire(instant(20ms));
  EXPECT_EQ(r.queue.first(), never);
}

TEST(timer_queue, erases_at_every_position_of_every_order) {
  order arming{0, 1, 2, 3, 4, 5};
  do {
    for (const int erased : arming) {
      for (const bool after_one_fired : {false, true}) {
        recorder r;
        for (const int id : arming) r.arm(id, id * 1ms);
        // When the first has fired, the others hang together in another way.
        if (after_one_fired) r.queue.expire(instant(0ms));
        const auto position = std::ranges::find(arming, erased) - arming.begin();
        recorded_timer& victim = r.timers[static_cast<std::size_t>(position)];
        r.queue.erase(victim);
        EXPECT_FALSE(victim.armed());
        r.queue.expire(instant(1s));
        order expected{0, 1, 2, 3, 4, 5};
        if (!after_one_fired || erased != 0) std::erase(expected, erased);
        ASSERT_EQ(r.fired, expected);
      }
    }
  } while (std::ranges::next_permutation(arming).found);
}

TEST(timer_queue, ignores_the_erasure_of_what_is_not_armed) {
  recorder r;
  recorded_timer& timer = r.arm(1, 1ms);
  r.arm(2, 2ms);
  EXPECT_TRUE(timer.armed());
  r.queue.erase(timer);
  r.queue.erase(timer);
  recorded_timer never_armed;
  r.queue.erase(never_armed);
  r.queue.expire(instant(1s));
  EXPECT_EQ(r.fired, order{2});
}

TEST(timer_queue, lets_a_timer_arm_itself_again) {
  struct ticker : timer_node {
    timer_queue* queue = nullptr;
    int ticks = 0;
  };
  timer_queue queue;
  ticker clock;
  clock.queue = &queue;
  clock.at = instant(1ms);
  clock.fire = [](timer_node& node) {
    auto& self = static_cast<ticker&>(node);
    ++self.ticks;
    self.at += 1ms;
    self.queue->insert(self);
  };
  queue.insert(clock);
  queue.expire(instant(10ms));  // what became due meanwhile is fired, too
  EXPECT_EQ(clock.ticks, 10);
  EXPECT_EQ(queue.first(), instant(11ms));
  queue.erase(clock);
}

TEST(timer_queue, lets_a_timer_disarm_another_that_is_due) {
  struct assassin : timer_node {
    timer_queue* queue = nullptr;
    timer_node* victim = nullptr;
  };
  recorder r;
  assassin first;
  first.queue = &r.queue;
  first.at = instant(1ms);
  first.fire = [](timer_node& node) {
    auto& self = static_cast<assassin&>(node);
    self.queue->erase(*self.victim);
  };
  r.queue.insert(first);
  first.victim = &r.arm(1, 1ms);
  r.arm(2, 1ms);
  r.queue.expire(instant(1ms));
  EXPECT_EQ(r.fired, order{2});
}

TEST(timer_queue, lets_a_timer_die_as_it_fires) {
  struct mortal : timer_node {};
  timer_queue queue;
  auto first = std::make_unique<mortal>();
  auto second = std::make_unique<mortal>();
  first->at = second->at = instant(1ms);
  first->fire = second->fire = [](timer_node& node) { delete static_cast<mortal*>(&node); };
  queue.insert(*first.release());
  queue.insert(*second.release());
  queue.expire(instant(1ms));
  EXPECT_EQ(queue.first(), never);
}

// 100,000 steps of a fixed seed against a queue that is obviously right: a multimap, which keeps
// the order of insertion among equals.
TEST(timer_queue, agrees_with_a_multimap) {
  std::mt19937 random(20260101);
  const auto below = [&](int limit) { return std::uniform_int_distribution(0, limit - 1)(random); };
  recorder r;
  std::multimap<instant, int> model;
  std::map<int, recorded_timer*> armed;
  order expected;
  instant now{};
  int next = 0;
  for (int step = 0; step < 100'000; ++step) {
    const int choice = below(10);
    if (choice < 6) {
      recorded_timer& made = r.arm(next, now.time_since_epoch() + below(50) * 1ns);
      model.emplace(made.at, next);
      armed[next++] = &made;
    } else if (choice < 8 && !armed.empty()) {
      const auto victim = armed.lower_bound(below(next));
      if (victim == armed.end()) continue;
      const auto [from, to] = model.equal_range(victim->second->at);
      model.erase(std::find_if(from, to, [&](auto& each) { return each.second == victim->first; }));
      r.queue.erase(*victim->second);
      armed.erase(victim);
    } else {
      now += below(20) * 1ns;
      for (; !model.empty() && model.begin()->first <= now; model.erase(model.begin())) {
        expected.push_back(model.begin()->second);
        armed.erase(model.begin()->second);
      }
      r.queue.expire(now);
      ASSERT_EQ(r.fired, expected);
      r.fired.clear();
      expected.clear();
    }
    ASSERT_EQ(r.queue.first(), model.empty() ? never : model.begin()->first);
  }
}

}  // namespace
}  // namespace pentad
