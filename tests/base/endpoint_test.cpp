#include "pentad/base/endpoint.hpp"

#include <gtest/gtest.h>

#include <type_traits>
#include <unordered_set>

#include "pentad/base/error.hpp"
#include "pentad/base/host_port.hpp"
#include "tests/base/generate.hpp"

namespace pentad {
namespace {

constexpr endpoint server{ip_address::v4(10, 9, 0, 1), 6667};

static_assert(std::is_trivially_copyable_v<endpoint>);
static_assert(std::is_trivially_destructible_v<endpoint>);
static_assert(endpoint{} == endpoint{ip_address::any(ip_version::v4), 0});
static_assert(server < endpoint{ip_address::v4(10, 9, 0, 1), 6668});
static_assert(server < endpoint{ip_address::v4(10, 9, 0, 2), 1});
static_assert(split_host_port("[a]:b")->host == "a" && split_host_port("a:b")->port == "b");
static_assert(!split_host_port("a") && !split_host_port("a:b:c"));

TEST(endpoint, writes_address_and_port) {
  EXPECT_EQ(to_string(server), "10.9.0.1:6667");
  EXPECT_EQ(to_string(endpoint{ip_address::loopback(ip_version::v6), 53}), "[::1]:53");
  EXPECT_EQ(to_string(*endpoint::parse("[fe80::1%lo]:53")), "[fe80::1%lo]:53");
}

TEST(endpoint, reads_address_and_port) {
  EXPECT_EQ(endpoint::parse("10.9.0.1:6667"), server);
  EXPECT_EQ(endpoint::parse("[::]:0"), (endpoint{ip_address::any(ip_version::v6), 0}));
  EXPECT_EQ(endpoint::parse("0.0.0.0:65535"), (endpoint{ip_address{}, 65535}));
}

TEST(endpoint, refuses_other_text) {
  for (const std::string_view text : {"",
                                      ":",
                                      ":80",
                                      "1.2.3.4",
                                      "1.2.3.4:",
                                      "1.2.3.4:65536",
                                      "1.2.3.4:-1",
                                      "1.2.3.4:080",
                                      "1.2.3.4: 80",
                                      "1.2.3.4:80 ",
                                      " 1.2.3.4:80",
                                      "1.2.3.4:80:90",
                                      "[1.2.3.4]:80",
                                      "::1:80",
                                      "[::1]",
                                      "[::1]80",
                                      "[::1]:",
                                      "[::1:80",
                                      "::1]:80",
                                      "[[::1]]:80",
                                      "[]:80",
                                      "[::1%]:80",
                                      "[::1]:80]",
                                      "localhost:80",
                                      "*:80"}) {
    const auto parsed = endpoint::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error(), errc::malformed_address) << text;
  }
}

TEST(endpoint, says_that_there_is_no_such_interface) {
  EXPECT_EQ(endpoint::parse("[fe80::1%no-such-device]:1").error(), std::errc::no_such_device);
}

TEST(endpoint, survives_being_written_and_read) {
  test::generator generate;
  for (int i = 0; i != 10000; ++i) {
    const endpoint x = generate.end();
    EXPECT_EQ(endpoint::parse(to_string(x)), x) << to_string(x);
  }
}

TEST(endpoint, has_room_for_its_longest_text) {
  std::array<std::byte, 16> ones;
  ones.fill(std::byte{0xff});
  const endpoint longest{ip_address::v6(ones, UINT32_MAX), 65535};
  EXPECT_EQ(to_string(longest), "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295]:65535");
  EXPECT_EQ(to_json(longest),
            R"({"address":"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295","port":65535})");
}

TEST(endpoint, writes_json) { EXPECT_EQ(to_json(server), R"({"address":"10.9.0.1","port":6667})"); }

TEST(endpoint, hashes_address_and_port) {
  const std::hash<endpoint> hash;
  const std::unordered_set<std::size_t> hashes{
      hash(server), hash(endpoint{server.address, 6668}),
      hash(endpoint{ip_address::v4(10, 9, 0, 2), server.port})};
  EXPECT_EQ(hashes.size(), 3U);
}

}  // namespace
}  // namespace pentad
