// The small things that lines are made of: UTF-8, names, masks, tags.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "apps/messenger/irc/casemapping.hpp"
#include "apps/messenger/irc/isupport.hpp"
#include "apps/messenger/irc/mask.hpp"
#include "apps/messenger/irc/names.hpp"
#include "apps/messenger/irc/tags.hpp"
#include "pentad/base/utf8.hpp"

namespace pentad::messenger::irc {
namespace {

TEST(utf8, accepts_characters_of_every_length) {
  for (const std::string_view text :
       {"", "a", "plain ASCII of more than eight bytes", "\x7f", "\u0080", "\u07ff", "\u0800",
        "\ud7ff", "\ue000", "\uffff", "\U00010000", "\U0010ffff", "ASCII first, then \u20ac"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
}

TEST(utf8, refuses_what_is_not_one_character_after_the_other) {
  for (const std::string_view text : {
           "\x80",              // a continuation alone
           "\xc3",              // cut off
           "\xe2\x82",          //
           "\xf0\x9f\x98",      //
           "\xc0\xaf",          // overlong
           "\xc1\xbf",          //
           "\xe0\x9f\xbf",      //
           "\xf0\x8f\xbf\xbf",  //
           "\xed\xa0\x80",      // a surrogate
           "\xf4\x90\x80\x80",  // over U+10FFFF
           "\xf5\x80\x80\x80",  //
           "\xff",              //
           "eight bytes and \xe9 more",
           "\xc3(",  // no continuation
       }) {
    EXPECT_FALSE(is_utf8(text)) << text;
  }
}

TEST(utf8, is_cut_between_characters) {
  const std::string_view text = "a\u00e9\u20ac\U0001f600";  // 1, 2, 3 and 4 bytes
  EXPECT_EQ(truncated_utf8(text, 0), "");
  EXPECT_EQ(truncated_utf8(text, 1), "a");
  EXPECT_EQ(truncated_utf8(text, 2), "a");
  EXPECT_EQ(truncated_utf8(text, 3), "a\u00e9");
  EXPECT_EQ(truncated_utf8(text, 5), "a\u00e9");
  EXPECT_EQ(truncated_utf8(text, 6), "a\u00e9\u20ac");
  EXPECT_EQ(truncated_utf8(text, 9), "a\u00e9\u20ac");
  EXPECT_EQ(truncated_utf8(text, 10), text);
  EXPECT_EQ(truncated_utf8(text, 100), text);
}

TEST(casemapping, is_ascii) {
  EXPECT_TRUE(same_name("Alice", "aLICE"));
  EXPECT_FALSE(same_name("alice", "alicf"));
  EXPECT_FALSE(same_name("alice", "alic"));
  EXPECT_FALSE(same_name("a[]", "a{}"));  // rfc1459 would say yes
  EXPECT_FALSE(same_name("\u00c9", "\u00e9"));
}

TEST(casemapping, gives_the_same_hash_to_the_same_name) {
  EXPECT_EQ(hash_name("#Channel", 7), hash_name("#cHANNEL", 7));
  EXPECT_NE(hash_name("#channel", 7), hash_name("#channem", 7));
  EXPECT_NE(hash_name("#channel", 7), hash_name("#channel", 8));
}

TEST(nick, is_letters_digits_and_specials_but_no_digit_first) {
  for (const std::string_view nick : {"a", "Alice", "[x]\\`_^{|}", "a-1", "_9"}) {
    EXPECT_TRUE(is_nick(nick, 30)) << nick;
  }
  for (const std::string_view nick : {"", "1a", "-a", "a b", "a!b", "a@b", "#a", ":a", "$a", "+a",
                                      "a.b", "a,b", "a*", "a?", "\u00e9", "a\x01", "a\x7f"}) {
    EXPECT_FALSE(is_nick(nick, 30)) << nick;
  }
  EXPECT_TRUE(is_nick("abc", 3));
  EXPECT_FALSE(is_nick("abcd", 3));
}

TEST(channel_name, starts_with_a_hash_and_can_stand_in_a_list) {
  for (const std::string_view name : {"#a", "##", "#caf\u00e9", "#a:b", "#1"}) {
    EXPECT_TRUE(is_channel_name(name, 64)) << name;
  }
  for (const std::string_view name : {"", "#", "a", "&a", "#a b", "#a,b", "#a\x07", "#a\x1f"}) {
    EXPECT_FALSE(is_channel_name(name, 64)) << name;
  }
  EXPECT_TRUE(is_channel_name("#ab", 3));
  EXPECT_FALSE(is_channel_name("#abc", 3));
}

TEST(user_name, can_stand_in_a_source) {
  for (const std::string_view name : {"a", "~a", "john.doe", "\u00e9"}) {
    EXPECT_TRUE(is_user_name(name)) << name;
  }
  for (const std::string_view name : {"", "a b", "a@b", "a!b", ":a", "a\x01"}) {
    EXPECT_FALSE(is_user_name(name)) << name;
  }
}

TEST(key, can_stand_in_a_list) {
  EXPECT_TRUE(is_key("s3cret!", 23));
  for (const std::string_view key : {"", "a b", "a,b", ":a", "a\x01", "longer than the limit"}) {
    EXPECT_FALSE(is_key(key, 20)) << key;
  }
}

struct mask_case {
  std::string_view mask;
  std::string_view text;
  bool fits;
};

TEST(mask, stands_for_texts_as_a_whole) {
  for (const auto& [mask, text, fits] : {
           mask_case{"*", "", true},
           mask_case{"*", "anything", true},
           mask_case{"?", "", false},
           mask_case{"?", "a", true},
           mask_case{"a?c", "abc", true},
           mask_case{"a?c", "ac", false},
           mask_case{"a*c", "ac", true},
           mask_case{"a*c", "abbbc", true},
           mask_case{"a*c", "abbbcd", false},
           mask_case{"A*C", "abbc", true},
           mask_case{"*b*", "abc", true},
           mask_case{"a", "ab", false},
           mask_case{"", "", true},
           mask_case{"", "a", false},
           mask_case{"*.org", "x.org.org", true},
           mask_case{"a\\*b", "a*b", true},
           mask_case{"a\\*b", "axb", false},
           mask_case{"a\\?", "a?", true},
           mask_case{"a\\?", "ab", false},
           mask_case{"a\\", "a\\", true},
           mask_case{"a\\b", "a\\b", true},
           mask_case{"**?**", "x", true},
       }) {
    EXPECT_EQ(matches_mask(mask, text), fits) << mask << " and " << text;
  }
}

TEST(mask, takes_no_longer_than_both_lengths_allow) {
  // With naive backtracking this would not end in the lifetime of the universe.
  std::string mask;
  for (int i = 0; i < 100; ++i) mask += "*a";
  EXPECT_FALSE(matches_mask(mask + "b", std::string(500, 'a')));
}

TEST(tags, are_taken_one_by_one) {
  std::string_view rest = "a=b;+c;;d=;=e;f=g=h";
  const auto expect = [&](std::string_view key, std::string_view value, bool client_only) {
    const auto next = next_tag(rest);
    ASSERT_TRUE(next);
    EXPECT_EQ(next->key, key);
    EXPECT_EQ(next->escaped, value);
    EXPECT_EQ(next->client_only(), client_only);
  };
  expect("a", "b", false);
  expect("+c", "", true);
  expect("d", "", false);
  expect("f", "g=h", false);
  EXPECT_FALSE(next_tag(rest));
}

TEST(tags, are_found_by_key_the_last_of_many) {
  EXPECT_EQ(find_tag("time=1;x=2;time=3", "time"), "3");
  EXPECT_EQ(find_tag("time;x", "x"), "");
  EXPECT_EQ(find_tag("time=1", "tim"), std::nullopt);
  EXPECT_EQ(find_tag("", "x"), std::nullopt);
}

TEST(tags, are_handed_on_only_when_they_are_the_clients_own) {
  EXPECT_EQ(client_only_tags("time=1;+draft/reply=2;label=3;+typing"), "+draft/reply=2;+typing");
  EXPECT_EQ(client_only_tags("+a="), "+a=");
  EXPECT_EQ(client_only_tags("a=b"), "");
}

TEST(tag_value, is_escaped_where_it_would_end_the_tag) {
  const std::string value = "raw+:=,escaped; \\ \r\n";
  EXPECT_EQ(escape_tag_value(value), "raw+:=,escaped\\:\\s\\\\\\s\\r\\n");
  EXPECT_EQ(unescape_tag_value(escape_tag_value(value)), value);
}

TEST(tag_value, loses_backslashes_that_escape_nothing) {
  EXPECT_EQ(unescape_tag_value("te\\st\\b\\"), "te tb");
  EXPECT_EQ(unescape_tag_value("test\\"), "test");
}

TEST(isupport, escapes_what_would_end_a_token) {
  isupport values{};
  values.network = "My = \\ net";
  bool found = false;
  for (const std::string& token : isupport_tokens(values)) {
    EXPECT_EQ(token.find(' '), token.npos) << token;
    found = found || token == "NETWORK=My\\x20\\x3D\\x20\\x5C\\x20net";
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace pentad::messenger::irc
