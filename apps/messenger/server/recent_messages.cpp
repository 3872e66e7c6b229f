#include "apps/messenger/server/recent_messages.hpp"

#include <charconv>

#include "apps/messenger/irc/casemapping.hpp"

namespace pentad::messenger {
message_id::message_id(wall_time start, std::uint64_t number) noexcept {
  char* const end = text_.data() + text_.size();
  char* at = std::to_chars(text_.data(), end, start.time_since_epoch().count(), 16).ptr;
  *at++ = '-';
  at = std::to_chars(at, end, number, 16).ptr;
  size_ = static_cast<std::size_t>(at - text_.data());
}

message_id recent_messages::add(std::uint64_t sender, std::string_view target) {
  recent_message& added = all_[count_++ % all_.size()];
  added = {count_, sender, irc::hash_name(target, seed_)};
  return {start_, count_};
}

recent_message* recent_messages::find(std::string_view id, std::string_view target) noexcept {
  const std::string_view digits = id.substr(id.find('-') + 1);
  std::uint64_t number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  if (read.ec != std::errc{} || number == 0 || number > count_) return nullptr;
  recent_message& found = all_[(number - 1) % all_.size()];
  if (found.number != number || message_id{start_, number}.text() != id) return nullptr;
  return found.target == irc::hash_name(target, seed_) ? &found : nullptr;
}

}  // namespace pentad::messenger
