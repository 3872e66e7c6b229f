#include "pentad/base/five_tuple_filter.hpp"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

#include "pentad/base/error.hpp"
#include "tests/base/generate.hpp"

namespace pentad {
namespace {

constexpr endpoint client{ip_address::v4(10, 9, 0, 1), 41000};
constexpr endpoint server{ip_address::v4(10, 9, 0, 2), 6667};
constexpr five_tuple connection{ip_protocol::tcp, client, server};

static_assert(std::is_trivially_copyable_v<five_tuple_filter>);
static_assert(std::is_trivially_destructible_v<five_tuple_filter>);
static_assert(five_tuple_filter{}.matches(connection));

TEST(five_tuple_filter, keeps_the_text_it_was_read_from) {
  for (const std::string_view text :
       {"* *:* > *:*", "tcp *:* > 10.0.0.1:*", "udp [fe80::1%lo]:53 > *:*", "udp [::]:* > *:53",
        "tcp 10.9.0.1:41000 > 10.9.0.2:6667", "* 10.9.0.1:* > *:0", "icmp 10.9.0.1 > *",
        "icmp * > *", "icmpv6 fe80::1%lo > *", "icmp *:0 > 10.9.0.2:7", "132 * > 10.0.0.1"}) {
    const auto filter = five_tuple_filter::parse(text);
    ASSERT_TRUE(filter) << text << ": " << filter.error().message();
    EXPECT_EQ(to_string(*filter), text);
  }
}

TEST(five_tuple_filter, takes_any_port_where_a_protocol_has_none) {
  EXPECT_EQ(five_tuple_filter::parse("icmp *:* > 10.9.0.2:*"),
            five_tuple_filter::parse("icmp * > 10.9.0.2"));
}

TEST(five_tuple_filter, matches_what_agrees_in_every_value_it_names) {
  for (const std::string_view text :
       {"* *:* > *:*", "tcp *:* > *:*", "* 10.9.0.1:* > *:*", "* *:41000 > *:*",
        "* *:* > 10.9.0.2:*", "* *:* > *:6667", "tcp 10.9.0.1:41000 > 10.9.0.2:6667"}) {
    EXPECT_TRUE(five_tuple_filter::parse(text)->matches(connection)) << text;
  }
  for (const std::string_view text :
       {"udp *:* > *:*", "* 10.9.0.2:* > *:*", "* *:6667 > *:*", "* *:* > 10.9.0.1:*",
        "* *:* > *:41000", "* [::]:* > *:*", "* *:0 > *:*", "tcp 10.9.0.1:41000 > 10.9.0.2:6668"}) {
    EXPECT_FALSE(five_tuple_filter::parse(text)->matches(connection)) << text;
  }
}

TEST(five_tuple_filter, matches_the_tuple_whose_text_it_has) {
  test::generator generate;
  for (int i = 0; i != 10000; ++i) {
    const five_tuple x = generate.tuple();
    const auto filter = five_tuple_filter::parse(to_string(x));
    ASSERT_TRUE(filter) << to_string(x);
    EXPECT_TRUE(filter->matches(x)) << to_string(x);
  }
}

TEST(five_tuple_filter, survives_being_written_and_read) {
  test::generator generate;
  for (int i = 0; i != 10000; ++i) {
    const five_tuple values = generate.tuple();
    five_tuple_filter x;
    if (generate.coin()) x.protocol = values.protocol;
    if (generate.coin()) x.local.address = values.local.address;
    if (generate.coin()) x.local.port = values.local.port;
    if (generate.coin()) x.remote.address = values.remote.address;
    if (generate.coin()) x.remote.port = values.remote.port;
    const std::string text = to_string(x);
    EXPECT_EQ(five_tuple_filter::parse(text), x) << text;
    EXPECT_TRUE(x.matches(values)) << text;
  }
}

TEST(five_tuple_filter, says_that_there_is_no_such_interface) {
  for (const std::string_view text :
       {"udp [fe80::1%no-such-device]:1 > *:*", "icmpv6 * > fe80::2%no-such-device"}) {
    EXPECT_EQ(five_tuple_filter::parse(text).error(), std::errc::no_such_device) << text;
  }
}

TEST(five_tuple_filter, refuses_other_text_and_says_what_is_wrong) {
  const struct {
    std::string_view text;
    errc error;
  } cases[] = {
      {"", errc::malformed_tuple},
      {"*", errc::malformed_tuple},
      {"* *:*", errc::malformed_tuple},
      {"* *:* > ", errc::malformed_address},
      {"* * > *", errc::malformed_address},
      {"tcp * > *", errc::malformed_address},
      {"** *:* > *:*", errc::malformed_protocol},
      {"* [*]:* > *:*", errc::malformed_address},
      {"* 10.9.*:* > *:*", errc::malformed_address},
      {"* *:6* > *:*", errc::malformed_address},
      {"* *:65536 > *:*", errc::malformed_address},
      {"* ::1:* > *:*", errc::malformed_address},
      {"* [10.9.0.1]:* > *:*", errc::malformed_address},
      {"icmpv6 [::1] > *", errc::malformed_address},
  };
  for (const auto& [text, error] : cases) {
    const auto parsed = five_tuple_filter::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error(), error) << text << ": " << parsed.error().message();
  }
}

}  // namespace
}  // namespace pentad
