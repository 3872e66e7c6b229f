// A datagram or raw socket of Linux's stack on epoll: a call is tried at once when the socket may
// be ready, else it is carried out right before its coroutine goes on.
#pragma once

#include "pentad/stack/kernel/epoll_stack.hpp"
#include "pentad/stack/kernel/kernel_datagram.hpp"

namespace pentad::kernel {

class epoll_datagram final : public kernel_datagram, public epoll_source {
 public:
  epoll_datagram(epoll_stack& stack, opened_datagram opened) noexcept
      : kernel_datagram(std::move(opened), stack.ahead), stack_(stack) {}

  /// Registers with epoll. Returns errno.
  int watch() noexcept;

  bool start(receive_datagram_operation& operation) override { return begin(operation); }
  bool start(receive_datagrams_operation& operation) override { return begin(operation); }
  bool start(send_datagram_operation& operation) override { return begin(operation); }
  bool start(send_datagrams_operation& operation) override { return begin(operation); }
  bool start(receive_error_operation& operation) override { return begin(operation); }
  bool start(sent_message_operation& operation) override { return begin(operation); }
  void stop(receive_datagram_operation& operation) noexcept override { halt(operation); }
  void stop(receive_datagrams_operation& operation) noexcept override { halt(operation); }
  void stop(send_datagram_operation& operation) noexcept override { halt(operation); }
  void stop(send_datagrams_operation& operation) noexcept override { halt(operation); }
  void stop(receive_error_operation& operation) noexcept override { halt(operation); }
  void stop(sent_message_operation& operation) noexcept override { halt(operation); }

  void release() noexcept override;
  void event(std::uint32_t events) noexcept override;

 private:
  // The operation of one kind that waits, and whether the socket may be ready for it.
  struct slot {
    operation* waiting = nullptr;
    bool ready = true;
  };

  slot& slot_of(const receive_datagram_operation&) noexcept { return reader_; }
  slot& slot_of(const receive_datagrams_operation&) noexcept { return reader_; }
  slot& slot_of(const send_datagram_operation&) noexcept { return writer_; }
  slot& slot_of(const send_datagrams_operation&) noexcept { return writer_; }
  slot& slot_of(const receive_error_operation&) noexcept { return errors_; }
  slot& slot_of(const sent_message_operation&) noexcept { return times_; }

  template <class Operation>
  bool begin(Operation& operation);
  template <class Operation>
  static void carry_out(ready_node& node);
  template <class Operation>
  bool attempt_in(slot& in, Operation& operation);
  template <class Operation>
  void halt(Operation& operation) noexcept;

  void wake(slot& in) noexcept;
  void push(slot& in) noexcept;
  void delete_if_unused() noexcept;

  epoll_stack& stack_;
  slot reader_;
  slot writer_;
  slot errors_;
  slot times_;
  bool released_ = false;
};

}  // namespace pentad::kernel
