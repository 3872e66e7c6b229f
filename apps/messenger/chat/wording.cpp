#include "apps/messenger/chat/wording.hpp"

#include <string_view>

#include "apps/messenger/chat/server_time.hpp"
#include "apps/messenger/irc/casemapping.hpp"
#include "apps/messenger/irc/names.hpp"
#include "apps/terminal/printable.hpp"

namespace pentad::messenger::chat {

using terminal::printable;
namespace {

using kind = news::kind;

constexpr std::string_view faint = "2";
constexpr std::string_view bold = "1";
constexpr std::string_view red = "31";

class line_painter {
 public:
  explicit line_painter(colours use) noexcept : use_(use) {}

  line_painter& put(std::string_view text) {
    line_ += text;
    return *this;
  }

  /// `style` are the parameters of an SGR sequence.
  line_painter& put(std::string_view text, std::string_view style) {
    if (use_ == colours::off) return put(text);
    line_.append("\x1b[").append(style).append("m").append(text).append("\x1b[0m");
    return *this;
  }

  std::string take() { return std::move(line_); }

 private:
  std::string line_;
  colours use_;
};

/// Everybody has a colour of their own, as far as six go.
std::string_view style_of(const news& what) noexcept {
  constexpr std::string_view styles[] = {"31", "32", "33", "34", "35", "36"};
  if (what.own) return bold;
  return styles[irc::hash_name(what.who, 0) % std::size(styles)];
}

std::string in_brackets(const std::string& reason) {
  return reason.empty() ? std::string() : " (" + printable(reason) + ")";
}

void put_spoken(line_painter& line, const news& what) {
  const bool on_channel = irc::names_channel(what.where) || what.where.starts_with('&');
  const std::string who = printable(what.who);
  const std::string where = printable(what.where);
  if (on_channel) line.put(where).put(" ");
  const std::string name = on_channel ? who : who + " to " + where;
  switch (what.what) {
    case kind::action:
      line.put("* ").put(name, style_of(what));
      break;
    case kind::notice:
      line.put("-").put(name, style_of(what)).put("-");
      break;
    default:
      line.put("<").put(name, style_of(what)).put(">");
  }
  line.put(" ").put(printable(what.text));
}

std::string told(const news& what) {
  const std::string who = printable(what.who);
  const std::string where = printable(what.where);
  switch (what.what) {
    case kind::welcome:
      return "you are " + who;
    case kind::join:
      return who + " has joined " + where;
    case kind::part:
      return who + " has left " + where + in_brackets(what.text);
    case kind::kick:
      return who + " was removed from " + where + in_brackets(what.text);
    case kind::quit:
      return who + " has quit" + in_brackets(what.text);
    case kind::nick:
      return who + " is now called " + printable(what.text);
    case kind::topic:
      return "topic of " + where + ": " + printable(what.text);
    case kind::names:
      return "on " + where + ": " + printable(what.text);
    case kind::refusal:
      return (where.empty() ? "" : where + ": ") + printable(what.text);
    case kind::farewell:
      return "the server ends the connection" + in_brackets(what.text);
    default:
      return printable(what.text);
  }
}

}  // namespace

std::string wording(const news& what, wall_time now, colours use) {
  line_painter line(use);
  line.put(time_of_day(what.at.value_or(now)), faint).put(" ");
  switch (what.what) {
    case kind::message:
    case kind::notice:
    case kind::action:
      put_spoken(line, what);
      break;
    case kind::refusal:
    case kind::farewell:
      line.put("-- " + told(what), red);
      break;
    default:
      line.put("-- " + told(what), faint);
  }
  return line.take();
}

}  // namespace pentad::messenger::chat
