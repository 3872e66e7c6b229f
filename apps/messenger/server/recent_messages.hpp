// Which messages were sent lately, by whom and to whom, but not what they said: enough to tell who
// may have one redacted (IRCv3 "Message redaction"). As many as fit a bounded memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "apps/messenger/server/moment.hpp"

namespace pentad::messenger {

/// A msgid, `START-NUMBER`, both in hexadecimal: unique over restarts too, since the server starts
/// at another time.
class message_id {
 public:
  message_id(wall_time start, std::uint64_t number) noexcept;

  std::string_view text() const noexcept { return {text_.data(), size_}; }

 private:
  std::array<char, 33> text_;
  std::size_t size_;
};

struct recent_message {
  std::uint64_t number = 0;  ///< from 1
  std::uint64_t sender = 0;  ///< the number of a session
  std::uint64_t target = 0;  ///< the hash of a name: as good as the name, and of fixed size
  bool redacted = false;
};

class recent_messages {
 public:
  /// The seed is for the hashes of names.
  recent_messages(wall_time start, std::size_t capacity, std::uint64_t seed)
      : start_(start), seed_(seed), all_(capacity) {}

  /// Remembers one more message, in the place of the oldest. Returns its id.
  message_id add(std::uint64_t sender, std::string_view target);

  /// Null when there was no such message to that target, or too many came after it.
  recent_message* find(std::string_view id, std::string_view target) noexcept;

 private:
  wall_time start_;
  std::uint64_t seed_;
  std::uint64_t count_ = 0;
  std::vector<recent_message> all_;
};

}  // namespace pentad::messenger
