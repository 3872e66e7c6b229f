// What the server asks of the machine that it runs on, and that is neither bytes nor time: to read
// its configuration again, to keep its bans, to write down what happened.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "apps/messenger/server/server_bans.hpp"

namespace pentad::messenger {

class housekeeping {
 public:
  /// Reads the configuration again and puts it into the place of the old one; what changed, a line
  /// each. If it is wrong the old one stays, and what is wrong comes back.
  virtual std::expected<std::vector<std::string>, std::string> reload() = 0;

  /// Returns when they are on the disk; after an error, those that were there still are.
  virtual std::error_code keep(std::span<const server_ban> bans) = 0;

  /// Whether there is a log, so that something is to be written down.
  virtual bool keeps_log() const noexcept = 0;

  /// Takes one JSON object for the log; `audit` is for what operators do.
  virtual void record(std::string_view json, bool audit) = 0;

 protected:
  ~housekeeping() = default;
};

}  // namespace pentad::messenger
