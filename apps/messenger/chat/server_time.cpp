#include "apps/messenger/chat/server_time.hpp"

#include <time.h>

#include <array>
#include <chrono>
#include <cstddef>

namespace pentad::messenger::chat {

std::optional<wall_time> parse_server_time(std::string_view text) {
  // Each digit of the form is one of a field, all else is as it stands.
  constexpr std::string_view form = "0000-11-22T33:44:55.666Z";
  if (text.size() != form.size()) return std::nullopt;
  std::array<unsigned, 7> fields{};
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] >= '0' && form[i] <= '6') {
      if (text[i] < '0' || text[i] > '9') return std::nullopt;
      unsigned& field = fields[static_cast<std::size_t>(form[i] - '0')];
      field = field * 10 + static_cast<unsigned>(text[i] - '0');
    } else if (text[i] != form[i]) {
      return std::nullopt;
    }
  }
  const auto& [year, month, day, hour, minute, second, millisecond] = fields;
  using namespace std::chrono;
  const year_month_day date{std::chrono::year(static_cast<int>(year)), std::chrono::month(month),
                            std::chrono::day(day)};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return wall_time(sys_days(date)) + hours(hour) + minutes(minute) + seconds(second) +
         milliseconds(millisecond);
}

std::string time_of_day(wall_time at) {
  const std::time_t seconds = whole_seconds(at).time_since_epoch().count();
  std::tm local{};
  ::localtime_r(&seconds, &local);
  std::array<char, 16> text;
  return {text.data(), std::strftime(text.data(), text.size(), "%H:%M:%S", &local)};
}

}  // namespace pentad::messenger::chat
