#include "pentad/wire/dhcpv4.hpp"

#include <gtest/gtest.h>

#include "pentad/base/byte_order.hpp"
#include "pentad/base/ip_literal.hpp"
#include "tests/wire/bytes.hpp"

namespace pentad::wire {
namespace {

using test::byte_vector;
using test::bytes;

constexpr mac_address mac{2, 0, 0, 0, 0, 1};

/// The fixed part of a reply, and options behind it.
byte_vector reply(std::string_view options) {
  byte_vector message(240);
  message[0] = std::byte{2};
  message[1] = std::byte{1};
  message[2] = std::byte{6};
  store_be32(&message[4], 0x12345678);
  message[16] = std::byte{10};
  message[19] = std::byte{7};
  store_be32(&message[236], 0x63825363);
  const byte_vector more = bytes(options);
  message.insert(message.end(), more.begin(), more.end());
  return message;
}

TEST(dhcpv4, writes_what_it_reads) {
  const byte_vector identifier = bytes("0070656e746164");
  dhcpv4_request request;
  request.type = dhcpv4_type::request;
  request.transaction = 0xcafe;
  request.seconds = 3;
  request.broadcast = true;
  request.client = ip_address::v4(10, 0, 0, 9);
  request.mac = mac;
  request.requested = ip_address::v4(10, 0, 0, 7);
  request.server = ip_address::v4(10, 0, 0, 1);
  request.client_identifier = identifier;
  test::exact_copy out{byte_vector(request.size(), std::byte{0xee})};
  request.emit(out.span());
  EXPECT_GE(request.size(), 300U);
  EXPECT_EQ(out.span()[10], std::byte{0x80});
  const auto view = dhcpv4_view::parse(out.span());
  ASSERT_TRUE(view);
  EXPECT_FALSE(view->is_reply());
  EXPECT_EQ(view->type(), dhcpv4_type::request);
  EXPECT_EQ(view->transaction(), 0xcafeU);
  EXPECT_EQ(view->client(), request.client);
  EXPECT_EQ(view->mac(), mac);
  EXPECT_EQ(view->address(dhcpv4_option::requested_address), request.requested);
  EXPECT_EQ(view->address(dhcpv4_option::server_identifier), request.server);
  std::array<std::byte, 255> room{};
  const auto value = view->value(dhcpv4_option::client_identifier, room);
  ASSERT_TRUE(value);
  EXPECT_TRUE(std::ranges::equal(*value, identifier));
}

TEST(dhcpv4, reads_an_acknowledgement) {
  const byte_vector message = reply("350105 3304 00000e10 3604 0a000001 00 1a02 0578 ff");
  const auto view = dhcpv4_view::parse(message);
  ASSERT_TRUE(view);
  EXPECT_TRUE(view->is_reply());
  EXPECT_EQ(view->type(), dhcpv4_type::acknowledgement);
  EXPECT_EQ(view->offered(), ip_address::v4(10, 0, 0, 7));
  EXPECT_EQ(view->number(dhcpv4_option::lease_time), 3600U);
  EXPECT_EQ(view->number(dhcpv4_option::interface_mtu), 1400U);
  EXPECT_EQ(view->address(dhcpv4_option::server_identifier), ip_address::v4(10, 0, 0, 1));
  EXPECT_EQ(view->address(dhcpv4_option::routers), std::nullopt);
  EXPECT_EQ(view->number(dhcpv4_option::message_type), std::nullopt) << "of another length";
}

TEST(dhcpv4, joins_options_that_are_spread) {
  byte_vector message = reply("350105 340103 0602 0a00 ff");
  const byte_vector in_file = bytes("0601 00 ff");
  const byte_vector in_name = bytes("0601 01 ff");
  std::ranges::copy(in_file, message.begin() + 108);
  std::ranges::copy(in_name, message.begin() + 44);
  const auto view = dhcpv4_view::parse(message);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->address(dhcpv4_option::name_servers), ip_address::v4(10, 0, 0, 1));
}

TEST(dhcpv4, gives_no_more_than_there_is_room_for) {
  const byte_vector message = reply("0608 0a000001 0a000002 ff");
  std::array<std::byte, 4> room{};
  const auto value = dhcpv4_view::parse(message)->value(dhcpv4_option::name_servers, room);
  ASSERT_TRUE(value);
  EXPECT_EQ(value->size(), 4U);
}

TEST(dhcpv4, refuses_what_is_no_message_of_its_own) {
  EXPECT_EQ(dhcpv4_view::parse(byte_vector(239)).error(), parse_error::truncated);
  EXPECT_EQ(dhcpv4_view::parse(byte_vector(240)).error(), parse_error::malformed);
  EXPECT_EQ(dhcpv4_view::parse(reply("3304 0000")).error(), parse_error::truncated);
  EXPECT_EQ(dhcpv4_view::parse(reply("33")).error(), parse_error::truncated);
  byte_vector token_ring = reply("ff");
  token_ring[1] = std::byte{6};
  EXPECT_EQ(dhcpv4_view::parse(token_ring).error(), parse_error::unsupported);
  byte_vector overloaded = reply("340101 ff");
  overloaded[108] = std::byte{6};
  overloaded[109] = std::byte{200};
  EXPECT_EQ(dhcpv4_view::parse(overloaded).error(), parse_error::truncated);
}

}  // namespace
}  // namespace pentad::wire
