// One message of the Internet Relay Chat protocol, seen through views into the line that it was
// read from. See the Modern IRC Client Protocol, "Message Format", and IRCv3 "Message Tags".
#pragma once

#include <array>
#include <cstddef>
#include <expected>
#include <string_view>

namespace pentad::messenger::irc {

/// How long a line may be, in bytes. Tags are counted on their own.
struct length_limits {
  std::size_t line = 512;   ///< the line without its tags, CR LF included
  std::size_t tags = 4094;  ///< the tags without the '@' before and the space after them
};

/// What a server accepts from a client.
inline constexpr length_limits from_client{512, 4094};

/// What a client accepts from a server: tags of the server and of the sending client.
inline constexpr length_limits from_server{512, 8189};

/// The parameters of a message, the last one (the trailing) like all others.
class parameter_list {
 public:
  /// RFC 2812, section 2.3: the fifteenth takes the rest of the line.
  static constexpr std::size_t capacity = 15;

  constexpr std::size_t size() const noexcept { return size_; }
  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr std::string_view operator[](std::size_t index) const noexcept { return all_[index]; }
  /// Empty when there are not so many.
  constexpr std::string_view get(std::size_t index) const noexcept {
    return index < size_ ? all_[index] : std::string_view{};
  }
  constexpr const std::string_view* begin() const noexcept { return all_.data(); }
  constexpr const std::string_view* end() const noexcept { return all_.data() + size_; }

  /// Must not be called on a full list.
  constexpr void push(std::string_view parameter) noexcept { all_[size_++] = parameter; }

 private:
  std::array<std::string_view, capacity> all_;
  std::size_t size_ = 0;
};

struct message {
  std::string_view tags;     ///< without '@', still escaped; see tags.hpp
  std::string_view source;   ///< who sent it, without ':'; empty when the line does not say
  std::string_view command;  ///< letters, or the three digits of a numeric, as written
  parameter_list parameters;
};

enum class parse_error {
  empty,           ///< nothing but spaces
  malformed,       ///< no command, or one that starts with neither letter nor digit
  forbidden_byte,  ///< NUL, CR or LF inside the line
  too_long,        ///< over `length_limits`
};

/// Reads a line, given without its CR LF. The views of the message look into `line`.
std::expected<message, parse_error> parse(std::string_view line,
                                          const length_limits& limits = from_client);

}  // namespace pentad::messenger::irc
