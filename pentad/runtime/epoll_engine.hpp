// Events through epoll(7). Not part of the installed headers.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>

#include "pentad/base/result.hpp"
#include "pentad/runtime/descriptor.hpp"
#include "pentad/runtime/descriptor_handle.hpp"
#include "pentad/runtime/engine.hpp"
#include "pentad/runtime/spinner.hpp"

namespace pentad {

/// Whom an event of epoll is for. `event` only queues what is to run: no source dies while a batch
/// of events is handed out, so none in it can name a dead one.
class epoll_source {
 public:
  virtual void event(std::uint32_t events) noexcept = 0;

 protected:
  ~epoll_source() = default;
};

class epoll_engine final : public engine, public descriptor_engine {
 public:
  /// `spin`: how long to look for events before sleeping, at most. Errors: those of
  /// epoll_create1(2) and eventfd(2).
  static result<std::unique_ptr<epoll_engine>> open(duration spin);
  ~epoll_engine() override;

  instant now() override;
  [[gnu::hot]] bool poll(instant until) override;
  void wake() noexcept override;
  descriptor_engine* descriptors() noexcept override { return this; }

  bool start(readiness_operation& waiter) override;
  void stop(readiness_operation& waiter) noexcept override;
  result<void> watch(int descriptor, descriptor_watch& watch) override;
  void unwatch(int descriptor, descriptor_watch& watch) noexcept override;

  /// Sends the edges of `descriptor` to `source` until it is closed. Returns errno.
  int add(int descriptor, epoll_source& source, std::uint32_t events) noexcept;

 private:
  class waiters;
  class watched;
  class waker;

  epoll_engine(descriptor_handle poll, descriptor_handle wake, duration spin);

  [[gnu::hot]] int wait(instant until) noexcept;

  descriptor_handle poll_;
  descriptor_handle wake_;
  spinner spinner_;
  std::unique_ptr<waker> waker_;
  std::unordered_map<int, std::unique_ptr<waiters>> waiters_;
  std::unordered_map<int, std::unique_ptr<watched>> watched_;
};

}  // namespace pentad
