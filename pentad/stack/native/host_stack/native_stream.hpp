// A stream of Pentad's own stack: joins one connection to the operations of one socket.
#pragma once

#include <array>
#include <memory>

#include "pentad/stack/flow.hpp"
#include "pentad/stack/native/core/tcp/connection.hpp"
#include "pentad/stack/native/host_stack/path_tracer.hpp"
#include "pentad/stack/operations.hpp"

namespace pentad::native {

class native_stack;

class native_stream final : public stream_impl {
 public:
  /// Owns `connected`, whose news come to `event` from now on.
  native_stream(native_stack& stack, connection& connected) noexcept;

  /// Ends `request` when the connection is made or has failed.
  void await_connection(connect_request& request) noexcept {
    park(request, slot::reader, work::connect);
  }
  void stop_connecting(connect_request& request) noexcept { halt(request, slot::reader); }

  /// The connection has news.
  void event();

  /// There is room for the loan that a receive of this stream waited for.
  void lend_now();

  bool start(receive_operation& operation) override {
    return begin(operation, slot::reader, work::receive);
  }
  bool start(lend_operation& operation) override {
    return begin(operation, slot::reader, work::lend);
  }
  bool start(send_operation& operation) override {
    return begin(operation, slot::writer, work::send);
  }
  bool start(send_parts_operation& operation) override {
    return begin(operation, slot::writer, work::send_parts);
  }
  bool start(send_file_operation& operation) override {
    return begin(operation, slot::writer, work::send_file);
  }
  bool start(sent_message_operation& operation) override;
  void stop(receive_operation& operation) noexcept override { halt(operation, slot::reader); }
  void stop(lend_operation& operation) noexcept override { halt(operation, slot::reader); }
  void stop(send_operation& operation) noexcept override { halt(operation, slot::writer); }
  void stop(send_parts_operation& operation) noexcept override { halt(operation, slot::writer); }
  void stop(send_file_operation& operation) noexcept override { halt(operation, slot::writer); }
  void stop(sent_message_operation& operation) noexcept override;

  result<void> shutdown(direction way) override;
  result<void> set(const stream_options& options) override;
  result<socket_address> local() const override;
  result<socket_address> remote() const override;
  stream_info info() const override;
  hop_times received_times() const noexcept override {
    return tracing_ ? tracing_->received : hop_times();
  }
  void release(bool abort) noexcept override;

  /// Of its last messages, with path tracing.
  flow_hops hops() const noexcept {
    return tracing_ ? hops_of(tracing_->sent.last(), tracing_->received) : flow_hops();
  }

 private:
  ~native_stream() = default;

  // Few streams are traced, and there may be a million.
  struct tracing final : traced_sender {
    void passed(std::uint32_t position, passed_hop hop, wall_time when) override {
      sent.passed_up_to(position, hop, when);
    }
    std::uint32_t number = 0;
    hop_times received;
    traced_messages sent;
    sent_message_operation* waiting = nullptr;
  };

  // What waits, one of each, and how it is carried out.
  enum class slot : std::uint8_t { reader, writer };
  enum class work : std::uint8_t { connect, receive, lend, send, send_parts, send_file };

  // Each returns whether the operation has ended.
  bool attempt(connect_request& request);
  bool attempt(receive_operation& operation);
  bool attempt(lend_operation& operation);
  bool attempt(send_operation& operation);
  bool attempt(send_parts_operation& operation);
  bool attempt(send_file_operation& operation);
  bool attempt(sent_message_operation& operation);

  // Path tracing.
  void trace(bool on, int reason_to_stop);
  template <class Operation>
  void note_given(const Operation& started) {
    if constexpr (requires { started.size(); }) note_sending(started.size());
  }
  void note_sending(std::uint64_t bytes);
  /// What was given may not have been sent.
  void note_stopped() noexcept {
    if (tracing_) tracing_->sent.cut_short(sent);
  }
  void note_read();
  void note_acknowledged();
  void retry_times();

  operation*& waiting(slot where) noexcept { return waiting_[static_cast<std::size_t>(where)]; }
  void park(operation& waits, slot where, work what) noexcept {
    waiting(where) = &waits;
    works_[static_cast<std::size_t>(where)] = what;
  }
  template <class Operation>
  bool begin(Operation& started, slot where, work what);
  bool carry_out(operation& waits, work what);
  void retry(slot where);
  void halt(operation& stopped, slot where) noexcept;
  void forget_loan() noexcept;
  bool ends_receiving(operation& operation) noexcept;
  bool finds_nothing(operation& operation);
  bool fails_to_send(operation& operation) noexcept;

  native_stack& stack_;
  connection* connection_;
  std::unique_ptr<tracing> tracing_;
  std::array<operation*, 2> waiting_{};
  std::array<work, 2> works_{};
  bool waits_for_loan_ = false;
  bool failure_is_told_ = false;
};

/// Sets the options that are not empty on a connection, path tracing excepted, or finds out that
/// they cannot be (`set_on` null). Errors: `operation_not_supported`.
result<void> apply_options(const stream_options& options, connection* set_on);

}  // namespace pentad::native
