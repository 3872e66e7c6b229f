// What the server asks of the machine that it runs on at once, and that is neither bytes nor time:
// to write down what happened. What takes the machine a while is `machine_work`.
#pragma once

#include <string_view>

namespace pentad::messenger {

class housekeeping {
 public:
  /// Whether there is a log, so that something is to be written down.
  virtual bool keeps_log() const noexcept = 0;

  /// Takes one JSON object for the log; `audit` is for what operators do. Waits for no disk.
  virtual void record(std::string_view json, bool audit) = 0;

 protected:
  ~housekeeping() = default;
};

}  // namespace pentad::messenger
