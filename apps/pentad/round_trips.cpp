#include "apps/pentad/round_trips.hpp"

#include <algorithm>
#include <cmath>

namespace pentad::command {
namespace {

duration rounded(double nanoseconds) noexcept {
  return duration(static_cast<duration::rep>(std::llround(nanoseconds)));
}

}  // namespace

void round_trips::add(duration taken) noexcept {
  least_ = count_ == 0 ? taken : std::min(least_, taken);
  most_ = std::max(most_, taken);
  ++count_;
  const auto value = static_cast<double>(taken.count());
  const double before = value - mean_;
  mean_ += before / static_cast<double>(count_);
  squares_ += before * (value - mean_);
}

duration round_trips::mean() const noexcept { return rounded(mean_); }

duration round_trips::deviation() const noexcept {
  if (count_ == 0) return {};
  return rounded(std::sqrt(squares_ / static_cast<double>(count_)));
}

std::string milliseconds(duration taken) {
  const auto microseconds = (taken.count() + 500) / 1000;
  std::string rest = std::to_string(microseconds % 1000);
  rest.insert(0, 3 - rest.size(), '0');
  return std::to_string(microseconds / 1000) + "." + rest;
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "0";
  const std::uint64_t tenths = (part * 1000 + whole / 2) / whole;
  std::string text = std::to_string(tenths / 10);
  if (tenths % 10 != 0) text += "." + std::to_string(tenths % 10);
  return text;
}

}  // namespace pentad::command
