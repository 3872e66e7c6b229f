// A datagram or raw socket of Linux's stack on io_uring. A receive that finds nothing is one
// request to the kernel, and its buffer is the kernel's until that completes; the other calls are
// made at once, and what would have to wait for room or for reports asks the kernel to tell.
#pragma once

#include "pentad/stack/kernel/kernel_datagram.hpp"
#include "pentad/stack/kernel/uring_stack.hpp"

namespace pentad::kernel {

class uring_datagram final : public kernel_datagram, public uring_source {
 public:
  /// The socket is a blocking one: io_uring would end requests early on another.
  uring_datagram(uring_stack& stack, opened_datagram opened) noexcept
      : kernel_datagram(std::move(opened), stack.ahead), stack_(stack) {}

  bool start(receive_datagram_operation& operation) override;
  bool start(receive_datagrams_operation& operation) override { return begin(operation); }
  bool start(send_datagram_operation& operation) override { return begin(operation); }
  bool start(send_datagrams_operation& operation) override { return begin(operation); }
  bool start(receive_error_operation& operation) override { return begin(operation); }
  bool start(sent_message_operation& operation) override { return begin(operation); }
  void stop(receive_datagram_operation&) noexcept override { cancel(receives); }
  void stop(receive_datagrams_operation&) noexcept override { cancel(receives_many); }
  void stop(send_datagram_operation&) noexcept override { cancel(sends); }
  void stop(send_datagrams_operation&) noexcept override { cancel(sends_many); }
  void stop(receive_error_operation&) noexcept override { cancel(receives_error); }
  void stop(sent_message_operation&) noexcept override { cancel(receives_times); }

  void release() noexcept override;
  void completed(unsigned request, int result, unsigned flags) noexcept override;

 private:
  enum kind : unsigned {
    receives,
    receives_many,
    sends,
    sends_many,
    receives_error,
    receives_times
  };

  // What tells one kind of operation from another.
  template <class Operation>
  static constexpr kind kind_of() noexcept;
  template <class Operation>
  operation*& slot() noexcept;

  template <class Operation>
  bool begin(Operation& operation);
  template <class Operation>
  void became_ready();
  void received(int result, unsigned flags) noexcept;

  void ask() noexcept;
  void await(kind request, short events) noexcept;
  void cancel(kind request) noexcept { stack_.engine.cancel(*this, request); }
  void end(operation*& slot) noexcept;
  bool goes_on(const operation& operation) const noexcept {
    return operation.why == stop_reason::none && !released_;
  }

  uring_stack& stack_;
  operation* reader_ = nullptr;
  operation* writer_ = nullptr;
  operation* errors_ = nullptr;
  operation* times_ = nullptr;
  bool may_have_more_ = true;   // a receive need not wait
  unsigned waits_in_vain_ = 0;  // since a receive did not have to
  bool released_ = false;
};

}  // namespace pentad::kernel
