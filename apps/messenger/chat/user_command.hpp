// What a person types: a message, or a command that begins with a slash.
#pragma once

#include <string>
#include <string_view>

namespace pentad::messenger::chat {

struct user_command {
  enum class verb {
    say,      ///< `text` to where the person is
    message,  ///< /msg: `text` to `target`
    join,     ///< /join: `target`
    part,     ///< /part: `target`, or where the person is if empty, saying `text`
    names,    ///< /names: of `target`, or of where the person is
    nick,     ///< /nick: `target` from now on
    quit,     ///< /quit: saying `text`
    help,
    unknown,     ///< `target` is no command
    incomplete,  ///< `text` says how the command is used
  };

  verb what;
  std::string_view target;
  std::string_view text;
};

/// The parts are views into `line`, or constants. Two slashes at the beginning are one that is
/// said.
user_command parse_user_command(std::string_view line) noexcept;

/// What /help shows: lines, with a line end after each.
std::string_view user_command_help() noexcept;

/// A channel as people write it: `lobby` is `#lobby`.
std::string channel_name(std::string_view written);

}  // namespace pentad::messenger::chat
