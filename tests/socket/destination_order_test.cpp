#include "pentad/socket/names/destination_order.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pentad::names {
namespace {

using testing::ElementsAre;

ip_address address(std::string_view text) { return ip_address::parse(text).value(); }

destination to(std::string_view text, std::string_view source) {
  return {address(text), address(source)};
}

std::vector<std::string> ordered(std::vector<destination> destinations) {
  order_destinations(destinations);
  std::vector<std::string> texts;
  for (const destination& each : destinations) texts.push_back(to_string(each.address));
  return texts;
}

// The examples of RFC 6724, section 10.2, each in both orders. Those about home and deprecated
// addresses are left out: a socket does not know of them.
struct example {
  const char* name;
  const char* first;
  const char* source_of_first;
  const char* second;
  const char* source_of_second;
};

class rfc_6724 : public testing::TestWithParam<example> {};

TEST_P(rfc_6724, orders_its_example) {
  const example& of = GetParam();
  const destination first = to(of.first, of.source_of_first);
  const destination second = to(of.second, of.source_of_second);
  EXPECT_THAT(ordered({first, second}), ElementsAre(of.first, of.second));
  EXPECT_THAT(ordered({second, first}), ElementsAre(of.first, of.second));
}

INSTANTIATE_TEST_SUITE_P(
    section_10_2, rfc_6724,
    testing::Values(
        example{"matching_scope_v6", "2001:db8:1::1", "2001:db8:1::2", "198.51.100.121",
                "169.254.13.78"},
        example{"matching_scope_v4", "198.51.100.121", "198.51.100.117", "2001:db8:1::1",
                "fe80::1"},
        example{"higher_precedence", "2001:db8:1::1", "2001:db8:1::2", "10.1.2.3", "10.1.2.4"},
        example{"smaller_scope", "fe80::1", "fe80::2", "2001:db8:1::1", "2001:db8:1::2"},
        example{"longest_prefix", "2001:db8:1::1", "2001:db8:1::2", "2001:db8:3ffe::1",
                "2001:db8:3f44::2"},
        example{"matching_label", "2002:c633:6401::1", "2002:c633:6401::2", "2001:db8:1::1",
                "2002:c633:6401::2"},
        example{"higher_precedence_than_6to4", "2001:db8:1::1", "2001:db8:1::2",
                "2002:c633:6401::1", "2002:c633:6401::2"}),
    [](const auto& of) { return std::string(of.param.name); });

TEST(destination_order, has_those_last_that_cannot_be_reached) {
  EXPECT_THAT(ordered({{address("2001:db8::1")}, to("192.0.2.1", "192.0.2.9")}),
              ElementsAre("192.0.2.1", "2001:db8::1"));
  EXPECT_THAT(ordered({{address("::1")}, to("127.0.0.1", "127.0.0.1")}),
              ElementsAre("127.0.0.1", "::1"));
}

TEST(destination_order, prefers_private_ipv4_to_unique_local_ipv6_of_another_network) {
  // Rule 5: the label of fc00::/7 differs from that of a global source.
  EXPECT_THAT(ordered({to("fd00::1", "2001:db8::2"), to("10.0.0.1", "10.0.0.2")}),
              ElementsAre("10.0.0.1", "fd00::1"));
}

TEST(destination_order, keeps_the_order_of_a_server_that_spreads_its_load) {
  EXPECT_THAT(ordered({to("192.0.2.3", "192.0.2.2"), to("198.51.100.1", "192.0.2.2"),
                       to("192.0.2.1", "192.0.2.2")}),
              ElementsAre("192.0.2.3", "198.51.100.1", "192.0.2.1"));
  EXPECT_THAT(ordered({to("2001:db8::3", "2001:db8::2"), to("2001:db8::1", "2001:db8::2")}),
              ElementsAre("2001:db8::3", "2001:db8::1"))
      << "the prefix of a network is at most 64 bits long";
}

TEST(destination_order, has_nothing_to_do_with_nothing) { EXPECT_TRUE(ordered({}).empty()); }

}  // namespace
}  // namespace pentad::names
