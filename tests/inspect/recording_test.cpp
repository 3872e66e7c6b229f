#include "pentad/inspect/recording.hpp"

#include <gtest/gtest.h>

#include <array>

namespace pentad {
namespace {

constexpr std::array frame{std::byte{1}, std::byte{2}, std::byte{3}};

wire::pcapng_packet packet_of(std::uint32_t interface) {
  return {.interface_index = interface,
          .timestamp = 1'700'000'000'000'000'000,
          .bytes = frame,
          .original_length = 60,
          .direction = wire::pcapng_direction::outbound};
}

TEST(recording_, has_a_section_then_interfaces_and_their_packets) {
  recording made("test");
  EXPECT_EQ(made.add_interface("eth0"), 0U);
  made.add(packet_of(0));
  EXPECT_EQ(made.add_interface("tun0", wire::pcapng_link::raw_ip), 1U);
  made.add(packet_of(1));

  wire::pcapng_reader reader(made.bytes());
  EXPECT_EQ(std::get<wire::pcapng_section>(**reader.next()).application, "test");
  EXPECT_EQ(std::get<wire::pcapng_interface>(**reader.next()).name, "eth0");
  const auto first = std::get<wire::pcapng_packet>(**reader.next());
  EXPECT_EQ(first.timestamp, 1'700'000'000'000'000'000U);
  EXPECT_EQ(first.original_length, 60U);
  EXPECT_EQ(first.direction, wire::pcapng_direction::outbound);
  EXPECT_EQ(std::get<wire::pcapng_interface>(**reader.next()).link, wire::pcapng_link::raw_ip);
  EXPECT_EQ(std::get<wire::pcapng_packet>(**reader.next()).interface_index, 1U);
  EXPECT_FALSE(reader.next().value());
}

TEST(recording_, goes_on_after_it_was_written) {
  recording made("test");
  made.add_interface("eth0");
  std::vector<std::byte> file(made.bytes().begin(), made.bytes().end());
  made.clear();
  EXPECT_TRUE(made.bytes().empty());
  made.add(packet_of(made.add_interface("eth1")));
  file.insert(file.end(), made.bytes().begin(), made.bytes().end());
  wire::pcapng_reader reader(file);
  for (int i = 0; i != 3; ++i) EXPECT_TRUE(reader.next().value());
  EXPECT_EQ(std::get<wire::pcapng_packet>(**reader.next()).interface_index, 1U);
}

TEST(recording_, can_take_back_what_came_last) {
  recording made("test");
  made.add_interface("eth0");
  const std::size_t before = made.bytes().size();
  made.add(packet_of(0));
  made.cut(before);
  EXPECT_EQ(made.bytes().size(), before);
}

}  // namespace
}  // namespace pentad
