// The Python between %{ and }%, as far as scripts use it: assertions about numbers, and names for
// some of them. What is printed is left out.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "apps/packet_scripts/script.hpp"

namespace pentad::packet_scripts {

class assertions {
 public:
  /// What a name stands for that the code has not given a value itself.
  using lookup = std::function<std::optional<double>(std::string_view)>;

  explicit assertions(lookup look) : look_(std::move(look)) {}

  /// Throws `mismatch` for an assertion that does not hold, `unsupported` for other statements and
  /// unknown names.
  void check(std::string_view code);

 private:
  lookup look_;
  std::map<std::string, double, std::less<>> named_;
};

}  // namespace pentad::packet_scripts
