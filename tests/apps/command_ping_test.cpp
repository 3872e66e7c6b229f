#include <gtest/gtest.h>

#include "apps/pentad/echo_ledger.hpp"
#include "apps/pentad/ping_report.hpp"
#include "pentad/base/error.hpp"

namespace pentad::command {
namespace {

using namespace std::chrono_literals;

constexpr instant start{1h};

TEST(round_trips_, sum_up_what_was_added) {
  round_trips times;
  EXPECT_EQ(times.count(), 0U);
  EXPECT_EQ(times.deviation(), 0ns);
  for (const duration each : {2us, 4us, 4us, 4us, 5us, 5us, 7us, 9us}) times.add(each);
  EXPECT_EQ(times.count(), 8U);
  EXPECT_EQ(times.least(), 2us);
  EXPECT_EQ(times.most(), 9us);
  EXPECT_EQ(times.mean(), 5us);
  EXPECT_EQ(times.deviation(), 2us);
}

TEST(round_trips_, keep_small_differences_of_long_times) {
  round_trips times;
  for (int i = 0; i != 1000; ++i) times.add(10h + (i % 2 == 0 ? 100ns : 300ns));
  EXPECT_EQ(times.mean(), 10h + 200ns);
  EXPECT_EQ(times.deviation(), 100ns);
}

TEST(round_trips_, are_written_in_milliseconds) {
  EXPECT_EQ(milliseconds(0ns), "0.000");
  EXPECT_EQ(milliseconds(42499ns), "0.042");
  EXPECT_EQ(milliseconds(42500ns), "0.043");
  EXPECT_EQ(milliseconds(1234567us), "1234.567");
}

TEST(round_trips_, give_shares_with_a_decimal_where_it_says_something) {
  EXPECT_EQ(percent(0, 0), "0");
  EXPECT_EQ(percent(1, 3), "33.3");
  EXPECT_EQ(percent(2, 3), "66.7");
  EXPECT_EQ(percent(3, 3), "100");
}

TEST(echo_ledger_, counts_from_one_and_knows_what_became_of_each) {
  echo_ledger ledger;
  EXPECT_EQ(ledger.sent(start), 1);
  EXPECT_EQ(ledger.sent(start + 1s), 2);
  EXPECT_EQ(ledger.sent(start + 2s), 3);
  const auto answer = ledger.answered(2, start + 1s + 5ms);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->number, 2U);
  EXPECT_EQ(answer->round_trip, 5ms);
  EXPECT_FALSE(answer->is_duplicate);
  EXPECT_EQ(ledger.failed(3), 3U);
  EXPECT_EQ(ledger.requests(), 3U);
  EXPECT_EQ(ledger.answers(), 1U);
  EXPECT_EQ(ledger.errors(), 1U);
  EXPECT_EQ(ledger.lost(), 2U);
}

TEST(echo_ledger_, tells_a_duplicate_and_does_not_count_it_as_an_answer) {
  echo_ledger ledger;
  ledger.sent(start);
  ASSERT_TRUE(ledger.answered(1, start + 1ms));
  const auto again = ledger.answered(1, start + 2ms);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->is_duplicate);
  EXPECT_EQ(ledger.duplicates(), 1U);
  EXPECT_EQ(ledger.answers(), 1U);
  EXPECT_EQ(ledger.lost(), 0U);
}

TEST(echo_ledger_, knows_nothing_of_numbers_that_were_not_sent) {
  echo_ledger ledger;
  EXPECT_FALSE(ledger.answered(1, start));
  ledger.sent(start);
  EXPECT_FALSE(ledger.answered(0, start));
  EXPECT_FALSE(ledger.answered(2, start));
  EXPECT_FALSE(ledger.failed(7));
}

TEST(echo_ledger_, waits_for_the_oldest_first_until_it_is_given_up) {
  echo_ledger ledger;
  EXPECT_FALSE(ledger.oldest_waiting());
  for (int i = 0; i != 3; ++i) ledger.sent(start + i * 1s);
  ledger.answered(1, start);
  EXPECT_EQ(ledger.oldest_waiting()->number, 2U);
  EXPECT_EQ(ledger.oldest_waiting()->since, start + 1s);
  ledger.give_up(2);
  EXPECT_EQ(ledger.oldest_waiting()->number, 3U);
  EXPECT_EQ(ledger.answered(2, start + 9s)->round_trip, 8s) << "a late answer counts";
  ledger.failed(3);
  EXPECT_FALSE(ledger.oldest_waiting());
}

TEST(echo_ledger_, goes_on_when_sequence_numbers_begin_again) {
  echo_ledger ledger;
  for (int i = 0; i != 70000; ++i) ledger.sent(start + i * 1ms);
  EXPECT_EQ(ledger.requests(), 70000U);
  const auto newest = ledger.answered(static_cast<std::uint16_t>(70000), start + 70s);
  ASSERT_TRUE(newest);
  EXPECT_EQ(newest->number, 70000U);
  EXPECT_EQ(newest->round_trip, 1ms);
  EXPECT_EQ(ledger.answered(static_cast<std::uint16_t>(70001), start + 70s)->number, 4465U);
  EXPECT_EQ(ledger.oldest_waiting()->number, 4466U);
}

class ping_lines : public testing::Test {
 protected:
  static constexpr std::string_view name = "example.org";
  const ip_address target = ip_address::v4(10, 9, 0, 2);
  const ping_report text{name, target, false};
  const ping_report json{name, target, true};
  const received_datagram got{.size = 64, .source = endpoint(target, 0), .hop_limit = 63};
  const datagram_error too_big{.code = std::make_error_code(std::errc::message_size),
                               .type = 3,
                               .icmp_code = 4,
                               .mtu = 1280,
                               .reporter = ip_address::v4(10, 9, 0, 9)};
};

TEST_F(ping_lines, tell_what_came_back) {
  EXPECT_EQ(text.beginning(56), "ping example.org (10.9.0.2): 56 bytes of data\n");
  EXPECT_EQ(text.reply(got, {3, 1500us, false}),
            "64 bytes from 10.9.0.2: seq=3 ttl=63 time=1.500 ms\n");
  EXPECT_EQ(text.reply(got, {3, 1500us, true}),
            "64 bytes from 10.9.0.2: seq=3 ttl=63 time=1.500 ms (duplicate)\n");
  EXPECT_EQ(text.error(4, too_big), "from 10.9.0.9: seq=4 fragmentation needed (mtu 1280)\n");
  EXPECT_EQ(text.lost(5, 2s), "no answer: seq=5 within 2000.000 ms\n");
}

TEST_F(ping_lines, are_objects_with_nanoseconds_as_json) {
  EXPECT_EQ(json.beginning(56), "");
  EXPECT_EQ(json.reply(got, {3, 1500us, false}),
            R"({"event":"reply","from":"10.9.0.2","sequence":3,"bytes":64,"hop_limit":63,)"
            R"("round_trip":1500000,"duplicate":false})"
            "\n");
  EXPECT_EQ(json.error(4, too_big),
            R"x({"event":"error","from":"10.9.0.9","sequence":4,"error":"fragmentation needed )x"
            R"x((mtu 1280)","type":3,"code":4,"mtu":1280})x"
            "\n");
  EXPECT_EQ(json.error(6, {.code = std::make_error_code(std::errc::network_unreachable),
                           .is_local = true}),
            R"({"event":"error","sequence":6,"error":"Network is unreachable"})"
            "\n");
  EXPECT_EQ(json.lost(5, 2s), "{\"event\":\"lost\",\"sequence\":5}\n");
}

TEST_F(ping_lines, end_with_statistics) {
  echo_ledger ledger;
  for (int i = 0; i != 3; ++i) ledger.sent(start);
  ledger.answered(1, start + 1ms);
  ledger.answered(2, start + 3ms);
  EXPECT_EQ(text.statistics(ledger),
            "\nexample.org: 3 sent, 2 received, 33.3 % lost\n"
            "round trip min/avg/max/stddev = 1.000/2.000/3.000/1.000 ms\n");
  ledger.answered(2, start + 4ms);
  ledger.failed(3);
  EXPECT_EQ(json.statistics(ledger),
            R"({"event":"statistics","sent":3,"received":2,"lost":1,"duplicates":1,"errors":1,)"
            R"("min":1000000,"avg":2000000,"max":3000000,"stddev":1000000})"
            "\n");
  EXPECT_EQ(text.statistics(echo_ledger()), "\nexample.org: 0 sent, 0 received, 0 % lost\n");
}

}  // namespace
}  // namespace pentad::command
