// A child process that tells its parent what it does.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "apps/messenger/demo/report.hpp"
#include "pentad/base/result.hpp"

namespace pentad::messenger::demo {

/// One end of the line between parent and child: texts keep their borders.
class control_line final : public audience {
 public:
  explicit control_line(int descriptor) noexcept : descriptor_(descriptor) {}
  ~control_line();
  control_line(control_line&& other) noexcept;
  control_line& operator=(control_line&&) = delete;

  int descriptor() const noexcept { return descriptor_; }

  void tell(std::string_view text) noexcept;

  /// The next text; waits for it. None when the other end is gone.
  std::optional<std::string> listen();

  /// The same, and none either when it is late.
  std::optional<std::string> listen(std::chrono::steady_clock::time_point until);

  /// Tells the report.
  void hear(const report& told) override { tell(encode(told)); }

 private:
  int descriptor_;
};

/// Killed and reaped when this object dies; the child dies with its parent, too.
class process {
 public:
  /// The process must have one thread. The child runs `life` and ends. Errors: those of fork(2) and
  /// socketpair(2).
  static result<process> start(const std::function<void(control_line& parent)>& life);
  ~process();
  process(process&& other) noexcept;
  process& operator=(process&&) = delete;

  pid_t id() const noexcept { return id_; }
  control_line& line() noexcept { return line_; }

 private:
  process(pid_t id, control_line line) noexcept : id_(id), line_(std::move(line)) {}

  pid_t id_;
  control_line line_;
};

}  // namespace pentad::messenger::demo
