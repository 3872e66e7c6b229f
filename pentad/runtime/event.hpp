// event: one coroutine tells another that something is there.
#pragma once

#include "pentad/runtime/operation.hpp"

namespace pentad {

class event;

/// Ends when the event lets it through.
class [[nodiscard]] event_operation final : public awaitable<event_operation> {
 public:
  explicit event_operation(event& source, within limit = {}) noexcept
      : awaitable(limit), source_(&source) {}
  event_operation(const event_operation& other, within limit) noexcept
      : event_operation(*other.source_, limit) {}

  bool start() noexcept;
  result<void> await_resume() const noexcept {
    if (error != 0) return operation_failure(error);
    return {};
  }

 private:
  friend class event;
  void stop() noexcept override;

  event* source_;
  event_operation* next_ = nullptr;
};

/// An auto-reset event: each `set` lets one waiter through, the one that waits longest, or the next
/// that comes; sets that nobody waits for count once. For coroutines of one loop.
class event {
 public:
  event() = default;
  event(const event&) = delete;
  event& operator=(const event&) = delete;
  ~event() { assert(first_ == nullptr); }

  void set() noexcept {
    if (event_operation* waiter = first_) {
      remove(*waiter);
      waiter->end();
    } else {
      set_ = true;
    }
  }

  event_operation wait() noexcept { return event_operation(*this); }

 private:
  friend class event_operation;

  bool take() noexcept {
    const bool taken = set_;
    set_ = false;
    return taken;
  }

  void add(event_operation& waiter) noexcept {
    event_operation** end = &first_;
    while (*end != nullptr) end = &(*end)->next_;
    *end = &waiter;
  }

  void remove(event_operation& waiter) noexcept {
    event_operation** link = &first_;
    while (*link != &waiter) link = &(*link)->next_;
    *link = waiter.next_;
    waiter.next_ = nullptr;
  }

  event_operation* first_ = nullptr;
  bool set_ = false;
};

inline bool event_operation::start() noexcept {
  if (source_->take()) return true;
  source_->add(*this);
  return false;
}

inline void event_operation::stop() noexcept {
  source_->remove(*this);
  error = stop_error();
  end();
}

}  // namespace pentad
