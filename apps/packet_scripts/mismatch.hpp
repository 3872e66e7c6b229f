// What a script expected and did not get.
#pragma once

#include <stdexcept>
#include <string>

namespace pentad::packet_scripts {

struct mismatch : std::runtime_error {
  mismatch(const std::string& expected, const std::string& came)
      : std::runtime_error("expected " + expected + ", came " + came) {}
};

}  // namespace pentad::packet_scripts
