// A stream of Linux's stack on epoll: a call is tried at once when the socket is known to be ready,
// else it is carried out right before its coroutine goes on.
#pragma once

#include <memory>

#include "pentad/stack/kernel/epoll_stack.hpp"
#include "pentad/stack/kernel/pooled.hpp"
#include "pentad/stack/kernel/stream_tracing.hpp"
#include "pentad/stack/kernel/zero_copy_sends.hpp"
#include "pentad/stack/operations.hpp"

namespace pentad::kernel {

// What messages need is hot, here and where they come from and go to: the linker puts it side by
// side. On virtual machines each system call may empty the TLB, so that pages of code count: an
// echo at 64 connections went from 0.956 to 0.975 of a loop by hand.
class epoll_stream final : public stream_impl, public epoll_source, public pooled {
 public:
  /// Owns `descriptor`, a non-blocking socket; `watch` comes next.
  epoll_stream(epoll_stack& stack, int descriptor, bool is_ip) noexcept
      : stack_(stack), descriptor_(descriptor), short_means_empty_(is_ip) {}

  /// Registers with epoll. Returns errno.
  int watch() noexcept;

  /// Ends `request` when the connection that its socket has begun is made or has failed.
  void await_connection(connect_request& request) noexcept;
  void stop_connecting(connect_request& request) noexcept;

  [[gnu::hot]] bool start(receive_operation& operation) override { return begin(operation); }
  [[gnu::hot]] bool start(lend_operation& operation) override { return begin(operation); }
  [[gnu::hot]] bool start(send_operation& operation) override { return begin(operation); }
  bool start(send_parts_operation& operation) override { return begin(operation); }
  bool start(send_file_operation& operation) override { return begin(operation); }
  bool start(sent_message_operation& operation) override;
  void stop(receive_operation& operation) noexcept override { halt(operation); }
  void stop(lend_operation& operation) noexcept override;
  void stop(send_operation& operation) noexcept override { halt(operation); }
  void stop(send_parts_operation& operation) noexcept override { halt(operation); }
  void stop(send_file_operation& operation) noexcept override { halt(operation); }
  void stop(sent_message_operation& operation) noexcept override;

  result<void> shutdown(direction way) override;
  result<void> set(const stream_options& options) override;
  result<socket_address> local() const override;
  result<socket_address> remote() const override;
  stream_info info() const override;
  hop_times received_times() const noexcept override;
  void release(bool abort) noexcept override;

  [[gnu::hot]] void event(std::uint32_t events) noexcept override;

 private:
  // Each returns whether the operation has ended.
  [[gnu::hot]] bool attempt(receive_operation& operation) noexcept;
  [[gnu::hot]] bool attempt(lend_operation& operation);
  [[gnu::hot]] bool attempt(send_operation& operation) noexcept;
  bool attempt(send_parts_operation& operation) noexcept;
  bool attempt(send_file_operation& operation) noexcept;
  [[gnu::hot]] bool receive(operation& into, std::span<std::byte> buffer,
                            std::size_t& count) noexcept;

  template <class Operation>
  static constexpr bool reads =
      std::same_as<Operation, receive_operation> || std::same_as<Operation, lend_operation>;

  template <class Operation>
  [[gnu::hot]] bool begin(Operation& operation);
  template <class Operation>
  [[gnu::hot]] static void carry_out(ready_node& node);
  template <class Operation>
  void halt(Operation& operation) noexcept;
  template <class Operation>
  bool awaits_memory(Operation& over) noexcept;
  template <class Operation>
  static void memory_may_be_free(ready_node& node);
  template <class Operation>
  operation*& slot() noexcept;

  template <class Operation>
  void trace(const Operation& begun);
  static void report_times(ready_node& node);

  [[gnu::hot]] void wake(operation* parked) noexcept;
  bool kernel_reads_memory() noexcept { return zero_copy_ && zero_copy_->are_reading(descriptor_); }
  void close() noexcept;
  void delete_if_unused() noexcept {
    if (released_) [[unlikely]]
      end_if_unused();
  }
  void end_if_unused() noexcept;

  epoll_stack& stack_;
  operation* reader_ = nullptr;
  operation* writer_ = nullptr;
  std::unique_ptr<stream_tracing> tracing_;
  std::unique_ptr<zero_copy_sends> zero_copy_;
  std::uint64_t received_ = 0;
  int descriptor_;
  bool readable_ = false;
  bool writable_ = true;
  // Whether a receive that gives less than it could has emptied the socket, so that the next bytes
  // are an edge. So it is with TCP until the peer ends or sends urgent data; a Unix socket stops
  // after each message that carries descriptors, and does not tell.
  bool short_means_empty_;
  bool released_ = false;
  bool connecting_ = false;      // writer_ is a connect_request
  bool error_is_taken_ = false;  // see was_cut_off
};

}  // namespace pentad::kernel
