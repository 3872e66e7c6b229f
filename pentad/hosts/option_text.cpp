#include "pentad/hosts/option_text.hpp"

#include <charconv>
#include <span>
#include <system_error>

namespace pentad {
namespace {

struct unit {
  std::string_view name;
  std::uint64_t size;
};

constexpr unit units_of_time[] = {
    {"ns", 1}, {"us", 1'000}, {"ms", 1'000'000}, {"s", 1'000'000'000}};
constexpr unit units_of_rate[] = {
    {"bit", 1}, {"kbit", 1'000}, {"mbit", 1'000'000}, {"gbit", 1'000'000'000}};

// A whole number of one of the units, `most` at most.
std::optional<std::uint64_t> parse_amount(std::string_view text, std::span<const unit> units,
                                          std::uint64_t most) noexcept {
  std::uint64_t count = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, count);
  if (error != std::errc()) return {};
  const std::string_view name(end, static_cast<std::size_t>(last - end));
  for (const unit& each : units) {
    if (each.name == name && count <= most / each.size) return count * each.size;
  }
  return {};
}

}  // namespace

std::string_view take_until(std::string_view& text, char separator) noexcept {
  const std::size_t end = text.find(separator);
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return taken;
}

std::optional<duration> parse_duration(std::string_view text) noexcept {
  constexpr std::uint64_t hour = 3'600'000'000'000;
  const std::optional<std::uint64_t> amount = parse_amount(text, units_of_time, hour);
  if (!amount) return {};
  return duration(static_cast<duration::rep>(*amount));
}

std::optional<double> parse_probability(std::string_view text) noexcept {
  const bool is_percentage = text.ends_with('%');
  if (is_percentage) text.remove_suffix(1);
  double value = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value, std::chars_format::fixed);
  if (error != std::errc() || end != last) return {};
  if (is_percentage) value /= 100;
  if (!(value >= 0 && value <= 1)) return {};
  return value;
}

std::optional<std::uint64_t> parse_rate(std::string_view text) noexcept {
  constexpr std::uint64_t terabit = 1'000'000'000'000;
  const std::optional<std::uint64_t> rate = parse_amount(text, units_of_rate, terabit);
  return rate == std::uint64_t{0} ? std::nullopt : rate;
}

std::optional<std::uint64_t> parse_number(std::string_view text) noexcept {
  std::uint64_t number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  if (error != std::errc() || end != last) return {};
  return number;
}

}  // namespace pentad
