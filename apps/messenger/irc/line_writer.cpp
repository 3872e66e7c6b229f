#include "apps/messenger/irc/line_writer.hpp"

#include "pentad/base/utf8.hpp"

namespace pentad::messenger::irc {
namespace {

constexpr std::string_view line_end = "\r\n";

bool is_middle(std::string_view value) noexcept {
  return !value.empty() && value.front() != ':' && value.find(' ') == value.npos;
}

}  // namespace

line_writer& line_writer::tags(std::string_view escaped) {
  if (!escaped.empty()) {
    out_.append("@").append(escaped).append(" ");
    start_ = out_.size();
  }
  return *this;
}

line_writer& line_writer::source(std::string_view who) {
  out_.append(":").append(who).append(" ");
  return *this;
}

line_writer& line_writer::command(std::string_view name) {
  out_.append(name);
  return *this;
}

line_writer& line_writer::parameter(std::string_view value) {
  out_.append(" ").append(is_middle(value) ? value : "*");
  return *this;
}

line_writer& line_writer::text(std::string_view value) {
  out_.append(" :").append(value);
  return *this;
}

void line_writer::end(std::size_t limit) {
  const std::size_t room = limit - line_end.size();
  if (out_.size() - start_ > room) {
    const std::string_view line = std::string_view{out_}.substr(start_);
    out_.resize(start_ + truncated_utf8(line, room).size());
  }
  out_.append(line_end);
}

void write(std::string& out, const message& what) {
  line_writer line{out};
  line.tags(what.tags);
  if (!what.source.empty()) line.source(what.source);
  line.command(what.command);
  for (const std::string_view value : what.parameters) {
    if (is_middle(value)) {
      line.parameter(value);
    } else {
      line.text(value);
    }
  }
  line.end(std::string::npos);
}

}  // namespace pentad::messenger::irc
