#include "pentad/socket/names/host_name.hpp"

#include <gtest/gtest.h>

#include "pentad/base/error.hpp"

namespace pentad::names {
namespace {

std::string converted(std::string_view name) {
  const result<std::string> made = to_host_name(name);
  return made ? *made : "(" + made.error().message() + ")";
}

constexpr const char* not_found = "(host name not found)";

TEST(host_name, is_in_lower_case_and_keeps_the_dot_at_its_end) {
  EXPECT_EQ(converted("Www.Example.ORG"), "www.example.org");
  EXPECT_EQ(converted("example.org."), "example.org.");
  EXPECT_EQ(converted("_http._tcp.example"), "_http._tcp.example");
  EXPECT_EQ(converted("3com.com"), "3com.com");
}

TEST(host_name, is_of_any_script_and_asked_for_in_ascii) {
  EXPECT_EQ(converted("b\xc3\xbc"
                      "cher.example"),
            "xn--bcher-kva.example");
  EXPECT_EQ(converted("B\xc3\x9c"
                      "CHER.example"),
            "xn--bcher-kva.example");
  // IDNA 2008: the sharp s stays one (RFC 5894, section 7.2).
  EXPECT_EQ(converted("fa\xc3\x9f.de"), "xn--fa-hia.de");
  // The dot of ideographs (UTS 46).
  EXPECT_EQ(converted("\xe4\xbe\x8b\xe3\x80\x82jp"), "xn--fsq.jp");
}

TEST(host_name, is_not_everything) {
  const std::string label(64, 'a');
  const std::string long_name =
      label.substr(1) + "." + label.substr(1) + "." + label.substr(1) + "." + label.substr(2);
  EXPECT_EQ(long_name.size(), 254U);
  for (const std::string& name :
       {std::string(), std::string("."), std::string(".."), std::string("a..b"), std::string(".a"),
        std::string("no such name"), std::string("-a"), std::string("a-.b"), std::string("a\0b", 3),
        std::string("\xff\xfe"), std::string("a\\b"), label, long_name, std::string("256.0.0.1"),
        std::string("127.1"), std::string("1"),
        std::string("\xef\xbc\x91\xef\xbc\x92.\xef\xbc\x91"),
        std::string("\xc3\xbc") + std::string(100'000, 'a')}) {
    EXPECT_EQ(converted(name), not_found) << '"' << name.substr(0, 80) << '"';
  }
  EXPECT_EQ(converted(long_name.substr(1)), long_name.substr(1));
}

TEST(host_name, is_the_same_in_whatever_case) {
  EXPECT_TRUE(same_name("Example.ORG", "example.org"));
  EXPECT_FALSE(same_name("example.org", "example.or"));
  EXPECT_FALSE(same_name("example.org", "example-org"));
}

TEST(host_name, is_within_its_domain) {
  EXPECT_TRUE(is_within("localhost", "localhost"));
  EXPECT_TRUE(is_within("a.localhost", "localhost"));
  EXPECT_FALSE(is_within("alocalhost", "localhost"));
  EXPECT_FALSE(is_within("localhost.a", "localhost"));
}

}  // namespace
}  // namespace pentad::names
