#include "apps/pentad/path_report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "pentad/base/json_object.hpp"

namespace pentad::command {
namespace {

constexpr std::array<int, 3> percents{50, 90, 99};

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

std::string first_cell(std::string_view text) {
  constexpr std::size_t width = 24;
  std::string cell("  ");
  return cell.append(text).append(width - std::min(text.size(), width), ' ');
}

std::string row(std::string_view name, const path_record& record, hop which) {
  std::string line = first_cell(name);
  for (const int each : percents) {
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

std::string nanoseconds(hop_duration time) { return time ? std::to_string(time->count()) : "null"; }

json_object begin(std::string_view type, const std::optional<five_tuple>& tuple) {
  json_object made;
  made.add("type", type);
  if (tuple) made.add_json("tuple", to_json(*tuple));
  return made;
}

}  // namespace

std::string path_text(const path_record& record, const std::optional<five_tuple>& tuple) {
  std::string text;
  if (tuple) text += to_string(*tuple) + "\n";
  text += "program -> socket -> stack -> nic ))) wire ((( nic -> stack -> socket -> program\n";
  text += first_cell(std::to_string(record.count()) + " messages");
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
  json_object line = begin("message", tuple);
  line.add("number", number);
  for (std::size_t i = 0; i != hop_count; ++i) {
    const auto which = static_cast<hop>(i);
    line.add_json(key_of(which), nanoseconds(record.last(which)));
  }
  return line.text();
}

std::string summary_json(const path_record& record, const std::optional<five_tuple>& tuple) {
  json_object line = begin("summary", tuple);
  line.add("count", record.count());
  for (std::size_t i = 0; i != hop_count; ++i) {
    const auto which = static_cast<hop>(i);
    json_object times;
    for (const int each : percents) {
      times.add_json("p" + std::to_string(each), nanoseconds(record.percentile(which, each)));
    }
    line.add_json(key_of(which), times.text());
  }
  return line.text();
}

}  // namespace pentad::command
