#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "apps/messenger/irc/line_writer.hpp"
#include "apps/messenger/irc/message.hpp"

namespace pentad::messenger::irc {
namespace {

using ::testing::ElementsAreArray;

struct reading {
  std::string_view line;
  std::string_view tags;
  std::string_view source;
  std::string_view command;
  std::vector<std::string_view> parameters;
};

class a_line : public ::testing::TestWithParam<reading> {};

TEST_P(a_line, has_these_parts) {
  const reading& expected = GetParam();
  const auto read = parse(expected.line);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->tags, expected.tags);
  EXPECT_EQ(read->source, expected.source);
  EXPECT_EQ(read->command, expected.command);
  EXPECT_THAT(std::vector(read->parameters.begin(), read->parameters.end()),
              ElementsAreArray(expected.parameters));
}

TEST_P(a_line, is_the_same_when_written_and_read_again) {
  std::string text;
  write(text, *parse(GetParam().line));
  ASSERT_TRUE(text.ends_with("\r\n"));
  const auto again = parse(std::string_view{text}.substr(0, text.size() - 2));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->tags, GetParam().tags);
  EXPECT_EQ(again->source, GetParam().source);
  EXPECT_EQ(again->command, GetParam().command);
  EXPECT_THAT(std::vector(again->parameters.begin(), again->parameters.end()),
              ElementsAreArray(GetParam().parameters));
}

INSTANTIATE_TEST_SUITE_P(
    message, a_line,
    ::testing::Values(
        reading{"PING", "", "", "PING", {}}, reading{"foo bar baz", "", "", "foo", {"bar", "baz"}},
        reading{":coolguy foo bar baz", "", "coolguy", "foo", {"bar", "baz"}},
        reading{"foo bar baz :asdf quux", "", "", "foo", {"bar", "baz", "asdf quux"}},
        reading{"foo bar baz :", "", "", "foo", {"bar", "baz", ""}},
        reading{"foo bar baz ::asdf", "", "", "foo", {"bar", "baz", ":asdf"}},
        reading{"foo   bar   baz   :  asdf quux ", "", "", "foo", {"bar", "baz", "  asdf quux "}},
        reading{"  PING  x  ", "", "", "PING", {"x"}},
        reading{"COMMAND a:b c", "", "", "COMMAND", {"a:b", "c"}},
        reading{":gravel.mozilla.org 432  #momo :Erroneous Nickname",
                "",
                "gravel.mozilla.org",
                "432",
                {"#momo", "Erroneous Nickname"}},
        reading{"@a=b;c=32;k;rt=ql7 foo", "a=b;c=32;k;rt=ql7", "", "foo", {}},
        reading{"@a=b\\\\and\\nk;c=72\\s45 :src foo x",
                "a=b\\\\and\\nk;c=72\\s45",
                "src",
                "foo",
                {"x"}},
        reading{"@ foo", "", "", "foo", {}}, reading{"@x   foo", "x", "", "foo", {}},
        reading{"c 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15",
                "",
                "",
                "c",
                {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"}},
        // The fifteenth parameter takes the rest.
        reading{"c 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 :17",
                "",
                "",
                "c",
                {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14",
                 "15 16 :17"}},
        reading{
            "c 1 2 3 4 5 6 7 8 9 10 11 12 13 14 :15 16",
            "",
            "",
            "c",
            {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15 16"}}));

TEST(message, is_refused_when_it_has_no_command) {
  for (const std::string_view line : {":source", ":source ", ":", ": foo", "@tag", "@tag ", "@",
                                      "@tag :source", ":a :b", ":a @b", "@a @b c", "!"}) {
    EXPECT_EQ(parse(line).error(), parse_error::malformed) << line;
  }
}

TEST(message, is_nothing_when_there_are_only_spaces) {
  for (const std::string_view line : {"", " ", "    "}) {
    EXPECT_EQ(parse(line).error(), parse_error::empty) << line;
  }
}

TEST(message, is_refused_with_a_byte_that_a_line_cannot_have) {
  using std::string_view_literals::operator""sv;
  for (const std::string_view line : {"PRIVMSG a :b\0c"sv, "PRIVMSG a\r"sv, "@a=\n PING"sv}) {
    EXPECT_EQ(parse(line).error(), parse_error::forbidden_byte) << line;
  }
}

TEST(message, may_be_512_bytes_long_with_its_end) {
  const std::string longest = "PING :" + std::string(510 - 6, 'x');
  EXPECT_TRUE(parse(longest));
  EXPECT_EQ(parse(longest + "x").error(), parse_error::too_long);
  EXPECT_TRUE(parse(longest + "x", {.line = 513, .tags = 0}));
}

TEST(message, may_have_4094_bytes_of_tags_beside_them) {
  const std::string tags(4094, 't');
  const std::string longest = "PING :" + std::string(510 - 6, 'x');
  const std::string fits = "@" + tags + " " + longest;
  const std::string too_long = "@t" + tags + " PING";
  EXPECT_TRUE(parse(fits));
  EXPECT_EQ(parse(too_long).error(), parse_error::too_long);
  EXPECT_TRUE(parse(too_long, from_server));
}

TEST(line_writer, writes_one_part_after_the_other) {
  std::string out = "before\r\n";
  line_writer{out}.tags("a=b").source("irc.test").command("001").parameter("x").text("y z").end();
  EXPECT_EQ(out, "before\r\n@a=b :irc.test 001 x :y z\r\n");
}

TEST(line_writer, replaces_a_middle_parameter_that_could_not_be_read_back) {
  for (const std::string_view value : {"", "two words", ":colon"}) {
    std::string out;
    line_writer{out}.command("401").parameter(value).text("").end();
    EXPECT_EQ(out, "401 * :\r\n") << value;
  }
}

TEST(line_writer, cuts_a_long_line_between_characters) {
  std::string ascii;
  line_writer{ascii}.tags("tag").command("PING").text(std::string(1000, 'x')).end();
  EXPECT_EQ(ascii, "@tag PING :" + std::string(512 - 8, 'x') + "\r\n");

  std::string euros;  // three bytes each
  for (int i = 0; i < 300; ++i) euros += "\u20ac";
  std::string cut;
  line_writer{cut}.command("PING").text(euros).end();
  EXPECT_EQ(cut, "PING :" + euros.substr(0, 504) + "\r\n");
  std::string shifted;
  line_writer{shifted}.command("PINGS").text(euros).end();
  EXPECT_EQ(shifted, "PINGS :" + euros.substr(0, 501) + "\r\n");
}

}  // namespace
}  // namespace pentad::messenger::irc
