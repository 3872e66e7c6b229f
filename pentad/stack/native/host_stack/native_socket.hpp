// A socket of Pentad's own stack before it connects or listens.
#pragma once

#include <optional>

#include "pentad/stack/native/core/tcp/held_port.hpp"
#include "pentad/stack/operations.hpp"

namespace pentad::native {

class native_stack;

class native_socket final : public unconnected_impl {
 public:
  native_socket(native_stack& stack, ip_version version, const stream_options& options) noexcept
      : stack_(stack), options_(options), unbound_(ip_address::any(version), 0) {}

  result<void> bind(const socket_address& local) override;
  result<owned_impl<listener_impl>> listen(int backlog) override;
  bool start(connect_request& request) override;
  void stop(connect_request& request) noexcept override;
  result<socket_address> local() const override { return bound_ ? bound_->local() : unbound_; }
  void release() noexcept override { delete this; }

 private:
  ~native_socket() = default;

  result<held_port> hold(const endpoint& local);

  native_stack& stack_;
  stream_options options_;
  endpoint unbound_;
  std::optional<held_port> bound_;
};

}  // namespace pentad::native
