// A listener of Linux's stack on epoll.
#pragma once

#include "pentad/stack/kernel/epoll_stack.hpp"
#include "pentad/stack/kernel/socket_calls.hpp"
#include "pentad/stack/kernel/unix_socket_file.hpp"
#include "pentad/stack/operations.hpp"

namespace pentad::kernel {

class epoll_listener final : public listener_impl, public epoll_source, private resting_listener {
 public:
  /// Owns `descriptor`, a non-blocking socket that listens; `watch` comes next.
  epoll_listener(epoll_stack& stack, int descriptor, unix_socket_file file) noexcept
      : stack_(stack),
        descriptor_(descriptor),
        is_ip_(family_of(descriptor) != address_family::local),
        file_(std::move(file)) {}

  /// Registers with epoll. Returns errno.
  int watch() noexcept;

  bool start(accept_request& request) override;
  void stop(accept_request& request) noexcept override;
  result<socket_address> local() const override;
  void release() noexcept override;
  void event(std::uint32_t events) noexcept override;

 private:
  bool attempt(accept_request& request);
  static void carry_out(ready_node& node);
  void try_again() noexcept override;
  void wake() noexcept;

  epoll_stack& stack_;
  int descriptor_;
  bool is_ip_;
  bool readable_ = true;
  accept_request* waiting_ = nullptr;
  unix_socket_file file_;
};

}  // namespace pentad::kernel
