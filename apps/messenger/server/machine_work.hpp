// Work that the server asks of its machine and that may take as long as a disk does: it is done
// beside everything else, one at a time, and only then those are answered who asked for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "apps/messenger/server/labeled_response.hpp"

namespace pentad::messenger {

/// What changed when the configuration was read again, a line each; or what is wrong with it.
using reload_outcome = std::expected<std::vector<std::string>, std::string>;

/// An answer that is to go on when some work is done: `network::answer_later` makes it.
struct late_answer {
  std::uint64_t session = 0;  ///< `client::number`; 0: nobody
  labeled_response response;  ///< what was said until then, if it has a label
};

class machine_work {
 public:
  struct request {
    late_answer to;
    std::string text;
  };

  /// Asks for it; if it runs already, then for once more after that.
  void ask() noexcept { due_ = true; }
  void ask(late_answer to, std::string text = {}) {
    due_ = true;
    asked_.push_back({std::move(to), std::move(text)});
  }

  /// Whether more wait for answers than a disk that works lets wait.
  bool is_crowded() const noexcept { return asked_.size() >= most_asked; }

  bool is_due() const noexcept { return due_; }

  /// It begins now, for all who have asked so far.
  void begin() {
    due_ = false;
    for (request& each : asked_) begun_.push_back(std::move(each));
    asked_.clear();
  }

  /// It has ended: those for whom it was. Remembers whether it failed.
  std::vector<request> end(std::error_code failed = {}) {
    failed_ = failed;
    return std::exchange(begun_, {});
  }

  bool has_failed() const noexcept { return static_cast<bool>(failed_); }

 private:
  static constexpr std::size_t most_asked = 256;

  bool due_ = false;
  std::error_code failed_;  // the last time
  std::vector<request> asked_;
  std::vector<request> begun_;
};

}  // namespace pentad::messenger
