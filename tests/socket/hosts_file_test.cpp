#include "pentad/socket/names/hosts_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pentad::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

ip_address address(std::string_view text) { return ip_address::parse(text).value(); }

TEST(hosts_file_, has_the_addresses_of_a_name_in_the_order_of_its_lines) {
  const hosts_file file = hosts_file::parse(
      "127.0.0.1 localhost\n"
      "::1\tlocalhost  ip6-localhost ip6-loopback\n"
      "192.0.2.7 printer.example printer\n"
      "192.0.2.8 printer\n");
  EXPECT_THAT(file.find("localhost"), ElementsAre(address("127.0.0.1"), address("::1")));
  EXPECT_THAT(file.find("ip6-loopback"), ElementsAre(address("::1")));
  EXPECT_THAT(file.find("printer.example"), ElementsAre(address("192.0.2.7")));
  EXPECT_THAT(file.find("printer"), ElementsAre(address("192.0.2.7"), address("192.0.2.8")));
  EXPECT_THAT(file.find("example"), IsEmpty());
  EXPECT_THAT(file.find(""), IsEmpty());
}

TEST(hosts_file_, knows_names_in_whatever_case_and_script_they_were_written) {
  const hosts_file file = hosts_file::parse(
      "192.0.2.1 Printer b\xc3\xbc"
      "cher.example\n");
  EXPECT_THAT(file.find("printer"), ElementsAre(address("192.0.2.1")));
  EXPECT_THAT(file.find("xn--bcher-kva.example"), ElementsAre(address("192.0.2.1")));
}

TEST(hosts_file_, passes_over_what_is_no_address_or_no_name) {
  const hosts_file file = hosts_file::parse(
      "# 192.0.2.1 comment\n"
      "192.0.2.256 wrong\n"
      "name 192.0.2.1\n"
      "192.0.2.2\n"
      "192.0.2.3 bad..name good # 192.0.2.4 comment\n"
      "\n"
      "192.0.2.5 good\r\n"
      "192.0.2.5 good\n"
      "192.0.2.6 last");
  EXPECT_THAT(file.find("comment"), IsEmpty());
  EXPECT_THAT(file.find("wrong"), IsEmpty());
  EXPECT_THAT(file.find("good"), ElementsAre(address("192.0.2.3"), address("192.0.2.5")));
  EXPECT_THAT(file.find("last"), ElementsAre(address("192.0.2.6")));
}

TEST(hosts_file_, keeps_the_interface_of_a_link_local_address) {
  const hosts_file file = hosts_file::parse("fe80::1%1 router\n");
  ASSERT_EQ(file.find("router").size(), 1U);
  EXPECT_EQ(file.find("router")[0].scope(), 1U);
}

}  // namespace
}  // namespace pentad::test
