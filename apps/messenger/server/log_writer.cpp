#include "apps/messenger/server/log_writer.hpp"

#include <chrono>
#include <utility>

#include "pentad/runtime/blocking.hpp"

namespace pentad::messenger {
namespace {

/// Until a disk that took nothing is tried again.
constexpr duration patience = std::chrono::seconds{1};

}  // namespace

void log_writer::add(std::string_view line) {
  if (path_.empty()) return;
  if (waiting_.size() + line.size() >= most_waiting) {
    ++lost_;
    return;
  }
  waiting_.append(line).append("\n");
  if (!failed_) news_.set();
}

task<> log_writer::run() {
  for (;;) {
    const duration most = failed_ ? patience : duration::max();
    const result<void> woken = co_await news_.wait().timeout(most);
    if (!woken && woken.error() != std::errc::timed_out) co_return;
    co_await write_waiting();  // what came before belongs to the old file
    if (to_reopen_) co_await open_again();
    co_await write_waiting();
  }
}

task<std::error_code> log_writer::reopen() {
  to_reopen_ = true;
  news_.set();
  const result<void> done = co_await reopened_.wait();
  if (!done) co_return done.error();
  co_return reopening_failed_;
}

task<> log_writer::open_again() {
  const auto open = [this] { reopening_failed_ = file_.open(path_); };
  const result<void> ran = co_await blocking(open);
  if (!ran) co_return;
  to_reopen_ = false;
  reopened_.set();
}

task<> log_writer::write_waiting() {
  while (!waiting_.empty()) {
    std::string lines = std::exchange(waiting_, {});
    line_file::outcome outcome;
    const auto write = [&] { outcome = file_.write(lines); };
    const result<void> ran = co_await blocking(write);
    lines.erase(0, outcome.written);
    waiting_.insert(0, lines);
    if (!ran) co_return;
    note(outcome.failed);
    if (outcome.failed) co_return;
  }
}

void log_writer::note(std::error_code failed) {
  const bool failed_before = static_cast<bool>(std::exchange(failed_, failed));
  if (static_cast<bool>(failed) == failed_before) return;
  if (failed_) return tell_(path_ + ": " + failed_.message());
  std::string line = path_ + ": is written again";
  if (lost_ > 0) line += "; lines that were lost: " + std::to_string(lost_);
  lost_ = 0;
  tell_(line);
}

}  // namespace pentad::messenger
