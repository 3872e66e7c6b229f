// What the server tells clients about itself (RPL_ISUPPORT, numeric 005).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pentad::messenger::irc {

struct isupport {
  std::string_view network;
  std::size_t away_length;  ///< bytes, as all lengths
  std::size_t channels;     ///< that a client may be in
  std::size_t channel_length;
  std::size_t host_length;
  std::size_t key_length;
  std::size_t kick_length;
  std::size_t line_length;
  std::size_t nick_length;
  std::size_t real_name_length;
  std::size_t monitored;  ///< by one client
  std::size_t masks;      ///< in the lists of a channel together
  std::size_t targets;    ///< of one message
  std::size_t topic_length;
  std::size_t user_length;
  std::size_t variable_modes;  ///< of one MODE command
};

/// The tokens, `NAME` or `NAME=VALUE`, in alphabetical order.
std::vector<std::string> isupport_tokens(const isupport& values);

/// At most so many tokens fit a line.
inline constexpr std::size_t isupport_tokens_in_line = 10;

}  // namespace pentad::messenger::irc
