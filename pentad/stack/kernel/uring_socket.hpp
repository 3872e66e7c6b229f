// A socket of Linux's stack on io_uring before it connects or listens.
#pragma once

#include "pentad/stack/kernel/pooled.hpp"
#include "pentad/stack/kernel/socket_calls.hpp"
#include "pentad/stack/kernel/unix_socket_file.hpp"
#include "pentad/stack/kernel/uring_stack.hpp"
#include "pentad/stack/operations.hpp"

namespace pentad::kernel {

class uring_socket final : public unconnected_impl, public uring_source, public pooled {
 public:
  uring_socket(uring_stack& stack, descriptor_handle descriptor) noexcept
      : stack_(stack), descriptor_(std::move(descriptor)) {}

  result<void> bind(const socket_address& local) override;
  result<owned_impl<listener_impl>> listen(int backlog) override;
  bool start(connect_request& request) override;
  void stop(connect_request&) noexcept override { stack_.engine.cancel(*this, 0); }
  result<socket_address> local() const override;
  void release() noexcept override { delete this; }

  void completed(unsigned kind, int result, unsigned flags) noexcept override;

 private:
  ~uring_socket() = default;

  uring_stack& stack_;
  descriptor_handle descriptor_;
  unix_socket_file file_;
  native_address remote_;  // read by the kernel when the request is submitted
  connect_request* connecting_ = nullptr;
};

}  // namespace pentad::kernel
