// Writes one line of the protocol, part by part, at the end of a string that the caller keeps for
// many lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "apps/messenger/irc/message.hpp"

namespace pentad::messenger::irc {

/// The parts come in the order of the functions; each can be left out but `command` and `end`.
class line_writer {
 public:
  /// What `out` holds already stays.
  explicit line_writer(std::string& out) noexcept : out_(out), start_(out.size()) {}

  line_writer& tags(std::string_view escaped);
  line_writer& source(std::string_view who);
  line_writer& command(std::string_view name);

  /// A parameter that is not the last. One that could not be read back as it is (empty, with a
  /// space, or with a colon first) is written as `*`.
  line_writer& parameter(std::string_view value);

  /// The last parameter, which may be any text without NUL, CR and LF.
  line_writer& text(std::string_view value);

  /// Ends the line with CR LF. What exceeds `limit` bytes, tags not counted, is cut off between
  /// two characters of UTF-8.
  void end(std::size_t limit = from_client.line);

 private:
  std::string& out_;
  std::size_t start_;  // of the line without its tags
};

/// Appends `what` to `out` as a line with CR LF. Reading it gives `what` again.
void write(std::string& out, const message& what);

}  // namespace pentad::messenger::irc
