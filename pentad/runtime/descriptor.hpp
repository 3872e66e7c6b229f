// Waiting until a descriptor of the operating system can be read or written: terminals, pipes,
// signals. (Sockets have their own operations.)
#pragma once

#include "pentad/runtime/operation.hpp"

namespace pentad {

enum class readiness : unsigned char { readable, writable };

/// Ends when the descriptor is ready, has an error or was hung up. Errors:
/// `operation_not_supported` on an engine without descriptors (virtual time),
/// `bad_file_descriptor`, `connection_already_in_progress` when somebody waits for the same
/// already.
class [[nodiscard]] readiness_operation final : public awaitable<readiness_operation> {
 public:
  readiness_operation(int descriptor, readiness what, within limit = {}) noexcept
      : awaitable(limit), descriptor_(descriptor), what_(what) {}
  readiness_operation(const readiness_operation& other, within limit) noexcept
      : readiness_operation(other.descriptor_, other.what_, limit) {}

  int descriptor() const noexcept { return descriptor_; }
  readiness what() const noexcept { return what_; }

  bool start();
  result<void> await_resume() const noexcept {
    if (error != 0) return operation_failure(error);
    return {};
  }

 private:
  void stop() noexcept override;

  int descriptor_;
  readiness what_;
};

/// Hears of every change of one descriptor, for as long as it is watched.
class descriptor_watch {
 public:
  /// The descriptor may have become readable, writable or broken since the last call: try it. Comes
  /// from within the engine's poll, so it only queues what is to run.
  virtual void ready() noexcept = 0;

 protected:
  ~descriptor_watch() = default;
};

/// The part of an engine that waits for descriptors.
class descriptor_engine {
 public:
  /// Calls `watch` whenever `descriptor` becomes ready for something, first at the next poll if it
  /// is ready already, until `unwatch`. Meant for one watch per descriptor and nobody else who
  /// waits for it. Errors: `bad_file_descriptor`, `operation_not_permitted` for a file that is
  /// always ready, `file_exists` when it is watched already.
  virtual result<void> watch(int descriptor, descriptor_watch& watch) = 0;

  /// Ends that. `watch` is not called any more and may die. To be called before the descriptor is
  /// closed and before the engine dies.
  virtual void unwatch(int descriptor, descriptor_watch& watch) noexcept = 0;

  /// True when it ended at once. Ends it by `end()` otherwise.
  virtual bool start(readiness_operation& waiter) = 0;
  virtual void stop(readiness_operation& waiter) noexcept = 0;

 protected:
  ~descriptor_engine() = default;
};

inline readiness_operation readable(int descriptor) noexcept {
  return {descriptor, readiness::readable};
}
inline readiness_operation writable(int descriptor) noexcept {
  return {descriptor, readiness::writable};
}

}  // namespace pentad
