// A log on its way to its file. Lines are taken at once and written by a thread that may wait for
// the disk, in their order, as whole lines. What a disk does not take waits, within a bound, and is
// tried again.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "apps/messenger/server/line_file.hpp"
#include "pentad/runtime/event.hpp"
#include "pentad/runtime/task.hpp"

namespace pentad::messenger {

class log_writer {
 public:
  /// Bytes that wait for the disk; lines that come then are lost, and counted.
  static constexpr std::size_t most_waiting = 1'048'576;

  /// `path`: empty for no file. `tell` is told, once each time, that the file cannot be written and
  /// that it can be again.
  log_writer(std::string path, std::function<void(const std::string& line)> tell)
      : path_(std::move(path)), tell_(std::move(tell)) {}

  const std::string& path() const noexcept { return path_; }

  /// Opens the file, and blocks: for the start.
  std::error_code open() { return file_.open(path_); }

  void add(std::string_view line);

  /// Writes what comes, until it is cancelled.
  task<> run();

  /// Opens the file anew, as it may have been moved away. While `run` runs.
  task<std::error_code> reopen();

  /// Writes what waits, as far as the disk takes it: for the end, after `run`.
  task<> write_waiting();

 private:
  task<> open_again();
  void note(std::error_code failed);

  std::string path_;
  std::function<void(const std::string& line)> tell_;
  line_file file_;
  std::string waiting_;
  std::size_t lost_ = 0;
  std::error_code failed_;
  bool to_reopen_ = false;
  std::error_code reopening_failed_;
  event news_;
  event reopened_;
};

}  // namespace pentad::messenger
