// What datagram and raw sockets of Linux's stack have in common on both engines: all calls, none of
// which waits. An engine adds the waiting.
#pragma once

#include <memory>

#include "pentad/stack/datagram_operations.hpp"
#include "pentad/stack/kernel/datagram_calls.hpp"
#include "pentad/stack/kernel/error_queue.hpp"
#include "pentad/stack/kernel/read_ahead.hpp"
#include "pentad/stack/kernel/unix_socket_file.hpp"

namespace pentad::kernel {

class kernel_datagram : public datagram_impl {
 public:
  result<void> bind(const socket_address& local) override;
  result<void> connect(const socket_address& remote) override;
  result<void> disconnect() override;
  result<void> join(const multicast_group& group) override;
  result<void> leave(const multicast_group& group) override;
  result<void> set(const datagram_options& options) override;
  result<socket_address> local() const override;
  result<socket_address> remote() const override;
  result<std::uint32_t> path_mtu() const override;

 protected:
  /// `ahead` is the one of its stack, null while a socket has it.
  kernel_datagram(opened_datagram opened, std::unique_ptr<read_ahead>& ahead) noexcept;
  ~kernel_datagram();

  int descriptor() const noexcept { return descriptor_.get(); }
  void close_descriptor() noexcept {
    descriptor_ = {};
    file_ = {};
  }

  // Each returns whether the operation has ended; if not, the call would have to wait.
  bool attempt(receive_datagram_operation& operation) noexcept;
  bool attempt(receive_datagrams_operation& operation);
  bool attempt(send_datagram_operation& operation) noexcept;
  bool attempt(send_datagrams_operation& operation);
  bool attempt(receive_error_operation& operation);
  bool attempt(sent_message_operation& operation);

  // The operation cannot be begun: its error is in place.
  bool refuses(const receive_error_operation& operation) const noexcept;
  bool refuses(const sent_message_operation& operation) const noexcept;
  template <class Operation>
  bool refuses(const Operation&) const noexcept {
    return false;
  }

  // Before the kernel is asked to wait.
  void collect_reports() {
    if (traces_ || hears_errors_) errors_.collect(descriptor());
  }

  // A message that came into `incoming_`. False if it is not one for the program.
  bool take(receive_datagram_operation& operation, std::size_t size) noexcept;

  message_frame incoming_;

 private:
  struct batch;

  bool wants(const received_datagram& received) const noexcept;
  bool take_ahead(receive_datagram_operation& operation) noexcept;
  bool take_ahead(receive_datagrams_operation& operation) noexcept;
  bool reads_ahead() const noexcept;
  void return_ahead() noexcept;
  bool ends_with_kept_error(operation& operation) noexcept;
  void note_sent(std::size_t count) noexcept;
  batch& frames();
  std::size_t fill(receive_datagrams_operation& operation, std::size_t count);

  descriptor_handle descriptor_;
  message_kind kind_;
  unix_socket_file file_;
  std::optional<socket_address> peer_;  // Linux does not tell that of a raw socket
  icmp_types types_;
  bool has_types_;
  bool hears_errors_;
  bool traces_;
  bool coalesces_;
  int kept_error_ = 0;  // of the socket, taken before the operation that it belongs to
  message_frame outgoing_;
  error_queue errors_;
  std::unique_ptr<read_ahead>& stacks_ahead_;
  std::unique_ptr<read_ahead> ahead_;  // while something is in it
  unsigned at_once_ = 0;               // receives in a row that did not have to wait
  std::unique_ptr<batch> batch_;       // made when the first is received or sent
};

}  // namespace pentad::kernel
