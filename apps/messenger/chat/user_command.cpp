#include "apps/messenger/chat/user_command.hpp"

#include <algorithm>

namespace pentad::messenger::chat {
namespace {

using verb = user_command::verb;

struct command_form {
  std::string_view name;
  verb what;
  std::string_view usage;
  bool takes_target;
  bool needs_target;
  bool needs_text;
};

constexpr command_form forms[] = {
    {"msg", verb::message, "/msg NICK TEXT", true, true, true},
    {"join", verb::join, "/join CHANNEL", true, true, false},
    {"part", verb::part, "/part [CHANNEL]", true, false, false},
    {"names", verb::names, "/names [CHANNEL]", true, false, false},
    {"nick", verb::nick, "/nick NAME", true, true, false},
    {"quit", verb::quit, "/quit [REASON]", false, false, false},
    {"help", verb::help, "/help", false, false, false},
};

std::string_view without_leading_spaces(std::string_view text) noexcept {
  const std::size_t start = text.find_first_not_of(' ');
  return start == std::string_view::npos ? std::string_view{} : text.substr(start);
}

std::string_view take_word(std::string_view& rest) noexcept {
  const std::size_t end = std::min(rest.find(' '), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest = without_leading_spaces(rest.substr(end));
  return word;
}

}  // namespace

user_command parse_user_command(std::string_view line) noexcept {
  if (!line.starts_with('/')) return {verb::say, {}, line};
  line.remove_prefix(1);
  if (line.starts_with('/')) return {verb::say, {}, line};
  const std::string_view name = take_word(line);
  const auto* form = std::ranges::find(forms, name, &command_form::name);
  if (form == std::end(forms)) return {verb::unknown, name, {}};
  const std::string_view target = form->takes_target ? take_word(line) : std::string_view{};
  if ((form->needs_target && target.empty()) || (form->needs_text && line.empty())) {
    return {verb::incomplete, {}, form->usage};
  }
  return {form->what, target, line};
}

std::string_view user_command_help() noexcept {
  return "/msg NICK TEXT    say something to one person\n"
         "/join CHANNEL     go to a channel\n"
         "/part [CHANNEL]   leave a channel, this one by default\n"
         "/names [CHANNEL]  who is there\n"
         "/nick NAME        be called otherwise\n"
         "/quit [REASON]    leave\n"
         "//TEXT            say something that begins with a slash\n";
}

std::string channel_name(std::string_view written) {
  const bool marked = written.starts_with('#') || written.starts_with('&');
  return (marked ? "" : "#") + std::string(written);
}

}  // namespace pentad::messenger::chat
