// The classic Berkeley packet filter: what its instructions do, and that no program does harm.
#include "pentad/nic/packet_filter.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace pentad::test {
namespace {

using instruction = filter_instruction;
using program = std::vector<instruction>;

constexpr instruction ret(std::uint32_t bytes) { return {0x06, 0, 0, bytes}; }
constexpr instruction ret_a{0x16, 0, 0, 0};
constexpr instruction load(std::uint32_t number) { return {0x00, 0, 0, number}; }
constexpr instruction load_x(std::uint32_t number) { return {0x01, 0, 0, number}; }

constexpr auto frame = [] {
  std::array<std::byte, 64> bytes{};
  for (std::size_t i = 0; i != bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i);
  return bytes;
}();

std::uint32_t outcome(const program& of, const packet_filter::about_frame& about = {}) {
  const auto admitted = packet_filter::admit(of);
  EXPECT_TRUE(admitted);
  return admitted ? admitted->run(frame, about) : 0;
}

bool is_admitted(const program& of) { return packet_filter::admit(of).has_value(); }

TEST(packet_filter, without_a_program_lets_all_pass) {
  EXPECT_EQ(packet_filter().run(frame, {}), UINT32_MAX);
}

TEST(packet_filter, says_how_many_bytes_are_wanted) {
  EXPECT_EQ(outcome({ret(0)}), 0U);
  EXPECT_EQ(outcome({ret(96)}), 96U);
  EXPECT_EQ(outcome({load(7), ret_a}), 7U);
}

TEST(packet_filter, loads_what_the_frame_says) {
  EXPECT_EQ(outcome({{0x20, 0, 0, 4}, ret_a}), 0x04050607U);
  EXPECT_EQ(outcome({{0x28, 0, 0, 4}, ret_a}), 0x0405U);
  EXPECT_EQ(outcome({{0x30, 0, 0, 4}, ret_a}), 4U);
  EXPECT_EQ(outcome({load_x(10), {0x50, 0, 0, 4}, ret_a}), 14U);
  EXPECT_EQ(outcome({{0x80, 0, 0, 0}, ret_a}), 64U);
  EXPECT_EQ(outcome({{0xb1, 0, 0, 0x25}, {0x87, 0, 0, 0}, ret_a}), 20U) << "5 words of a header";
}

TEST(packet_filter, loads_what_the_frame_does_not_say) {
  EXPECT_EQ(outcome({{0x28, 0, 0, 0xfffff004}, ret_a}, {.is_outgoing = true}), 4U);
  EXPECT_EQ(outcome({{0x28, 0, 0, 0xfffff004}, ret_a}), 0U);
  EXPECT_EQ(outcome({{0x20, 0, 0, 0xfffff008}, ret_a}, {.interface = 3}), 3U);
  EXPECT_EQ(outcome({{0x20, 0, 0, 0xfffff020}, ret(1)}), 0U) << "nobody knows that";
}

TEST(packet_filter, computes) {
  const auto of = [](std::uint16_t code, std::uint32_t number) {
    return outcome({load(100), {code, 0, 0, number}, ret_a});
  };
  EXPECT_EQ(of(0x04, 7), 107U);
  EXPECT_EQ(of(0x14, 7), 93U);
  EXPECT_EQ(of(0x24, 7), 700U);
  EXPECT_EQ(of(0x34, 7), 14U);
  EXPECT_EQ(of(0x44, 3), 103U);
  EXPECT_EQ(of(0x54, 6), 4U);
  EXPECT_EQ(of(0x64, 3), 800U);
  EXPECT_EQ(of(0x74, 3), 12U);
  EXPECT_EQ(of(0x84, 0), UINT32_MAX - 99);
  EXPECT_EQ(of(0x94, 7), 2U);
  EXPECT_EQ(of(0xa4, 6), 98U);
}

TEST(packet_filter, jumps_by_what_holds) {
  const auto of = [](std::uint16_t code, std::uint32_t number) {
    return outcome({load(6), {code, 0, 1, number}, ret(1), ret(2)});
  };
  EXPECT_EQ(of(0x15, 6), 1U);
  EXPECT_EQ(of(0x15, 7), 2U);
  EXPECT_EQ(of(0x25, 5), 1U);
  EXPECT_EQ(of(0x25, 6), 2U);
  EXPECT_EQ(of(0x35, 6), 1U);
  EXPECT_EQ(of(0x35, 7), 2U);
  EXPECT_EQ(of(0x45, 2), 1U);
  EXPECT_EQ(of(0x45, 1), 2U);
  EXPECT_EQ(outcome({{0x05, 0, 0, 1}, ret(1), ret(2)}), 2U);
}

TEST(packet_filter, keeps_words) {
  EXPECT_EQ(outcome({load(9), {0x02, 0, 0, 15}, load(0), {0x60, 0, 0, 15}, ret_a}), 9U);
  EXPECT_EQ(outcome({load_x(9), {0x03, 0, 0, 0}, {0x60, 0, 0, 0}, ret_a}), 9U);
}

TEST(packet_filter, reads_nothing_behind_the_frame) {
  for (const std::uint32_t at : {61U, 64U, 0x7fffffffU, 0xffffefffU, 0xfffffffcU}) {
    EXPECT_EQ(outcome({{0x20, 0, 0, at}, ret(1)}), 0U) << at;
  }
  EXPECT_EQ(outcome({{0x20, 0, 0, 60}, ret(1)}), 1U);
  EXPECT_EQ(outcome({load_x(0xffffffff), {0x40, 0, 0, 2}, ret(1)}), 0U) << "the sum wraps";
  EXPECT_EQ(outcome({{0xb1, 0, 0, 64}, ret(1)}), 0U);
}

TEST(packet_filter, rejects_a_frame_instead_of_dividing_by_zero) {
  EXPECT_EQ(outcome({load(1), load_x(0), {0x3c, 0, 0, 0}, ret(1)}), 0U);
  EXPECT_EQ(outcome({load(1), load_x(0), {0x9c, 0, 0, 0}, ret(1)}), 0U);
  EXPECT_FALSE(is_admitted({load(1), {0x34, 0, 0, 0}, ret(1)}));
  EXPECT_FALSE(is_admitted({load(1), {0x94, 0, 0, 0}, ret(1)}));
}

TEST(packet_filter, shifts_by_any_number) {
  EXPECT_EQ(outcome({load(1), load_x(40), {0x6c, 0, 0, 0}, ret_a}), 0U);
  EXPECT_EQ(outcome({load(1), load_x(40), {0x7c, 0, 0, 0}, ret_a}), 0U);
  EXPECT_FALSE(is_admitted({load(1), {0x64, 0, 0, 32}, ret_a}));
}

TEST(packet_filter, admits_only_what_ends_within_itself) {
  EXPECT_FALSE(is_admitted({}));
  EXPECT_FALSE(is_admitted({load(1)})) << "no return";
  EXPECT_FALSE(is_admitted({{0x05, 0, 0, 1}, ret(1)})) << "a jump behind the end";
  EXPECT_FALSE(is_admitted({{0x05, 0, 0, 0xffffffff}, ret(1)})) << "a jump back";
  EXPECT_FALSE(is_admitted({{0x15, 1, 0, 0}, ret(1)}));
  EXPECT_FALSE(is_admitted({{0x15, 0, 1, 0}, ret(1)}));
  EXPECT_FALSE(is_admitted(program(packet_filter::most_instructions + 1, ret(1))));
  EXPECT_TRUE(is_admitted(program(packet_filter::most_instructions, ret(1))));
}

TEST(packet_filter, admits_only_what_it_knows) {
  EXPECT_FALSE(is_admitted({{0x02, 0, 0, 16}, ret(1)})) << "there are 16 words";
  EXPECT_FALSE(is_admitted({{0x60, 0, 0, 16}, ret(1)}));
  EXPECT_FALSE(is_admitted({{0x18, 0, 0, 0}, ret(1)})) << "no size of a load";
  EXPECT_FALSE(is_admitted({{0xc0, 0, 0, 0}, ret(1)})) << "no mode of a load";
  EXPECT_FALSE(is_admitted({{0x55, 0, 0, 0}, ret(1)})) << "no condition";
  EXPECT_FALSE(is_admitted({{0xb4, 0, 0, 1}, ret(1)})) << "no arithmetic";
  EXPECT_FALSE(is_admitted({{0x17, 0, 0, 0}, ret(1)}));
  EXPECT_FALSE(is_admitted({{0x106, 0, 0, 0}}));
}

// Whatever is admitted ends, and touches nothing that it may not: sanitizers would tell.
TEST(packet_filter, survives_any_program) {
  std::mt19937 random(1);
  std::size_t admitted = 0;
  for (int i = 0; i < 200'000; ++i) {
    program drawn(1 + random() % 6);
    for (instruction& each : drawn) {
      each.code = static_cast<std::uint16_t>(random() % 0x108);
      each.jump_true = static_cast<std::uint8_t>(random() % 4);
      each.jump_false = static_cast<std::uint8_t>(random() % 4);
      each.operand = static_cast<std::uint32_t>(random() % 3 == 0 ? random() : random() % 80);
    }
    drawn.push_back(ret(1));
    const auto filter = packet_filter::admit(drawn);
    if (!filter) continue;
    ++admitted;
    static_cast<void>(filter->run(frame, {}));
    static_cast<void>(filter->run({}, {}));
  }
  EXPECT_GT(admitted, 1000U);
}

}  // namespace
}  // namespace pentad::test
