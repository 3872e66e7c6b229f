// The answer to a labelled command (IRCv3 "Labeled Responses"): held until the command is done,
// since one line is labelled itself and several become a batch.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pentad::messenger {

struct client;

class labeled_response {
 public:
  /// Nothing may be held before.
  void begin(const client& to, std::string_view label) {
    to_ = &to;
    label_ = label;
  }

  bool is_for(const client& who) const noexcept { return to_ == &who; }

  /// Holds a line that is part of the answer, with its tags and its end.
  void hold(std::string_view line) {
    lines_.emplace_back(line);
    bytes_ += line.size();
  }

  std::string_view label() const noexcept { return label_; }
  std::size_t bytes() const noexcept { return bytes_; }

  /// Ends it.
  std::vector<std::string> take() noexcept {
    to_ = nullptr;
    bytes_ = 0;
    return std::exchange(lines_, {});
  }

 private:
  const client* to_ = nullptr;
  std::string label_;
  std::vector<std::string> lines_;
  std::size_t bytes_ = 0;
};

}  // namespace pentad::messenger
