#include "pentad/base/unix_endpoint.hpp"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>
#include <unordered_set>

#include "pentad/base/error.hpp"

namespace pentad {
namespace {

static_assert(std::is_trivially_copyable_v<unix_endpoint>);
static_assert(std::is_trivially_destructible_v<unix_endpoint>);
static_assert(unix_endpoint{}.is_unnamed() && unix_endpoint{}.path().empty());

TEST(unix_endpoint, is_a_path) {
  const auto x = unix_endpoint::parse("/run/chat");
  ASSERT_TRUE(x);
  EXPECT_EQ(x->path(), "/run/chat");
  EXPECT_FALSE(x->is_abstract());
  EXPECT_FALSE(x->is_unnamed());
  EXPECT_EQ(to_string(*x), "/run/chat");
}

TEST(unix_endpoint, is_an_abstract_name) {
  const auto x = unix_endpoint::parse("@chat");
  ASSERT_TRUE(x);
  EXPECT_TRUE(x->is_abstract());
  EXPECT_EQ(x->path(), "@chat");
}

TEST(unix_endpoint, keeps_zero_bytes_of_an_abstract_name) {
  using namespace std::string_view_literals;
  EXPECT_EQ(unix_endpoint::parse("@a\0b"sv)->path(), "@a\0b"sv);
}

TEST(unix_endpoint, holds_the_longest_path_and_no_longer) {
  const std::string longest(unix_endpoint::longest_path, 'p');
  EXPECT_EQ(unix_endpoint::parse(longest)->path(), longest);
  EXPECT_EQ(unix_endpoint::parse(longest + "p").error(), std::errc::filename_too_long);
}

TEST(unix_endpoint, holds_the_longest_abstract_name_and_no_longer) {
  const std::string longest = "@" + std::string(unix_endpoint::longest_abstract_name, 'a');
  EXPECT_EQ(unix_endpoint::parse(longest)->path(), longest);
  EXPECT_EQ(unix_endpoint::parse(longest + "a").error(), std::errc::filename_too_long);
}

TEST(unix_endpoint, refuses_empty_text_and_zero_bytes_in_a_path) {
  using namespace std::string_view_literals;
  EXPECT_EQ(unix_endpoint::parse("").error(), errc::malformed_address);
  EXPECT_EQ(unix_endpoint::parse("/run/a\0b"sv).error(), errc::malformed_address);
}

TEST(unix_endpoint, is_ordered_and_hashed_by_its_text) {
  const auto a = *unix_endpoint::parse("/a");
  const auto ab = *unix_endpoint::parse("/ab");
  EXPECT_LT(unix_endpoint{}, a);
  EXPECT_LT(a, ab);
  EXPECT_EQ(a, *unix_endpoint::parse("/a"));
  const std::unordered_set<unix_endpoint> set{a, ab, *unix_endpoint::parse("/a")};
  EXPECT_EQ(set.size(), 2U);
}

}  // namespace
}  // namespace pentad
