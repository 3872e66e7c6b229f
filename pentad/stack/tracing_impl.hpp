// What a socket with path tracing asks its stack: when its messages passed the hops of their path.
#pragma once

#include <cerrno>

#include "pentad/base/result.hpp"
#include "pentad/runtime/operation.hpp"
#include "pentad/stack/hop_times.hpp"

namespace pentad {

class sent_message_operation;

class tracing_impl {
 public:
  /// As the other operations of an impl. `operation_not_supported` where nothing is traced.
  virtual bool start(sent_message_operation& operation);
  virtual void stop(sent_message_operation&) noexcept {}

  /// Of what the last receive returned.
  virtual hop_times received_times() const noexcept { return {}; }

 protected:
  ~tracing_impl() = default;
};

/// The times of the next message that was sent with path tracing.
class [[nodiscard]] sent_message_operation final : public awaitable<sent_message_operation> {
 public:
  sent_message_operation(tracing_impl* on, within limit) noexcept : awaitable(limit), impl(on) {}
  sent_message_operation(const sent_message_operation& other, within limit) noexcept
      : sent_message_operation(other.impl, limit) {}

  bool start() { return impl->start(*this); }

  result<sent_message> await_resume() const noexcept {
    if (error != 0) return operation_failure(error);
    return sent;
  }

  tracing_impl* impl;
  sent_message sent;

 private:
  void stop() noexcept override { impl->stop(*this); }
};

inline bool tracing_impl::start(sent_message_operation& operation) {
  operation.error = EOPNOTSUPP;
  return true;
}

}  // namespace pentad
