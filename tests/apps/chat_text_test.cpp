// What strangers write and what people read: safe text, its width, times, pieces, lines.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "apps/messenger/chat/input_lines.hpp"
#include "apps/messenger/chat/piece.hpp"
#include "apps/messenger/chat/server_time.hpp"
#include "apps/terminal/code_point.hpp"
#include "apps/terminal/display_width.hpp"
#include "apps/terminal/printable.hpp"
#include "pentad/base/utf8.hpp"

namespace pentad::messenger::chat {
namespace {

using namespace terminal;

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(code_point, reads_characters_of_every_length) {
  for (const char32_t value : {U'a', U'\u0080', U'\u00e9', U'\u65e5', U'\ufffd', U'\U0001f600'}) {
    std::string text;
    append_utf8(text, value);
    const code_point read = first_code_point(text + "more");
    EXPECT_EQ(read.value, value);
    EXPECT_EQ(read.size, text.size());
  }
}

TEST(code_point, takes_one_byte_of_what_is_no_character) {
  for (const std::string_view text :
       {"\xff", "\x80", "\xc3", "\xc3(", "\xe2\x82", "\xed\xa0\x80"}) {
    const code_point read = first_code_point(text);
    EXPECT_EQ(read.value, code_point::replacement);
    EXPECT_EQ(read.size, 1);
  }
}

TEST(printable, keeps_text) {
  for (const std::string text : {"", "hello", "caf\u00e9 \u65e5\u672c \U0001f600", "<a> & \"b\""}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(printable, shows_control_characters_instead_of_obeying_them) {
  EXPECT_EQ(printable("\x1b[2J"), "\u241b[2J");
  EXPECT_EQ(printable("a\rb\nc\x07"), "a\u240db\u240ac\u2407");
  EXPECT_EQ(printable("\x7f"), "\u2421");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\u2400");
  EXPECT_EQ(printable("a\tb"), "a b");
}

TEST(printable, replaces_what_could_act_or_mislead) {
  EXPECT_EQ(printable("\u009b2J"), "\ufffd2J");            // the control sequence introducer of C1
  EXPECT_EQ(printable("\u202egnp.exe"), "\ufffdgnp.exe");  // right-to-left override
  EXPECT_EQ(printable("a\u2028b"), "a\ufffdb");
  EXPECT_EQ(printable("caf\xe9"), "caf\ufffd");
}

TEST(printable, leaves_out_the_formatting_of_irc) {
  EXPECT_EQ(printable("\x02"
                      "bold\x02 \x1d\x1f\x1e\x16\x11plain\x0f"),
            "bold plain");
  EXPECT_EQ(printable("\x03"
                      "04red\x03 \x03"
                      "4,12both\x03 \x03,x"),
            "red both ,x");
  EXPECT_EQ(printable("\x03"
                      "123"),
            "3");
  EXPECT_EQ(printable("\x04"
                      "ff0000red"),
            "red");
}

TEST(printable, gives_no_control_characters_whatever_comes) {
  std::string all;
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      all += static_cast<char>(first);
      all += static_cast<char>(second);
    }
  }
  const std::string safe = printable(all);
  EXPECT_TRUE(is_utf8(safe));
  for (std::string_view rest = safe; !rest.empty();) {
    const code_point next = first_code_point(rest);
    ASSERT_FALSE(next.value < 0x20 || (next.value >= 0x7f && next.value < 0xa0));
    rest.remove_prefix(next.size);
  }
}

TEST(display_width, counts_columns) {
  const display_width width;
  EXPECT_EQ(width.of("hello"), 5);
  EXPECT_EQ(width.of("caf\u00e9"), 4);
  EXPECT_EQ(width.of("e\u0301"), 1);
  EXPECT_EQ(width.of("\u65e5\u672c"), 4);
  EXPECT_EQ(width.of(U'\U0001f600'), 2);
}

TEST(server_time, is_read) {
  const auto at = parse_server_time("2011-10-19T16:40:51.620Z");
  ASSERT_TRUE(at);
  EXPECT_EQ(at->time_since_epoch().count(), 1319042451620);
}

TEST(server_time, is_refused_when_it_has_another_form) {
  for (const std::string_view text :
       {"", "2011-10-19T16:40:51Z", "2011-10-19 16:40:51.620Z", "2011-13-19T16:40:51.620Z",
        "2011-02-30T16:40:51.620Z", "2011-10-19T24:40:51.620Z", "2011-10-19T16:60:51.620Z",
        "2O11-10-19T16:40:51.620Z", "2011-10-19T16:40:51.620Zz", "-011-10-19T16:40:51.620Z"}) {
    EXPECT_FALSE(parse_server_time(text)) << text;
  }
}

std::vector<std::string_view> pieces(std::string_view text, std::size_t most) {
  std::vector<std::string_view> taken;
  while (!text.empty()) taken.push_back(take_piece(text, most));
  return taken;
}

TEST(piece, is_all_that_fits) { EXPECT_THAT(pieces("short", 5), ElementsAre("short")); }

TEST(piece, ends_at_a_space_where_one_is_near) {
  EXPECT_THAT(pieces("one two three four", 10), ElementsAre("one two", "three four"));
  EXPECT_THAT(pieces("a bcdefghijklmn", 10), ElementsAre("a bcdefghi", "jklmn"));
}

TEST(piece, never_cuts_a_character) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "\u20ac";
  std::string again;
  for (const std::string_view piece : pieces(text, 10)) {
    EXPECT_EQ(piece.size() % 3, 0);
    EXPECT_LE(piece.size(), 10);
    again += piece;
  }
  EXPECT_EQ(again, text);
}

std::vector<std::string> lines_of(input_lines& from) {
  std::vector<std::string> taken;
  while (const auto line = from.next()) taken.push_back(*line);
  return taken;
}

TEST(input_lines, gives_lines_as_they_become_complete) {
  input_lines input;
  input.feed("one\ntwo\r\nthr");
  EXPECT_THAT(lines_of(input), ElementsAre("one", "two"));
  input.feed("ee\n\n");
  EXPECT_THAT(lines_of(input), ElementsAre("three", ""));
}

TEST(input_lines, gives_the_last_line_without_an_end) {
  input_lines input;
  input.feed("one\ntwo");
  input.finish();
  EXPECT_THAT(lines_of(input), ElementsAre("one", "two"));
  EXPECT_THAT(lines_of(input), IsEmpty());
}

TEST(input_lines, gives_a_line_without_an_end_in_parts) {
  input_lines input;
  std::string all;
  std::string sent;
  for (int i = 0; i < 100; ++i) {
    sent += "\u20ac" + std::to_string(i);
    input.feed("\u20ac" + std::to_string(i) + std::string(997, 'x'));
    for (const std::string& part : lines_of(input)) {
      EXPECT_LE(part.size(), input_lines::longest);
      EXPECT_TRUE(is_utf8(part));
      all += part;
    }
  }
  input.finish();
  for (const std::string& part : lines_of(input)) all += part;
  std::erase(all, 'x');
  EXPECT_EQ(all, sent);
}

}  // namespace
}  // namespace pentad::messenger::chat
