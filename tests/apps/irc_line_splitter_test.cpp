#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "apps/messenger/irc/line_splitter.hpp"

namespace pentad::messenger::irc {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::size_t longest = 10;

/// All lines that there are; "!" for one that was too long.
std::vector<std::string> take(line_splitter& from) {
  std::vector<std::string> lines;
  while (const auto line = from.next(longest)) {
    lines.push_back(line->too_long ? "!" : std::string{line->text});
  }
  return lines;
}

std::vector<std::string> feed(line_splitter& to, std::string_view bytes) {
  to.feed(bytes);
  std::vector<std::string> lines = take(to);
  to.keep();
  return lines;
}

TEST(line_splitter, cuts_at_any_line_end) {
  line_splitter lines;
  EXPECT_THAT(feed(lines, "one\r\ntwo\nthree\rfour\n\r"),
              ElementsAre("one", "two", "three", "four"));
  EXPECT_EQ(lines.held(), 0U);
}

TEST(line_splitter, skips_empty_lines) {
  line_splitter lines;
  EXPECT_THAT(feed(lines, "\r\n\r\n\n\r"), IsEmpty());
}

TEST(line_splitter, joins_a_line_that_came_in_pieces) {
  line_splitter lines;
  EXPECT_THAT(feed(lines, "PI"), IsEmpty());
  EXPECT_EQ(lines.held(), 2U);
  EXPECT_THAT(feed(lines, "N"), IsEmpty());
  EXPECT_THAT(feed(lines, "G\r"), ElementsAre("PING"));
  EXPECT_THAT(feed(lines, "\nNEXT"), IsEmpty());
  EXPECT_THAT(feed(lines, "\n"), ElementsAre("NEXT"));
  EXPECT_EQ(lines.held(), 0U);
}

TEST(line_splitter, gives_every_byte_alone_the_same_lines) {
  const std::string_view bytes = "one\r\n\r\na line that is too long\r\ntwo\n1234567890\n";
  line_splitter at_once;
  const std::vector<std::string> expected = feed(at_once, bytes);
  EXPECT_THAT(expected, ElementsAre("one", "!", "two", "1234567890"));
  line_splitter one_by_one;
  std::vector<std::string> lines;
  for (const char byte : bytes) {
    for (std::string& line : feed(one_by_one, {&byte, 1})) lines.push_back(std::move(line));
  }
  EXPECT_EQ(lines, expected);
}

TEST(line_splitter, says_once_that_a_line_is_too_long_and_holds_none_of_it) {
  line_splitter lines;
  const std::string part(1000, 'x');
  EXPECT_THAT(feed(lines, part), ElementsAre("!"));
  for (int i = 0; i < 1000; ++i) {
    EXPECT_THAT(feed(lines, part), IsEmpty());
    ASSERT_EQ(lines.held(), 0U);
  }
  EXPECT_THAT(feed(lines, "end\nnext\n"), ElementsAre("next"));
}

TEST(line_splitter, keeps_lines_that_are_not_taken_yet) {
  line_splitter lines;
  lines.feed("one\ntwo\nthr");
  EXPECT_EQ(lines.next(longest)->text, "one");
  lines.keep();
  EXPECT_EQ(lines.held(), 7U);
  lines.feed("ee\nfour\na line that is too long\nfi");
  EXPECT_EQ(lines.next(longest)->text, "two");
  lines.keep();
  EXPECT_THAT(take(lines), ElementsAre("three", "four", "!"));
  lines.keep();
  EXPECT_EQ(lines.held(), 2U);
  EXPECT_THAT(feed(lines, "ve\n"), ElementsAre("five"));
}

TEST(line_splitter, throws_away_a_kept_line_that_grows_too_long) {
  line_splitter lines;
  lines.feed("one\nabcdefgh");
  EXPECT_EQ(lines.next(longest)->text, "one");
  lines.keep();
  EXPECT_THAT(feed(lines, "ijkl"), ElementsAre("!"));
  EXPECT_THAT(feed(lines, "mnop\ntwo\n"), ElementsAre("two"));
}

}  // namespace
}  // namespace pentad::messenger::irc
