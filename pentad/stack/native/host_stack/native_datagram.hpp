// A datagram or raw socket of Pentad's own stack: joins one port of the core to the operations of
// one socket.
#pragma once

#include "pentad/stack/datagram_operations.hpp"
#include "pentad/stack/flow.hpp"
#include "pentad/stack/native/core/udp_ports.hpp"
#include "pentad/stack/native/host_stack/datagram_settings.hpp"
#include "pentad/stack/native/host_stack/path_tracer.hpp"
#include "pentad/stack/stack.hpp"

namespace pentad::native {

class native_datagram final : public datagram_impl, private traced_sender {
 public:
  /// A socket of UDP, which gets its port when it is bound.
  static result<owned_impl<datagram_impl>> open(native_stack& stack, ip_version version,
                                                const datagram_options& options);
  static result<owned_impl<datagram_impl>> open_raw(native_stack& stack, ip_version version,
                                                    ip_protocol protocol,
                                                    const raw_options& options);

  /// The port has news.
  void event();

  bool start(receive_datagram_operation& operation) override { return begin(operation, reader_); }
  bool start(receive_datagrams_operation& operation) override { return begin(operation, reader_); }
  bool start(send_datagram_operation& operation) override { return begin(operation, writer_); }
  bool start(send_datagrams_operation& operation) override { return begin(operation, writer_); }
  bool start(receive_error_operation& operation) override { return begin(operation, errors_); }
  bool start(sent_message_operation& operation) override { return begin(operation, times_); }
  void stop(receive_datagram_operation& operation) noexcept override { halt(operation, reader_); }
  void stop(receive_datagrams_operation& operation) noexcept override { halt(operation, reader_); }
  void stop(send_datagram_operation& operation) noexcept override { halt(operation, writer_); }
  void stop(send_datagrams_operation& operation) noexcept override { halt(operation, writer_); }
  void stop(receive_error_operation& operation) noexcept override { halt(operation, errors_); }
  void stop(sent_message_operation& operation) noexcept override { halt(operation, times_); }

  result<void> bind(const socket_address& local) override;
  result<void> connect(const socket_address& remote) override;
  result<void> disconnect() override;
  result<void> join(const multicast_group& group) override;
  result<void> leave(const multicast_group& group) override;
  result<void> set(const datagram_options& options) override;
  result<socket_address> local() const override;
  result<socket_address> remote() const override;
  result<std::uint32_t> path_mtu() const override;
  void release() noexcept override;

  /// Of its last messages, with path tracing.
  flow_hops hops() const noexcept { return hops_of(traced_.last(), received_); }

 private:
  native_datagram(native_stack& stack, const datagram_kind& kind) noexcept
      : stack_(stack), kind_(kind) {}
  ~native_datagram() = default;

  // What waits, and how to carry it out.
  struct parked {
    operation* waiting = nullptr;
    bool (*carry_out)(native_datagram& self, operation& waiting) = nullptr;
  };

  template <class Operation>
  bool begin(Operation& started, parked& slot);
  void retry(parked& slot);
  static void halt(operation& stopped, parked& slot) noexcept;

  // Each returns whether the operation has ended.
  bool attempt(receive_datagram_operation& operation);
  bool attempt(receive_datagrams_operation& operation);
  bool attempt(send_datagram_operation& operation);
  bool attempt(send_datagrams_operation& operation);
  bool attempt(receive_error_operation& operation);
  bool attempt(sent_message_operation& operation);

  bool ends_with_error(operation& operation) noexcept;
  received_datagram take(std::span<std::byte> buffer);
  void take_more(received_datagram& first, std::span<std::byte> buffer);
  bool continues(const received_datagram& first, std::size_t room) const noexcept;
  result<void> send(outgoing_datagram& datagram);
  result<void> send_one(const outgoing_datagram& datagram, std::span<const std::byte> bytes);
  result<port_message> message_of(const outgoing_datagram& datagram) const;

  result<void> hold_port();
  result<group_request> request_of(const multicast_group& group) const;
  void adopt(datagram_port& port, const port_options& options);
  void trace(bool on);
  void passed(std::uint32_t position, passed_hop hop, wall_time when) override;

  native_stack& stack_;
  datagram_kind kind_;
  datagram_port* port_ = nullptr;  // none before it is bound
  port_options options_;           // until then
  bool v6_only_ = false;
  bool coalesces_ = false;
  parked reader_;
  parked writer_;
  parked errors_;
  parked times_;
  std::uint32_t tracer_number_ = 0;
  std::uint64_t next_number_ = 0;
  traced_messages traced_;
  hop_times received_;  // of the last that was traced
};

}  // namespace pentad::native
