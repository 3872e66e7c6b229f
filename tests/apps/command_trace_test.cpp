#include <gtest/gtest.h>

#include "apps/pentad/trace_report.hpp"

namespace pentad::command {
namespace {

using namespace std::chrono_literals;

constexpr instant start{1h};
const ip_address router = ip_address::v4(10, 9, 0, 1);
const ip_address target = ip_address::v4(10, 9, 0, 9);

void send(route& known, int count) {
  for (int i = 0; i != count; ++i) known.sent(start);
}

probe_answer died(std::size_t probe, ip_address where = router) {
  return {probe, where, "time exceeded", false, false};
}

probe_answer arrived(std::size_t probe) { return {probe, target, "echo reply", true, true}; }

TEST(route_, asks_hop_by_hop_so_many_times_each) {
  route known(3, 2);
  for (std::size_t probe = 0; probe != 6; ++probe) {
    EXPECT_EQ(known.next(), probe);
    EXPECT_EQ(known.hop_of(probe), probe / 2 + 1);
    known.sent(start);
  }
  EXPECT_FALSE(known.next());
  EXPECT_EQ(known.in_flight(), 6U);
  EXPECT_FALSE(known.is_complete());
}

TEST(route_, is_known_up_to_where_the_target_answers) {
  route known(30, 2);
  send(known, 8);
  EXPECT_TRUE(known.answered(died(0), start + 1ms));
  EXPECT_TRUE(known.answered(arrived(5), start + 2ms));
  EXPECT_EQ(known.last_hop(), 3U);
  EXPECT_TRUE(known.answered(arrived(2), start + 3ms));
  EXPECT_EQ(known.last_hop(), 2U) << "an answer to an earlier probe came late";
  EXPECT_FALSE(known.answered(arrived(7), start + 3ms)) << "of no interest any more";
  EXPECT_EQ(known.last_hop(), 2U);
  EXPECT_TRUE(known.reached_target());
  EXPECT_FALSE(known.next());
  EXPECT_EQ(known.in_flight(), 2U);
  known.give_up(1);
  known.give_up(3);
  EXPECT_TRUE(known.is_complete());
}

TEST(route_, ends_where_a_router_lets_nothing_pass) {
  route known(30, 1);
  send(known, 4);
  EXPECT_TRUE(known.answered({1, router, "host unreachable", true, false}, start));
  EXPECT_EQ(known.last_hop(), 2U);
  EXPECT_FALSE(known.reached_target());
}

TEST(route_, takes_the_first_answer_to_a_probe_that_was_sent) {
  route known(30, 1);
  EXPECT_FALSE(known.answered(died(0), start));
  send(known, 1);
  EXPECT_TRUE(known.answered(died(0), start + 1ms));
  EXPECT_FALSE(known.answered(died(0, target), start + 2ms));
  EXPECT_FALSE(known.answered(died(1), start));
  ASSERT_EQ(known.answers(1).size(), 1U);
  EXPECT_EQ(known.answers(1)[0].from, router);
  EXPECT_EQ(known.answers(1)[0].round_trip, 1ms);
}

TEST(route_, waits_for_the_oldest_probe) {
  route known(30, 1);
  known.sent(start);
  known.sent(start + 1s);
  known.answered(died(0), start);
  EXPECT_EQ(known.oldest_waiting()->probe, 1U);
  EXPECT_EQ(known.oldest_waiting()->since, start + 1s);
  known.give_up(1);
  EXPECT_FALSE(known.oldest_waiting());
}

class trace_lines : public testing::Test {
 protected:
  trace_lines() {
    send(known, 6);
    known.answered(died(0), start + 1ms);
    known.answered(died(1), start + 2ms);
    known.give_up(2);
    known.answered(arrived(3), start + 3ms);
  }

  route known{30, 3};
};

TEST_F(trace_lines, tell_who_answered_how_many_were_lost_and_the_times) {
  EXPECT_EQ(hop_row(known, 1),
            "  1  10.9.0.1                   33.3 % lost   1.000 / 1.500 / 2.000 ms\n");
  known.give_up(4);
  known.give_up(5);
  EXPECT_EQ(
      hop_row(known, 2),
      "  2  10.9.0.9                   66.7 % lost   3.000 / 3.000 / 3.000 ms   echo reply\n");
  EXPECT_EQ(end_row(known, "b"), "b: reached, 2 hops\n");
}

TEST_F(trace_lines, do_not_call_lost_what_may_still_come) {
  EXPECT_EQ(
      hop_row(known, 2),
      "  2  10.9.0.9                      0 % lost   3.000 / 3.000 / 3.000 ms   echo reply\n");
}

TEST_F(trace_lines, are_objects_with_nanoseconds_as_json) {
  EXPECT_EQ(hop_json(known, 1),
            R"({"hop":1,"sent":3,"lost":1,"answers":[)"
            R"({"from":"10.9.0.1","round_trip":1000000,"said":"time exceeded"},)"
            R"({"from":"10.9.0.1","round_trip":2000000,"said":"time exceeded"}]})"
            "\n");
  EXPECT_EQ(end_json(known, target), R"({"target":"10.9.0.9","reached":true,"hops":2})"
                                     "\n");
  EXPECT_EQ(end_json(route(30, 3), target), R"({"target":"10.9.0.9","reached":false})"
                                            "\n");
}

TEST_F(trace_lines, are_drawn_over_those_before_on_a_terminal) {
  live_table table(24);
  EXPECT_EQ(table.draw(known), hop_row(known, 1) + hop_row(known, 2));
  EXPECT_EQ(table.draw(known), "\x1b[2A\x1b[J" + hop_row(known, 1) + hop_row(known, 2));
}

TEST_F(trace_lines, fit_the_terminal_until_the_end) {
  live_table table(2);
  EXPECT_EQ(table.draw(known), hop_row(known, 2));
  EXPECT_EQ(table.finish(known), "\x1b[1A\x1b[J" + hop_row(known, 1) + hop_row(known, 2));
}

}  // namespace
}  // namespace pentad::command
