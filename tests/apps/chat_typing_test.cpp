// From the bytes of a keyboard to a line that is edited, shown and entered.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "apps/messenger/chat/line_editor.hpp"
#include "apps/messenger/chat/screen.hpp"
#include "apps/messenger/chat/user_command.hpp"
#include "apps/terminal/key_reader.hpp"

namespace pentad::messenger::chat {
namespace {

using namespace terminal;

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<key_kind> kinds_of(std::string_view bytes) {
  key_reader keys;
  keys.feed(bytes);
  std::vector<key_kind> read;
  while (const auto pressed = keys.next()) read.push_back(pressed->kind);
  return read;
}

TEST(key_reader, knows_the_keys_of_terminals) {
  using enum key_kind;
  EXPECT_THAT(kinds_of("\x1b[A\x1b[B\x1b[C\x1b[D"), ElementsAre(up, down, right, left));
  EXPECT_THAT(kinds_of("\x1bOA\x1bOB\x1bOC\x1bOD"), ElementsAre(up, down, right, left));
  EXPECT_THAT(kinds_of("\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[7~\x1b[8~\x1bOH\x1bOF"),
              ElementsAre(home, end, home, end, home, end, home, end));
  EXPECT_THAT(kinds_of("\x1b[3~\x7f\b"), ElementsAre(erase_right, erase_left, erase_left));
  EXPECT_THAT(kinds_of("\x1b[1;5C\x1b[1;5D\x1b"
                       "f\x1b"
                       "b"),
              ElementsAre(word_right, word_left, word_right, word_left));
  EXPECT_THAT(kinds_of("\x01\x05\x15\x17\x0b"),
              ElementsAre(home, end, erase_to_start, erase_word, erase_to_end));
  EXPECT_THAT(kinds_of("\r\n\x03\x04\x1a\x0c"),
              ElementsAre(enter, enter, interrupt, end_of_input, suspend, redraw));
}

TEST(key_reader, skips_what_it_does_not_know) {
  EXPECT_THAT(kinds_of("\x1b[15~\x1b[200~\x1b[?1;2c\x1bx\x02\t\x1b\x1b[A"),
              ElementsAre(key_kind::left, key_kind::up));
}

TEST(key_reader, reads_characters) {
  key_reader keys;
  keys.feed("a\u00e9\u65e5\U0001f600");
  std::vector<std::string> texts;
  while (const auto pressed = keys.next()) texts.push_back(pressed->text);
  EXPECT_THAT(texts, ElementsAre("a", "\u00e9", "\u65e5", "\U0001f600"));
}

TEST(key_reader, waits_for_the_rest_of_a_key) {
  for (const std::string_view whole : {"\x1b[1;5C", "\x1bOA", "\U0001f600", "\x1b[3~"}) {
    key_reader keys;
    for (std::size_t i = 0; i + 1 < whole.size(); ++i) {
      keys.feed(whole.substr(i, 1));
      EXPECT_FALSE(keys.next()) << whole << " " << i;
    }
    keys.feed(whole.substr(whole.size() - 1));
    EXPECT_TRUE(keys.next()) << whole;
    EXPECT_FALSE(keys.next()) << whole;
  }
}

TEST(key_reader, takes_bytes_that_are_no_character_as_one_that_says_so) {
  key_reader keys;
  keys.feed("\xff\xc3(\u009b");
  std::vector<std::string> texts;
  while (const auto pressed = keys.next()) texts.push_back(pressed->text);
  EXPECT_THAT(texts, ElementsAre("\ufffd", "\ufffd", "("));
}

TEST(key_reader, throws_away_a_sequence_without_an_end) {
  key_reader keys;
  keys.feed("\x1b[" + std::string(100, '1'));
  EXPECT_FALSE(keys.next());
  keys.feed("a");
  const auto pressed = keys.next();
  ASSERT_TRUE(pressed);
  EXPECT_EQ(pressed->text, "a");
}

/// A keyboard and the line that it edits.
class typist {
 public:
  /// The lines that were entered.
  std::vector<std::string> types(std::string_view bytes) {
    std::vector<std::string> entered;
    keys_.feed(bytes);
    while (const auto pressed = keys_.next()) {
      if (auto line = editor.press(*pressed)) entered.push_back(*line);
    }
    return entered;
  }

  /// The line with a bar where the cursor is.
  std::string line() const {
    std::string text = editor.text();
    return text.insert(editor.cursor(), "|");
  }

 private:
  key_reader keys_;

 public:
  display_width width;
  line_editor editor{width};
};

constexpr std::string_view up = "\x1b[A";
constexpr std::string_view down = "\x1b[B";
constexpr std::string_view right = "\x1b[C";
constexpr std::string_view left = "\x1b[D";

TEST(line_editor, inserts_where_the_cursor_is) {
  typist one;
  one.types("held");
  for (int i = 0; i < 2; ++i) one.types(left);
  one.types("l\u00f6");
  EXPECT_EQ(one.line(), "hel\u00f6|ld");
}

TEST(line_editor, moves_over_what_is_seen_as_one_character) {
  typist one;
  one.types("a\u65e5e\u0301");
  EXPECT_EQ(one.line(), "a\u65e5e\u0301|");
  one.types(left);
  EXPECT_EQ(one.line(), "a\u65e5|e\u0301");
  one.types(left);
  EXPECT_EQ(one.line(), "a|\u65e5e\u0301");
  one.types(right);
  one.types(right);
  EXPECT_EQ(one.line(), "a\u65e5e\u0301|");
  one.types("\x7f");
  EXPECT_EQ(one.line(), "a\u65e5|");
  one.types("\x7f");
  EXPECT_EQ(one.line(), "a|");
}

TEST(line_editor, stops_at_both_ends) {
  typist one;
  one.types("a");
  for (const std::string_view key : {right, right, left, left, left}) one.types(key);
  one.types("\x7f\x17\x15");
  EXPECT_EQ(one.line(), "|a");
  one.types("\x05\x04\x1b[3~\x0b");
  EXPECT_EQ(one.line(), "a|");
}

TEST(line_editor, erases_words_and_ends) {
  typist one;
  one.types("one two  three\x17");
  EXPECT_EQ(one.line(), "one two  |");
  one.types("\x17");
  EXPECT_EQ(one.line(), "one |");
  one.types("two three\x1b[1;5D\x0b");
  EXPECT_EQ(one.line(), "one two |");
  one.types("\x1b[1;5D\x15");
  EXPECT_EQ(one.line(), "|two ");
  one.types("\x1b[1;5C\x04");
  EXPECT_EQ(one.line(), "two|");
}

TEST(line_editor, enters_lines) {
  typist one;
  EXPECT_THAT(one.types("hello\rwor"), ElementsAre("hello"));
  EXPECT_EQ(one.line(), "wor|");
  EXPECT_THAT(one.types("ld\r\r"), ElementsAre("world", ""));
}

TEST(line_editor, remembers_lines_and_keeps_the_new_one) {
  typist one;
  one.types("first\rsecond\rsecond\r\rdraft");
  one.types(up);
  EXPECT_EQ(one.line(), "second|");
  one.types(up);
  EXPECT_EQ(one.line(), "first|");
  one.types(up);
  EXPECT_EQ(one.line(), "first|");
  one.types(down);
  one.types(down);
  EXPECT_EQ(one.line(), "draft|");
  one.types(down);
  EXPECT_EQ(one.line(), "draft|");
}

TEST(line_editor, holds_a_bounded_line_and_history) {
  typist one;
  one.types(std::string(2 * line_editor::longest, 'x'));
  EXPECT_EQ(one.editor.text().size(), line_editor::longest);
  one.types("\x15");
  for (std::size_t i = 0; i < 2 * line_editor::history; ++i) one.types(std::to_string(i) + "\r");
  for (std::size_t i = 0; i < 2 * line_editor::history; ++i) one.types(up);
  EXPECT_EQ(one.editor.text(), std::to_string(line_editor::history));
}

TEST(line_editor, shows_the_part_around_the_cursor) {
  typist one;
  one.types("0123456789");
  EXPECT_EQ(one.editor.shown(20).text, "0123456789");
  EXPECT_EQ(one.editor.shown(20).cursor, 10);
  EXPECT_EQ(one.editor.shown(5).text, "6789");
  EXPECT_EQ(one.editor.shown(5).cursor, 4);
  one.types("\x01");
  EXPECT_EQ(one.editor.shown(5).text, "01234");
  EXPECT_EQ(one.editor.shown(5).cursor, 0);
  one.types("\x15\x0b\u65e5\u672c\u8a9e");
  EXPECT_EQ(one.editor.shown(4).text, "\u8a9e");
  EXPECT_EQ(one.editor.shown(4).cursor, 2);
}

/// As much of a terminal as the screen needs: what stands in its lines, and the cursor.
class paper {
 public:
  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      if (bytes.starts_with("\x1b[J")) {
        lines.back().erase(column);
        bytes.remove_prefix(3);
      } else if (bytes.starts_with("\x1b[")) {
        const std::size_t end = bytes.find('C');
        column += std::stoul(std::string(bytes.substr(2, end - 2)));
        bytes.remove_prefix(end + 1);
      } else {
        put(bytes.front());
        bytes.remove_prefix(1);
      }
    }
  }

  std::vector<std::string> lines{""};
  std::size_t column = 0;

 private:
  void put(char c) {
    if (c == '\r') {
      column = 0;
    } else if (c == '\n') {
      lines.emplace_back();
      column = 0;
    } else {
      lines.back().resize(std::max(lines.back().size(), column + 1), ' ');
      lines.back()[column++] = c;
    }
  }
};

TEST(screen, keeps_the_line_that_is_being_typed_below_the_messages) {
  typist one;
  screen shown(one.width, one.editor);
  paper terminal;
  shown.set_prompt("[me] ");
  one.types("half a line");
  terminal.write(shown.draw());
  EXPECT_THAT(terminal.lines, ElementsAre("[me] half a line"));

  shown.print("a message");
  shown.print("another");
  terminal.write(shown.draw());
  EXPECT_THAT(terminal.lines, ElementsAre("a message", "another", "[me] half a line"));
  EXPECT_EQ(terminal.column, 16);

  one.types(left);
  one.types("\x7f\x17");
  terminal.write(shown.draw());
  EXPECT_THAT(terminal.lines, ElementsAre("a message", "another", "[me] half a e"));
  EXPECT_EQ(terminal.column, 12);

  terminal.write(shown.leave());
  EXPECT_THAT(terminal.lines, ElementsAre("a message", "another", ""));
}

TEST(screen, never_fills_the_last_column) {
  typist one;
  screen shown(one.width, one.editor);
  shown.set_prompt("[me] ");
  one.types("0123456789");
  for (std::size_t columns = 1; columns < 24; ++columns) {
    shown.resize(columns);
    paper terminal;
    terminal.write(shown.draw());
    EXPECT_LT(terminal.lines.back().size(), std::max<std::size_t>(columns, 5)) << columns;
    EXPECT_LT(terminal.column, std::max<std::size_t>(columns, 5)) << columns;
  }
}

using verb = user_command::verb;

TEST(user_command, is_a_message_unless_it_begins_with_a_slash) {
  EXPECT_EQ(parse_user_command("hello").what, verb::say);
  EXPECT_EQ(parse_user_command("hello").text, "hello");
  EXPECT_EQ(parse_user_command("//hello").what, verb::say);
  EXPECT_EQ(parse_user_command("//hello").text, "/hello");
  EXPECT_EQ(parse_user_command(" /quit").text, " /quit");
}

TEST(user_command, has_a_target_and_a_text) {
  const user_command said = parse_user_command("/msg bob  hello there ");
  EXPECT_EQ(said.what, verb::message);
  EXPECT_EQ(said.target, "bob");
  EXPECT_EQ(said.text, "hello there ");
  EXPECT_EQ(parse_user_command("/join lobby").what, verb::join);
  EXPECT_EQ(parse_user_command("/join lobby").target, "lobby");
  EXPECT_EQ(parse_user_command("/part").what, verb::part);
  EXPECT_EQ(parse_user_command("/names #a").target, "#a");
  EXPECT_EQ(parse_user_command("/nick bobby").target, "bobby");
  EXPECT_EQ(parse_user_command("/quit see you").text, "see you");
}

TEST(user_command, says_what_is_missing) {
  for (const std::string_view line : {"/msg", "/msg bob", "/msg bob  ", "/join", "/nick "}) {
    EXPECT_EQ(parse_user_command(line).what, verb::incomplete) << line;
  }
  EXPECT_EQ(parse_user_command("/msg bob").text, "/msg NICK TEXT");
  EXPECT_EQ(parse_user_command("/dance now").what, verb::unknown);
  EXPECT_EQ(parse_user_command("/dance now").target, "dance");
  EXPECT_EQ(parse_user_command("/").what, verb::unknown);
}

TEST(channel_name, may_be_written_without_its_mark) {
  EXPECT_EQ(channel_name("lobby"), "#lobby");
  EXPECT_EQ(channel_name("#lobby"), "#lobby");
  EXPECT_EQ(channel_name("&here"), "&here");
}

}  // namespace
}  // namespace pentad::messenger::chat
