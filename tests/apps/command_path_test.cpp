// The messages and the record of `pentad path`.

#include <gtest/gtest.h>

#include <array>

#include "apps/pentad/path_echo.hpp"
#include "apps/pentad/path_message.hpp"
#include "apps/pentad/path_record.hpp"

namespace pentad::command {
namespace {

using namespace std::chrono_literals;

wall_time at(std::chrono::nanoseconds moment) { return wall_time(moment); }

TEST(path_message, is_read_as_it_was_written) {
  path_message sent{.number = 7, .size = 100, .far = {}};
  sent.far.nic_to_program = 12345ns;
  sent.far.whole = 5'000'000'000ns;
  std::array<std::byte, 100> bytes{};
  sent.write(bytes);
  const std::optional<path_message> read = path_message::parse(bytes);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->number, 7U);
  EXPECT_EQ(read->size, 100U);
  EXPECT_EQ(read->far.nic_to_program, 12345ns);
  EXPECT_EQ(read->far.whole, 5s);
  EXPECT_FALSE(read->far.program);
  EXPECT_FALSE(read->far.nic_to_stack);
}

TEST(path_message, is_no_message_when_it_is_short_or_something_else_or_of_an_impossible_size) {
  path_message sent{.number = 1, .size = 64, .far = {}};
  std::array<std::byte, 64> bytes{};
  sent.write(bytes);
  EXPECT_FALSE(path_message::parse(std::span(bytes).first(59)));
  std::array<std::byte, 64> other = bytes;
  other[0] = std::byte{'p'};
  EXPECT_FALSE(path_message::parse(other));
  for (const std::uint32_t size : {0U, 59U, 65'508U, 0xffffffffU}) {
    sent.size = size;
    sent.write(bytes);
    EXPECT_FALSE(path_message::parse(bytes)) << size;
  }
}

TEST(path_record, leaves_to_the_wire_what_remains_of_the_round_trip) {
  path_record record;
  const hop_times out{.given = at(100ns), .scheduled = at(110ns), .transmitted = at(130ns)};
  const hop_times in{.arrived = at(1'130ns), .queued = at(1'135ns), .read = at(1'150ns)};
  // The far side's clock is hours away: only its durations count.
  record.add(out, in, {.nic_to_program = 50ns, .program = 20ns, .whole = 300ns});
  EXPECT_EQ(record.last(hop::near_socket_to_stack), 10ns);
  EXPECT_EQ(record.last(hop::near_stack_to_nic), 20ns);
  EXPECT_EQ(record.last(hop::wire), 700ns);
  EXPECT_EQ(record.last(hop::far_nic_to_program), 50ns);
  EXPECT_EQ(record.last(hop::near_nic_to_stack), 5ns);
  EXPECT_EQ(record.last(hop::near_nic_to_program), 20ns);
  EXPECT_EQ(record.last(hop::round_trip), 1'050ns);
  EXPECT_FALSE(record.last(hop::far_stack_to_nic));
}

TEST(path_record, never_has_a_negative_wire) {
  path_record record;
  const hop_times out{.given = at(0ns), .scheduled = at(1ns), .transmitted = at(2ns)};
  const hop_times in{.arrived = at(100ns), .queued = {}, .read = at(110ns)};
  record.add(out, in, {.whole = 99ns});
  EXPECT_FALSE(record.last(hop::wire));
  EXPECT_FALSE(record.percentile(hop::wire, 50));
}

TEST(path_record, has_percentiles_by_nearest_rank) {
  path_record record;
  for (int i = 1; i <= 100; ++i) {
    record.add({.given = at(0ns)}, {.read = at(std::chrono::nanoseconds(i))}, {});
  }
  EXPECT_EQ(record.count(), 100U);
  EXPECT_EQ(record.percentile(hop::round_trip, 50), 50ns);
  EXPECT_EQ(record.percentile(hop::round_trip, 99), 99ns);
  EXPECT_EQ(record.percentile(hop::round_trip, 100), 100ns);
}

TEST(path, duration_is_not_known_without_both_moments_or_when_the_clock_was_set_back) {
  EXPECT_EQ(between(at(1ns), at(3ns)), 2ns);
  EXPECT_FALSE(between(at(1ns), {}));
  EXPECT_FALSE(between({}, at(1ns)));
  EXPECT_FALSE(between(at(3ns), at(1ns)));
}

}  // namespace
}  // namespace pentad::command
