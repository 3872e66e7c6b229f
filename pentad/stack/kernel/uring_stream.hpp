// A stream of Linux's stack on io_uring: each operation is one request to the kernel, and its
// buffers are the kernel's until that completes.
#pragma once

#include <memory>

#include "pentad/stack/kernel/pooled.hpp"
#include "pentad/stack/kernel/stream_tracing.hpp"
#include "pentad/stack/kernel/uring_stack.hpp"
#include "pentad/stack/kernel/zero_copy_sends.hpp"
#include "pentad/stack/operations.hpp"

namespace pentad::kernel {

class uring_stream final : public stream_impl, public uring_source, public pooled {
 public:
  /// Owns `descriptor`, a blocking socket: io_uring would end requests early on another.
  uring_stream(uring_stack& stack, int descriptor) noexcept
      : stack_(stack), descriptor_(descriptor) {}

  bool start(receive_operation& operation) override;
  bool start(lend_operation& operation) override;
  bool start(send_operation& operation) override;
  bool start(send_parts_operation& operation) override;
  bool start(send_file_operation& operation) override;
  bool start(sent_message_operation& operation) override;
  void stop(receive_operation&) noexcept override { cancel(receives); }
  void stop(lend_operation& operation) noexcept override;
  void stop(send_operation&) noexcept override { cancel_send(sends); }
  void stop(send_parts_operation&) noexcept override { cancel_send(sends_parts); }
  void stop(send_file_operation&) noexcept override { cancel(sends_file); }
  void stop(sent_message_operation&) noexcept override { cancel(reports_times); }

  result<void> shutdown(direction way) override;
  result<void> set(const stream_options& options) override;
  result<socket_address> local() const override;
  result<socket_address> remote() const override;
  stream_info info() const override;
  hop_times received_times() const noexcept override;
  void release(bool abort) noexcept override;

  void completed(unsigned request, int result, unsigned flags) noexcept override;

  /// Asks the kernel for bytes into one of the shared buffers.
  void ask(lend_operation& operation) noexcept;

 private:
  enum kind : unsigned { receives, lends, sends, sends_parts, sends_file, reports_times };

  // Whether `slot` is free; else the operation ends.
  static bool takes(operation*& slot, operation& operation) noexcept;

  void ask(receive_operation& operation) noexcept;
  void ask(send_operation& operation) noexcept;
  void ask(send_parts_operation& operation) noexcept;
  bool attempt(send_file_operation& operation) noexcept;
  void await_room() noexcept;
  void became_writable() noexcept;
  void await_report() noexcept;
  void may_have_report() noexcept;
  void completed(receive_operation& operation, int result) noexcept;
  void completed(lend_operation& operation, int result, unsigned flags) noexcept;
  template <class Operation>
  void completed_send(Operation& operation, kind request, int result, unsigned flags) noexcept;
  template <class Operation>
  void take_result(Operation& operation, int result) noexcept;

  bool avoids_copy(std::uint64_t size) const noexcept {
    return zero_copy_ && size >= least_zero_copy && !copies_once_;
  }

  void cancel(kind request) noexcept { stack_.engine.cancel(*this, request); }
  void cancel_send(kind request) noexcept {
    if (!kernel_reads_memory_) cancel(request);
  }
  int count_received(int result) noexcept;
  void fail(operation& operation, int result) noexcept;
  void end(operation*& slot) noexcept;
  bool goes_on(const operation& operation) const noexcept {
    return operation.why == stop_reason::none && !released_;
  }

  uring_stack& stack_;
  operation* reader_ = nullptr;
  operation* writer_ = nullptr;
  std::unique_ptr<stream_tracing> tracing_;
  std::uint64_t received_ = 0;
  int descriptor_;
  bool released_ = false;
  bool error_is_taken_ = false;  // see was_cut_off
  bool zero_copy_ = false;
  bool copies_once_ = false;          // for want of memory that may be locked
  bool kernel_reads_memory_ = false;  // of a send that is over but for the notification of its end
};

}  // namespace pentad::kernel
