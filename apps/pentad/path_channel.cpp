#include "apps/pentad/path_channel.hpp"

namespace pentad::command {
namespace {

using namespace std::chrono_literals;

// Stamps come with the message or, of an acknowledgement, with the answer.
constexpr duration patience = 200ms;

}  // namespace

task<result<void>> path_channel::send(std::span<const std::byte> bytes) {
  if (auto* stream = std::get_if<stream_socket>(&socket_)) co_return co_await stream->send(bytes);
  auto& datagrams = std::get<datagram_socket>(socket_);
  outgoing_datagram message{.bytes = bytes};
  message.to = asker_;
  message.from = asked_;
  const result<void> sent = co_await datagrams.send(message);
  if (sent) ++datagrams_sent_;
  co_return sent;
}

task<result<std::size_t>> path_channel::receive(std::span<std::byte> buffer) {
  if (auto* stream = std::get_if<stream_socket>(&socket_)) {
    co_return co_await receive_from(*stream, buffer);
  }
  co_return co_await receive_from(std::get<datagram_socket>(socket_), buffer);
}

// The last part of a message makes it whole, so its times are those of the message.
task<result<std::size_t>> path_channel::receive_from(stream_socket& socket,
                                                     std::span<std::byte> buffer) {
  std::size_t have = 0;
  std::size_t wanted = path_message::header_size;
  while (have < wanted) {
    const std::span<std::byte> rest = buffer.subspan(have, wanted - have);
    const result<std::size_t> got = co_await socket.receive(rest);
    if (!got) co_return failure(got.error());
    if (*got == 0) {
      if (have == 0) co_return std::size_t{0};
      co_return failure(std::errc::bad_message);
    }
    have += *got;
    if (have == path_message::header_size) {
      const std::optional<path_message> header = path_message::parse(buffer.first(have));
      if (!header || header->size > buffer.size()) co_return failure(std::errc::bad_message);
      wanted = header->size;
    }
  }
  received_ = socket.received_times();
  co_return have;
}

task<result<std::size_t>> path_channel::receive_from(datagram_socket& socket,
                                                     std::span<std::byte> buffer) {
  for (;;) {
    const result<received_datagram> got = co_await socket.receive(buffer);
    if (!got) co_return failure(got.error());
    // Strangers may send anything.
    const std::optional<path_message> header = path_message::parse(got->bytes);
    if (!header || header->size != got->size) continue;
    if (!socket.remote()) {
      asker_ = got->source;
      asked_ = got->destination;
    }
    received_ = got->times;
    co_return got->size;
  }
}

task<hop_times> path_channel::sent_times() {
  if (auto* stream = std::get_if<stream_socket>(&socket_)) {
    for (;;) {
      const result<sent_message> sent = co_await stream->sent_message().timeout(patience);
      if (!sent) co_return hop_times();
      if (sent->number == stream->sent()) co_return sent->times;
    }
  }
  auto& datagrams = std::get<datagram_socket>(socket_);
  for (;;) {
    const result<sent_message> sent = co_await datagrams.sent_message().timeout(patience);
    if (!sent) co_return hop_times();
    if (sent->number + 1 == datagrams_sent_) co_return sent->times;
  }
}

std::optional<five_tuple> path_channel::tuple() const {
  return std::visit([](const auto& socket) { return socket.tuple(); }, socket_);
}

}  // namespace pentad::command
