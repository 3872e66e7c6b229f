// A channel to one peer that carries whole messages and tells their times: a stream or a connected
// datagram socket with path tracing.
#pragma once

#include <optional>
#include <variant>

#include "apps/pentad/path_message.hpp"
#include "pentad/socket/host.hpp"

namespace pentad::command {

class path_channel {
 public:
  /// `traced` sockets. A datagram socket that is not connected answers whoever sent last.
  explicit path_channel(stream_socket traced) : socket_(std::move(traced)) {}
  explicit path_channel(datagram_socket traced) : socket_(std::move(traced)) {}

  /// Sends `bytes` as one message.
  task<result<void>> send(std::span<const std::byte> bytes);

  /// The next message: its size, in `buffer`, and its times. 0 at the end of a stream. Errors:
  /// `bad_message` for bytes that are none.
  task<result<std::size_t>> receive(std::span<std::byte> buffer);
  const hop_times& received_times() const noexcept { return received_; }

  /// The times of the message that was sent last; empty if they do not come soon.
  task<hop_times> sent_times();

  std::optional<five_tuple> tuple() const;

 private:
  task<result<std::size_t>> receive_from(stream_socket& socket, std::span<std::byte> buffer);
  task<result<std::size_t>> receive_from(datagram_socket& socket, std::span<std::byte> buffer);

  std::variant<stream_socket, datagram_socket> socket_;
  std::optional<socket_address> asker_;
  std::optional<ip_address> asked_;
  std::uint64_t datagrams_sent_ = 0;
  hop_times received_;
};

}  // namespace pentad::command
