#include "pentad/base/five_tuple.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <type_traits>
#include <unordered_set>
#include <vector>

#include "pentad/base/error.hpp"
#include "tests/base/generate.hpp"

namespace pentad {
namespace {

constexpr endpoint client{ip_address::v4(10, 9, 0, 1), 41000};
constexpr endpoint server{ip_address::v4(10, 9, 0, 2), 6667};
constexpr five_tuple connection{ip_protocol::tcp, client, server};

static_assert(std::is_trivially_copyable_v<five_tuple>);
static_assert(std::is_trivially_destructible_v<five_tuple>);
static_assert(connection.swapped() == five_tuple{ip_protocol::tcp, server, client});
static_assert(connection.swapped().swapped() == connection);
static_assert(connection < connection.swapped());
static_assert(connection < five_tuple{ip_protocol::udp, client, server});
static_assert(connection.hash() != connection.swapped().hash());

TEST(five_tuple, writes_one_line) {
  EXPECT_EQ(to_string(connection), "tcp 10.9.0.1:41000 > 10.9.0.2:6667");
  EXPECT_EQ(to_string(five_tuple{ip_protocol::udp, *endpoint::parse("[fe80::1%lo]:53"), server}),
            "udp [fe80::1%lo]:53 > 10.9.0.2:6667");
}

TEST(five_tuple, leaves_out_the_ports_that_a_protocol_has_not) {
  const five_tuple ping{ip_protocol::icmp, {client.address, 0}, {server.address, 0}};
  EXPECT_EQ(to_string(ping), "icmp 10.9.0.1 > 10.9.0.2");
  EXPECT_EQ(five_tuple::parse("icmp 10.9.0.1 > 10.9.0.2"), ping);

  const ip_address here = *ip_address::parse("fe80::1%lo");
  const five_tuple ping6{ip_protocol::icmpv6, {here, 0}, {ip_address::loopback(ip_version::v6), 0}};
  EXPECT_EQ(to_string(ping6), "icmpv6 fe80::1%lo > ::1");
  EXPECT_EQ(five_tuple::parse("icmpv6 fe80::1%lo > ::1"), ping6);
}

TEST(five_tuple, keeps_ports_that_were_set_for_such_a_protocol) {
  const five_tuple odd{ip_protocol{132}, {client.address, 7}, {server.address, 0}};
  EXPECT_EQ(to_string(odd), "132 10.9.0.1:7 > 10.9.0.2");
  EXPECT_EQ(five_tuple::parse(to_string(odd)), odd);
}

TEST(five_tuple, refuses_other_text_and_says_what_is_wrong) {
  const struct {
    std::string_view text;
    errc error;
  } cases[] = {
      {"", errc::malformed_tuple},
      {"tcp", errc::malformed_tuple},
      {"tcp 10.9.0.1:1", errc::malformed_tuple},
      {"tcp 10.9.0.1:1 10.9.0.2:2", errc::malformed_tuple},
      {"tcp 10.9.0.1:1>10.9.0.2:2", errc::malformed_tuple},
      {"tcp 10.9.0.1:1 < 10.9.0.2:2", errc::malformed_tuple},
      {"tcp  10.9.0.1:1 > 10.9.0.2:2", errc::malformed_address},
      {"tcp 10.9.0.1:1 >  10.9.0.2:2", errc::malformed_address},
      {"tcp 10.9.0.1:1 > 10.9.0.2:2 ", errc::malformed_address},
      {"tcp 10.9.0.1:1 > 10.9.0.2:2 > 10.9.0.3:3", errc::malformed_address},
      {" tcp 10.9.0.1:1 > 10.9.0.2:2", errc::malformed_protocol},
      {"tcq 10.9.0.1:1 > 10.9.0.2:2", errc::malformed_protocol},
      {"* 10.9.0.1:1 > 10.9.0.2:2", errc::malformed_protocol},
      {"256 10.9.0.1 > 10.9.0.2", errc::malformed_protocol},
      {"tcp 10.9.0.1 > 10.9.0.2", errc::malformed_address},
      {"tcp 10.9.0.1:1 > *:*", errc::malformed_address},
      {"tcp ::1:1 > [::1]:2", errc::malformed_address},
      {"icmp 10.9.0.1 > [10.9.0.2]", errc::malformed_address},
      {"icmpv6 [::1] > ::1", errc::malformed_address},
  };
  for (const auto& [text, error] : cases) {
    const auto parsed = five_tuple::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error(), error) << text << ": " << parsed.error().message();
  }
}

TEST(five_tuple, says_that_there_is_no_such_interface) {
  for (const std::string_view text : {"udp [fe80::1%no-such-device]:1 > [fe80::2]:2",
                                      "icmpv6 fe80::1 > fe80::2%no-such-device"}) {
    EXPECT_EQ(five_tuple::parse(text).error(), std::errc::no_such_device) << text;
  }
}

TEST(five_tuple, survives_being_written_and_read) {
  test::generator generate;
  for (int i = 0; i != 10000; ++i) {
    const five_tuple x = generate.tuple();
    const std::string text = to_string(x);
    EXPECT_EQ(five_tuple::parse(text), x) << text;
    EXPECT_LE(text.size(), five_tuple::text_capacity);
  }
}

TEST(five_tuple, is_ordered_by_each_value_in_turn) {
  const five_tuple low{ip_protocol::tcp, client, client};
  const endpoint higher_address{ip_address::v4(10, 9, 0, 9), 1};
  const endpoint higher_port{client.address, 41001};
  const std::set<five_tuple> sorted{
      {ip_protocol::udp, client, client},      {ip_protocol::tcp, higher_address, client},
      {ip_protocol::tcp, higher_port, client}, {ip_protocol::tcp, client, higher_address},
      {ip_protocol::tcp, client, higher_port}, low};
  const std::vector<five_tuple> expected{low,
                                         {ip_protocol::tcp, client, higher_port},
                                         {ip_protocol::tcp, client, higher_address},
                                         {ip_protocol::tcp, higher_port, client},
                                         {ip_protocol::tcp, higher_address, client},
                                         {ip_protocol::udp, client, client}};
  EXPECT_EQ((std::vector<five_tuple>{sorted.begin(), sorted.end()}), expected);
}

TEST(five_tuple, hashes_all_five_values) {
  const endpoint other_address{ip_address::v4(10, 9, 0, 3), 6667};
  const endpoint other_port{ip_address::v4(10, 9, 0, 2), 6668};
  const std::unordered_set<std::uint64_t> hashes{
      connection.hash(),
      five_tuple{ip_protocol::udp, client, server}.hash(),
      five_tuple{ip_protocol::tcp, {other_address.address, client.port}, server}.hash(),
      five_tuple{ip_protocol::tcp, {client.address, other_port.port}, server}.hash(),
      five_tuple{ip_protocol::tcp, client, other_address}.hash(),
      five_tuple{ip_protocol::tcp, client, other_port}.hash(),
      connection.hash(1)};
  EXPECT_EQ(hashes.size(), 7U);
}

TEST(five_tuple, spreads_many_connections_of_one_server_evenly) {
  constexpr std::size_t buckets = 1024;
  constexpr std::size_t per_bucket = 16;
  std::array<std::size_t, buckets> low_bits{};
  std::array<std::size_t, buckets> high_bits{};
  for (std::size_t i = 0; i != buckets * per_bucket; ++i) {
    const endpoint peer{ip_address::v4(10, 9, static_cast<std::uint8_t>(i >> 8 & 3),
                                       static_cast<std::uint8_t>(i & 0xff)),
                        static_cast<std::uint16_t>(40000 + (i >> 10))};
    const std::uint64_t hash = five_tuple{ip_protocol::tcp, server, peer}.hash();
    ++low_bits[hash % buckets];
    ++high_bits[hash >> 54];
  }
  // A fair hash leaves a Poisson distribution of mean 16: more than 48 in one bucket is a flaw.
  EXPECT_LE(*std::max_element(low_bits.begin(), low_bits.end()), 3 * per_bucket);
  EXPECT_LE(*std::max_element(high_bits.begin(), high_bits.end()), 3 * per_bucket);
}

TEST(five_tuple, writes_json) {
  EXPECT_EQ(to_json(connection), R"({"protocol":"tcp","local":{"address":"10.9.0.1","port":41000},)"
                                 R"("remote":{"address":"10.9.0.2","port":6667}})");
}

TEST(five_tuple, has_room_for_its_longest_json) {
  std::array<std::byte, 16> ones;
  ones.fill(std::byte{0xff});
  const endpoint longest{ip_address::v6(ones, UINT32_MAX), 65535};
  const std::string end = to_json(longest);
  EXPECT_EQ(to_json(five_tuple{ip_protocol::icmpv6, longest, longest}),
            R"({"protocol":"icmpv6","local":)" + end + R"(,"remote":)" + end + "}");
}

}  // namespace
}  // namespace pentad
