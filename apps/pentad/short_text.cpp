#include "apps/pentad/short_text.hpp"

#include <array>
#include <cstdio>
#include <span>

namespace pentad::command {
namespace {

// Whole numbers below 1000 of the first unit, three digits of the others.
std::string scaled(double amount, std::span<const char* const> units) {
  std::size_t unit = 0;
  for (; amount >= 999.5 && unit + 1 < units.size(); ++unit) amount /= 1000;
  const int decimals = unit == 0 || amount >= 99.95 ? 0 : amount >= 9.995 ? 1 : 2;
  std::array<char, 64> text;
  const int size = std::snprintf(text.data(), text.size(), "%.*f%s", decimals, amount, units[unit]);
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace

std::string short_number(double amount) {
  constexpr std::array units{"", "k", "M", "G", "T"};
  return scaled(amount, units);
}

std::string short_time(duration time) {
  constexpr std::array units{"ns", "us", "ms", "s"};
  return scaled(static_cast<double>(time.count()), units);
}

}  // namespace pentad::command
