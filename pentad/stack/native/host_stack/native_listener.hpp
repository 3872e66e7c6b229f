// A listener of Pentad's own stack: joins one listening TCP to one socket.
#pragma once

#include "pentad/stack/native/core/tcp/listener.hpp"
#include "pentad/stack/operations.hpp"

namespace pentad::native {

class native_stack;

class native_listener final : public listener_impl {
 public:
  /// Owns `listening`; accepted connections get `options`.
  native_listener(native_stack& stack, listener& listening, const stream_options& options) noexcept;

  /// A connection waits to be accepted.
  void event();

  bool start(accept_request& request) override;
  void stop(accept_request& request) noexcept override;
  result<socket_address> local() const override { return listener_->local(); }
  void release() noexcept override;

 private:
  ~native_listener() = default;

  bool attempt(accept_request& request);

  native_stack& stack_;
  listener* listener_;
  stream_options options_;
  accept_request* waiting_ = nullptr;
};

}  // namespace pentad::native
