#include "pentad/runtime/event_loop.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <vector>

#include "pentad/runtime/virtual_engine.hpp"

namespace pentad {
namespace {

using namespace std::chrono_literals;

struct recorded_node : ready_node {
  std::vector<int>* ran = nullptr;
  int id = 0;
};

struct recorder {
  recorded_node& node(int id) {
    recorded_node& made = nodes.emplace_back();
    made.ran = &ran;
    made.id = id;
    made.run = [](ready_node& node) {
      const auto& self = static_cast<recorded_node&>(node);
      self.ran->push_back(self.id);
    };
    return made;
  }

  std::deque<recorded_node> nodes;
  std::vector<int> ran;
};

// An engine whose clock the test reads and winds, and which counts how often it is asked.
struct counting_engine : engine {
  instant now() override {
    ++readings;
    return time;
  }
  bool poll(instant until) override {
    ++polls;
    last_until = until;
    time += tick;
    return true;
  }
  void wake() noexcept override { ++wakes; }

  instant time{};
  duration tick{};
  instant last_until{};
  int readings = 0;
  int polls = 0;
  int wakes = 0;
};

using order = std::vector<int>;

TEST(event_loop, runs_nodes_in_the_order_of_queueing) {
  virtual_engine engine;
  event_loop loop(engine);
  recorder r;
  for (int id = 0; id < 5; ++id) loop.push(r.node(id));
  EXPECT_TRUE(loop.has_ready());
  loop.turn();
  EXPECT_FALSE(loop.has_ready());
  EXPECT_EQ(r.ran, (order{0, 1, 2, 3, 4}));
}

TEST(event_loop, queues_what_a_node_adds_behind_all_others) {
  virtual_engine engine;
  event_loop loop(engine);
  recorder r;
  struct adder : ready_node {
    event_loop* loop = nullptr;
    ready_node* added = nullptr;
  } first;
  first.loop = &loop;
  first.added = &r.node(2);
  first.run = [](ready_node& node) {
    auto& self = static_cast<adder&>(node);
    self.loop->push(*self.added);
  };
  loop.push(first);
  loop.push(r.node(1));
  loop.turn();
  EXPECT_EQ(r.ran, (order{1, 2}));
}

TEST(event_loop, runs_posted_nodes_in_the_order_of_posting) {
  virtual_engine engine;
  event_loop loop(engine);
  recorder r;
  for (int id = 0; id < 5; ++id) loop.post(r.node(id));
  loop.turn();
  EXPECT_EQ(r.ran, (order{0, 1, 2, 3, 4}));
}

TEST(event_loop, wakes_its_engine_once_for_posts_that_follow_each_other) {
  counting_engine engine;
  event_loop loop(engine);
  recorder r;
  loop.post(r.node(1));
  loop.post(r.node(2));
  EXPECT_EQ(engine.wakes, 1);
  loop.turn();
  loop.post(r.node(3));
  EXPECT_EQ(engine.wakes, 2);
  loop.turn();
  EXPECT_EQ(r.ran, (order{1, 2, 3}));
}

TEST(event_loop, polls_until_the_first_timer) {
  counting_engine engine;
  event_loop loop(engine);
  loop.turn();
  EXPECT_EQ(engine.last_until, never);
  timer_node timer;
  timer.at = instant(3ms);
  timer.fire = [](timer_node&) {};
  loop.timers().insert(timer);
  EXPECT_EQ(loop.next_deadline(), instant(3ms));
  loop.turn();
  EXPECT_EQ(engine.last_until, instant(3ms));
  loop.timers().erase(timer);
  EXPECT_EQ(loop.next_deadline(), never);
}

TEST(event_loop, is_due_at_once_while_something_is_ready) {
  virtual_engine engine;
  event_loop loop(engine);
  recorder r;
  loop.push(r.node(1));
  EXPECT_EQ(loop.next_deadline(), instant{});
  loop.turn();
}

TEST(event_loop, tells_that_nothing_can_ever_happen) {
  virtual_engine engine;
  event_loop loop(engine);
  EXPECT_FALSE(loop.turn());
  EXPECT_FALSE(loop.run_until([] { return false; }));
  recorder r;
  loop.post(r.node(1));
  EXPECT_TRUE(loop.run_until([&] { return !r.ran.empty(); }));
}

TEST(event_loop, lets_a_busy_program_see_its_timers) {
  struct busy : ready_node {
    event_loop* loop = nullptr;
    int runs = 0;
  } node;
  counting_engine engine;
  engine.tick = 1ms;
  event_loop loop(engine);
  node.loop = &loop;
  node.run = [](ready_node& self) {
    ++static_cast<busy&>(self).runs;
    static_cast<busy&>(self).loop->push(self);
  };
  struct alarm : timer_node {
    bool rang = false;
  } timer;
  timer.at = instant(1ms);
  timer.fire = [](timer_node& self) { static_cast<alarm&>(self).rang = true; };
  loop.push(node);
  loop.timers().insert(timer);
  EXPECT_TRUE(loop.turn());
  EXPECT_TRUE(timer.rang);
  EXPECT_EQ(node.runs, 1024);
  EXPECT_TRUE(loop.has_ready());
  EXPECT_LE(engine.last_until, engine.time) << "with work left it looks and does not wait";
}

TEST(event_loop, reads_the_clock_once_for_each_node_that_asks) {
  struct asking : ready_node {
    event_loop* loop = nullptr;
  } first, second;
  counting_engine engine;
  event_loop loop(engine);
  first.loop = second.loop = &loop;
  first.run = second.run = [](ready_node& node) {
    event_loop& on = *static_cast<asking&>(node).loop;
    EXPECT_EQ(on.now(), on.now());
  };
  recorder silent;
  loop.push(first);
  loop.push(silent.node(1));
  loop.push(second);
  loop.turn();
  EXPECT_EQ(engine.readings, 2);
}

TEST(event_loop, lets_nodes_go_on_with_a_time_that_was_read_but_not_for_long) {
  struct holding : ready_node {
    event_loop* loop = nullptr;
    int runs = 0;
  } node;
  counting_engine engine;
  event_loop loop(engine);
  node.loop = &loop;
  node.run = [](ready_node& self) {
    auto& held = static_cast<holding&>(self);
    EXPECT_EQ(held.loop->now(), instant{});
    held.loop->hold_time();
    if (++held.runs < 40) held.loop->push(held);
  };
  loop.push(node);
  loop.turn();
  EXPECT_EQ(node.runs, 40);
  EXPECT_EQ(engine.readings, 10);
}

TEST(event_loop, grants_each_node_a_budget_of_inline_steps) {
  struct spender : ready_node {
    event_loop* loop = nullptr;
    int steps = 0;
  } first, second;
  virtual_engine engine;
  event_loop loop(engine);
  first.loop = second.loop = &loop;
  first.run = second.run = [](ready_node& node) {
    auto& self = static_cast<spender&>(node);
    while (self.loop->spend()) ++self.steps;
  };
  loop.push(first);
  loop.push(second);
  loop.turn();
  EXPECT_EQ(first.steps, 63);
  EXPECT_EQ(second.steps, 63);
}

}  // namespace
}  // namespace pentad
