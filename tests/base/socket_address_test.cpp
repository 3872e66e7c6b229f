#include "pentad/base/socket_address.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <type_traits>

namespace pentad {
namespace {

constexpr endpoint server{ip_address::v4(10, 9, 0, 1), 6667};

static_assert(std::is_trivially_copyable_v<socket_address>);
static_assert(std::is_trivially_destructible_v<socket_address>);
static_assert(std::is_convertible_v<endpoint, socket_address>);
static_assert(std::is_convertible_v<unix_endpoint, socket_address>);
static_assert(socket_address{server}.is_ip() && socket_address{server}.ip() == server);
static_assert(socket_address{unix_endpoint{}}.is_unix());
static_assert(socket_address{} == socket_address{endpoint{}});

TEST(socket_address, holds_either_kind) {
  const unix_endpoint path = *unix_endpoint::parse("/run/chat");
  socket_address x = server;
  EXPECT_TRUE(x.is_ip());
  EXPECT_FALSE(x.is_unix());
  EXPECT_EQ(x.ip(), server);
  x = path;
  EXPECT_TRUE(x.is_unix());
  EXPECT_FALSE(x.is_ip());
  EXPECT_EQ(x.unix_path(), path);
}

TEST(socket_address, throws_when_asked_for_the_other_kind) {
  const socket_address ip = server;
  const socket_address local = unix_endpoint{};
  EXPECT_THROW(static_cast<void>(ip.unix_path()), std::logic_error);
  EXPECT_THROW(static_cast<void>(local.ip()), std::logic_error);
}

TEST(socket_address, is_equal_to_the_same_endpoint_alone) {
  const socket_address ip = server;
  EXPECT_EQ(ip, socket_address{server});
  EXPECT_NE(ip, socket_address{});
  EXPECT_NE(socket_address{}, socket_address{unix_endpoint{}});
  EXPECT_NE(socket_address{*unix_endpoint::parse("/a")}, socket_address{unix_endpoint{}});
}

TEST(socket_address, has_a_text) {
  EXPECT_EQ(to_string(socket_address{server}), "10.9.0.1:6667");
  EXPECT_EQ(to_string(socket_address{*unix_endpoint::parse("/run/chat")}), "unix:/run/chat");
  EXPECT_EQ(to_string(socket_address{*unix_endpoint::parse("@chat")}), "unix:@chat");
  EXPECT_EQ(to_string(socket_address{unix_endpoint{}}), "unix:");
}

}  // namespace
}  // namespace pentad
