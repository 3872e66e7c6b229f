// Other threads reach a loop by posting nodes, and by nothing else.

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "pentad/runtime/event.hpp"
#include "pentad/runtime/sleep.hpp"
#include "tests/runtime/real_loop.hpp"

namespace pentad::test {
namespace {

using post = on_each_engine;
INSTANTIATE_TEST_SUITE_P(, post, testing::Values("uring", "epoll"), engine_name);

// What each posted node does: count, and remember its sender's number.
struct inbox {
  event arrived;
  std::vector<int> last;
  int count = 0;
  bool in_order = true;
};

struct letter : ready_node {
  inbox* to = nullptr;
  std::size_t sender = 0;
  int number = 0;
};

void deliver(ready_node& node) {
  const auto& self = static_cast<letter&>(node);
  inbox& to = *self.to;
  to.in_order = to.in_order && self.number == to.last[self.sender] + 1;
  to.last[self.sender] = self.number;
  ++to.count;
  to.arrived.set();
}

TEST_P(post, wakes_a_loop_that_sleeps) {
  const auto program = [this]() -> task<> {
    inbox box;
    box.last.assign(1, -1);
    letter only;
    only.run = &deliver;
    only.to = &box;
    std::thread sender([&] { loop().post(only); });
    must(co_await box.arrived.wait());
    sender.join();
    EXPECT_EQ(box.count, 1);
  };
  must(run(program()));
}

TEST_P(post, loses_none_of_many_and_keeps_the_order_of_each_thread) {
  constexpr int per_thread = 20'000;
  constexpr std::size_t threads = 3;
  const auto program = [this]() -> task<> {
    inbox box;
    box.last.assign(threads, -1);
    std::vector<std::vector<letter>> letters(threads);
    std::vector<std::thread> senders;
    for (std::size_t sender = 0; sender < threads; ++sender) {
      letters[sender] = std::vector<letter>(per_thread);
      senders.emplace_back([&, sender] {
        for (int number = 0; number < per_thread; ++number) {
          letter& each = letters[sender][static_cast<std::size_t>(number)];
          each.run = &deliver;
          each.to = &box;
          each.sender = sender;
          each.number = number;
          loop().post(each);
        }
      });
    }
    while (box.count < per_thread * static_cast<int>(threads)) must(co_await box.arrived.wait());
    for (std::thread& each : senders) each.join();
    EXPECT_TRUE(box.in_order);
  };
  must(run(program()));
}

// Two loops hand one node to and fro: each message wakes a loop that is about to sleep.
TEST_P(post, goes_to_and_fro_between_two_loops) {
  struct ball : ready_node {
    event_loop* here = nullptr;
    event_loop* there = nullptr;
    int bounces = 0;
    event* done_here = nullptr;
    event* done_there = nullptr;
  };
  constexpr int bounces = 5000;
  ball thrown;
  event done_here;
  event done_there;
  thrown.done_here = &done_here;
  thrown.done_there = &done_there;
  thrown.run = [](ready_node& node) {
    auto& self = static_cast<ball&>(node);
    ++self.bounces;
    if (self.bounces >= bounces) self.done_here->set();
    if (self.bounces > bounces) return;
    std::swap(self.here, self.there);
    std::swap(self.done_here, self.done_there);
    self.here->post(node);
  };
  const auto waits = [](event& done) -> task<> { must(co_await done.wait()); };
  std::atomic<event_loop*> other = nullptr;
  std::thread thread([&, name = std::string(GetParam())] {
    const std::unique_ptr<engine> driver = make_engine(name);
    event_loop mine(*driver);
    other = &mine;
    other.notify_all();
    must(pentad::run(mine, waits(done_there)));
    other.wait(&mine);  // until the last post to it has been made
  });
  other.wait(nullptr);
  thrown.here = &loop();
  thrown.there = other;
  loop().post(thrown);
  must(run(waits(done_here)));
  other = nullptr;
  other.notify_all();
  thread.join();
  EXPECT_EQ(thrown.bounces, bounces + 1);
}

}  // namespace
}  // namespace pentad::test
