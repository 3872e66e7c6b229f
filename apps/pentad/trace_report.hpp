// What `trace` prints of a route, for people or as JSON.
#pragma once

#include <string>
#include <string_view>

#include "apps/pentad/route.hpp"

namespace pentad::command {

/// A row for people, with its end: who answered, how many were lost, and the times.
std::string hop_row(const route& known, unsigned hop);

/// The same as an object.
std::string hop_json(const route& known, unsigned hop);

/// The last line.
std::string end_row(const route& known, std::string_view name);
std::string end_json(const route& known, const ip_address& target);

/// A table that is drawn again and again in the same place of a terminal.
class live_table {
 public:
  /// `rows`: of the terminal.
  explicit live_table(std::size_t rows) noexcept : rows_(rows) {}

  /// The bytes that put the route in the place of what was drawn before: the last hops, as many as
  /// fit.
  std::string draw(const route& known);
  /// The same with all hops, for good.
  std::string finish(const route& known);

 private:
  std::string draw_from(const route& known, unsigned first);

  std::size_t rows_;
  std::size_t drawn_ = 0;
};

}  // namespace pentad::command
