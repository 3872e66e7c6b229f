// A socket of Linux's stack on epoll before it connects or listens.
#pragma once

#include "pentad/stack/kernel/epoll_stack.hpp"
#include "pentad/stack/kernel/pooled.hpp"
#include "pentad/stack/kernel/unix_socket_file.hpp"
#include "pentad/stack/operations.hpp"

namespace pentad::kernel {

class epoll_socket final : public unconnected_impl, public pooled, private timer_node {
 public:
  epoll_socket(epoll_stack& stack, descriptor_handle descriptor) noexcept
      : stack_(stack), descriptor_(std::move(descriptor)) {}

  result<void> bind(const socket_address& local) override;
  result<owned_impl<listener_impl>> listen(int backlog) override;
  bool start(connect_request& request) override;
  void stop(connect_request& request) noexcept override;
  result<socket_address> local() const override;
  void release() noexcept override { delete this; }

 private:
  ~epoll_socket() { stack_.loop.timers().erase(*this); }

  // Whether the request has ended.
  bool attempt(connect_request& request);
  void retry_later() noexcept;

  epoll_stack& stack_;
  descriptor_handle descriptor_;
  unix_socket_file file_;
  connect_request* retrying_ = nullptr;
  duration pause_{std::chrono::milliseconds(1)};
};

}  // namespace pentad::kernel
