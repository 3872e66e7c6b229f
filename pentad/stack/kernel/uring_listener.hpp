// A listener of Linux's stack on io_uring: one request accepts all connections, and those that
// nobody waits for yet queue up here, bounded.
#pragma once

#include <deque>

#include "pentad/stack/kernel/unix_socket_file.hpp"
#include "pentad/stack/kernel/uring_stack.hpp"
#include "pentad/stack/operations.hpp"

namespace pentad::kernel {

class uring_listener final : public listener_impl, public uring_source, private resting_listener {
 public:
  uring_listener(uring_stack& stack, descriptor_handle descriptor, unix_socket_file file);

  bool start(accept_request& request) override;
  void stop(accept_request& request) noexcept override;
  result<socket_address> local() const override;
  void release() noexcept override;
  void completed(unsigned kind, int result, unsigned flags) noexcept override;

 private:
  ~uring_listener() = default;

  void arm() noexcept;
  void accepted(int descriptor);
  void failed(int error) noexcept;
  void give(accept_request& request, descriptor_handle descriptor);
  void try_again() noexcept override { arm(); }
  void delete_if_unused() noexcept;

  uring_stack& stack_;
  descriptor_handle descriptor_;
  unix_socket_file file_;
  std::deque<descriptor_handle> backlog_;
  accept_request* waiting_ = nullptr;
  int error_ = 0;  // what the next accept ends with
  bool armed_ = false;
  bool released_ = false;
};

}  // namespace pentad::kernel
