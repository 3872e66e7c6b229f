#include "apps/pentad/path_report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace pentad::command {
namespace {

constexpr std::array<double, 3> percents{50, 90, 99};

std::string microseconds(hop_duration time) {
  if (!time) return "-";
  std::array<char, 32> text;
  const int size =
      std::snprintf(text.data(), text.size(), "%.1f us", static_cast<double>(time->count()) / 1000);
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.insert(0, width - text.size(), ' ');
  return text;
}

std::string row(std::string_view name, const path_record& record, hop which) {
  std::string line("  ");
  line.append(name).append(24 - std::min<std::size_t>(name.size(), 24), ' ');
  for (const double each : percents) {
    line += padded(microseconds(record.percentile(which, each)), 14);
  }
  return line + "\n";
}

std::string key_of(hop which) {
  std::string key(name_of(which));
  std::erase(key, ',');
  std::ranges::replace(key, ' ', '_');
  return key;
}

std::string number_of(hop_duration time) { return time ? std::to_string(time->count()) : "null"; }

std::string tuple_json(const std::optional<five_tuple>& tuple) {
  return tuple ? "\"tuple\":" + to_json(*tuple) + "," : std::string();
}

}  // namespace

std::string path_text(const path_record& record, const std::optional<five_tuple>& tuple) {
  std::string text;
  if (tuple) text += to_string(*tuple) + "\n";
  text += "program -> socket -> stack -> nic ))) wire ((( nic -> stack -> socket -> program\n";
  text +=
      "  " + std::to_string(record.count()) + " messages" +
      std::string(24 - std::min<std::size_t>(9 + std::to_string(record.count()).size(), 24), ' ');
  for (const char* each : {"median", "90 %", "99 %"}) text += padded(each, 14);
  text += "\n";
  for (std::size_t i = 0; i != hop_count; ++i) {
    const auto which = static_cast<hop>(i);
    // What the stack does not know is not a row.
    if (record.percentile(which, 50)) text += row(name_of(which), record, which);
  }
  return text;
}

std::string message_json(const path_record& record, std::uint32_t number,
                         const std::optional<five_tuple>& tuple) {
  std::string line =
      "{\"type\":\"message\"," + tuple_json(tuple) + "\"number\":" + std::to_string(number);
  for (std::size_t i = 0; i != hop_count; ++i) {
    const auto which = static_cast<hop>(i);
    line += ",\"" + key_of(which) + "\":" + number_of(record.last(which));
  }
  return line + "}";
}

std::string summary_json(const path_record& record, const std::optional<five_tuple>& tuple) {
  std::string line =
      "{\"type\":\"summary\"," + tuple_json(tuple) + "\"count\":" + std::to_string(record.count());
  for (std::size_t i = 0; i != hop_count; ++i) {
    const auto which = static_cast<hop>(i);
    line += ",\"" + key_of(which) + "\":{";
    for (const double each : percents) {
      line += "\"p" + std::to_string(static_cast<int>(each)) +
              "\":" + number_of(record.percentile(which, each)) + (each == 99 ? "}" : ",");
    }
  }
  return line + "}";
}

}  // namespace pentad::command
