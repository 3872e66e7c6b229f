#include "pentad/base/json_object.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace pentad {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(json_object, has_members_in_order) {
  json_object object;
  EXPECT_EQ(object.text(), "{}");
  object.add("a", "x").add("b", std::uint64_t{18446744073709551615U}).add("c", -1).add("d", true);
  object.add_json("e", "[1]");
  EXPECT_EQ(object.text(), R"({"a":"x","b":18446744073709551615,"c":-1,"d":true,"e":[1]})");
}

TEST(json_object, leaves_out_what_is_empty) {
  json_object object;
  object.add("none", std::optional<int>()).add("some", std::optional<int>(7));
  EXPECT_EQ(object.text(), R"({"some":7})");
}

TEST(json_string, escapes_what_would_end_or_hide_it) {
  EXPECT_EQ(quoted("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(quoted({"\0\n\x1b[2J\x7f", 7}), R"("\u0000\u000a\u001b[2J\u007f")");
}

TEST(json_string, keeps_utf8) {
  constexpr std::string_view text = "\u00e9 \u65e5 \U0001f600 \U0010ffff";
  EXPECT_EQ(quoted(text), "\"" + std::string(text) + "\"");
}

TEST(json_string, replaces_what_is_not_utf8) {
  const std::string other = "\"\xef\xbf\xbd\"";
  EXPECT_EQ(quoted("\xff"), other);
  EXPECT_EQ(quoted("\x80"), other);
  EXPECT_EQ(quoted("\xc3"), other);
  EXPECT_EQ(quoted("\xc3("), "\"\xef\xbf\xbd(\"");
  const std::string three = "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"";
  EXPECT_EQ(quoted("\xed\xa0\x80"), three) << "a surrogate";
  EXPECT_EQ(quoted("\xe0\x80\x80"), three) << "longer than it has to be";
  EXPECT_EQ(quoted("\xf4\x90\x80"), three) << "beyond the last";
}

}  // namespace
}  // namespace pentad
