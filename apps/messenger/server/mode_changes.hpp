// What a MODE command has come to, in the form in which everybody is told of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apps/messenger/irc/line_writer.hpp"

namespace pentad::messenger {

class mode_changes {
 public:
  void add(bool on, char letter) {
    if (const char sign = on ? '+' : '-'; sign != sign_) letters_ += sign_ = sign;
    letters_ += letter;
  }
  void add(bool on, char letter, std::string_view parameter) {
    add(on, letter);
    parameters_.emplace_back(parameter);
  }

  bool empty() const noexcept { return letters_.empty(); }

  void write(irc::line_writer& line) const {
    line.parameter(letters_);
    for (const std::string& one : parameters_) line.parameter(one);
  }

 private:
  char sign_ = 0;
  std::string letters_;
  std::vector<std::string> parameters_;
};

}  // namespace pentad::messenger
