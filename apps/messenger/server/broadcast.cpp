#include "apps/messenger/server/broadcast.hpp"

#include <chrono>
#include <cstddef>

namespace pentad::messenger {
namespace {

void append_digits(std::string& out, unsigned value, unsigned unit) {
  for (; unit != 0; unit /= 10) out += static_cast<char>('0' + value / unit % 10);
}

}  // namespace

const shared_line& broadcast::form_for(irc::capability_set capabilities) {
  const bool with_time = capabilities.has(irc::capability::server_time);
  const bool with_account =
      !tags_.account.empty() && capabilities.has(irc::capability::account_tag);
  const bool with_tags = has_tags() && capabilities.has(irc::capability::message_tags);
  shared_line& form =
      forms_[(with_time ? 1U : 0U) + (with_account ? 2U : 0U) + (with_tags ? 4U : 0U)];
  if (!form) write(form, with_time, with_account, with_tags);
  return form;
}

void broadcast::write(shared_line& form, bool with_time, bool with_account, bool with_tags) const {
  std::string text;
  const auto add = [&](std::string_view name, std::string_view value = {}) {
    text.append(text.empty() ? "@" : ";").append(name).append(value);
  };
  // Tags of the server come first (IRCv3 "Message Tags").
  if (with_time) {
    add("time=");
    append_server_time(text, at_);
  }
  if (with_account) add("account=", tags_.account);
  if (with_tags) {
    if (!tags_.id.empty()) add("msgid=", tags_.id);
    if (tags_.bot) add("bot");
    if (!tags_.client_only.empty()) add(tags_.client_only);
  }
  if (text.empty()) {
    form = shared_line{line_};
    return;
  }
  text.append(" ").append(line_);
  form = shared_line{text};
}

void append_server_time(std::string& out, wall_time at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{at - day};
  const auto number = [](auto value) { return static_cast<unsigned>(value.count()); };
  append_digits(out, static_cast<unsigned>(static_cast<int>(date.year())), 1000);
  out += '-';
  append_digits(out, static_cast<unsigned>(date.month()), 10);
  out += '-';
  append_digits(out, static_cast<unsigned>(date.day()), 10);
  out += 'T';
  append_digits(out, number(time.hours()), 10);
  out += ':';
  append_digits(out, number(time.minutes()), 10);
  out += ':';
  append_digits(out, number(time.seconds()), 10);
  out += '.';
  append_digits(out, number(time.subseconds()), 100);
  out += 'Z';
}

}  // namespace pentad::messenger
