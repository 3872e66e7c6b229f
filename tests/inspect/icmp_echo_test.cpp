#include "pentad/inspect/icmp_echo.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "pentad/wire/checksum.hpp"

namespace pentad {
namespace {

constexpr std::array data{std::byte{'h'}, std::byte{'i'}, std::byte{'!'}};

std::array<std::byte, 11> emitted(ip_version version, bool is_reply) {
  const icmp_echo echo{.is_reply = is_reply, .identifier = 0x1234, .sequence = 7, .data = data};
  std::array<std::byte, 11> message{};
  EXPECT_EQ(echo.size(), message.size());
  echo.emit(version, message);
  return message;
}

TEST(icmp_echo_, is_read_as_it_was_written) {
  for (const ip_version version : {ip_version::v4, ip_version::v6}) {
    for (const bool is_reply : {false, true}) {
      const auto message = emitted(version, is_reply);
      const auto read = icmp_echo::parse(version, message);
      ASSERT_TRUE(read);
      EXPECT_EQ(read->is_reply, is_reply);
      EXPECT_EQ(read->identifier, 0x1234);
      EXPECT_EQ(read->sequence, 7);
      EXPECT_TRUE(std::ranges::equal(read->data, data));
    }
  }
}

TEST(icmp_echo_, has_its_checksum_in_ipv4_and_leaves_it_to_the_stack_in_ipv6) {
  EXPECT_EQ(wire::internet_sum(emitted(ip_version::v4, false)).folded(), 0xffff);
  const auto v6 = emitted(ip_version::v6, false);
  EXPECT_EQ(v6[2], std::byte{0});
  EXPECT_EQ(v6[3], std::byte{0});
}

TEST(icmp_echo_, is_of_one_version) {
  EXPECT_FALSE(icmp_echo::parse(ip_version::v6, emitted(ip_version::v4, false)));
  EXPECT_FALSE(icmp_echo::parse(ip_version::v4, emitted(ip_version::v6, true)));
}

TEST(icmp_echo_, is_not_read_from_other_or_short_messages) {
  auto message = emitted(ip_version::v4, false);
  EXPECT_FALSE(icmp_echo::parse(ip_version::v4, std::span(message).first(7)));
  message[0] = std::byte{3};
  EXPECT_FALSE(icmp_echo::parse(ip_version::v4, message));
}

}  // namespace
}  // namespace pentad
