#include "apps/messenger/server/connection.hpp"

#include <string>
#include <utility>

#include "apps/messenger/server/service.hpp"
#include "pentad/runtime/shielded.hpp"

namespace pentad::messenger {
namespace {

/// Where a client comes from.
std::string host_of(const stream_socket& socket) {
  const result<socket_address> peer = socket.remote();
  if (!peer || !peer->is_ip()) return "localhost";
  return to_string(peer->ip().address.unmapped());
}

}  // namespace

connection::connection(service& in, stream_socket socket)
    : in_(in),
      socket_(std::move(socket)),
      client_(in.desk().connected(*this, host_of(socket_), in.now())) {
  in_.notice();
}

task<> connection::hold(service& in, stream_socket socket) {
  connection peer(in, std::move(socket));
  // It may have been cut while this did something else than receive.
  while (peer.socket_.is_open()) {
    if (peer.client_.delayed() && !peer.client_.closing()) {
      const result<void> told = co_await peer.changed_.wait();
      if (!told) break;
      continue;
    }
    const result<received> got = co_await peer.socket_.receive();
    if (!got) {
      peer.finish(got.error().message());
      peer.socket_.close();
      break;
    }
    if (got->empty()) {
      peer.finish("Connection closed");
      break;
    }
    in.desk().received(peer.client_, got->bytes(), in.now());
    in.notice();
  }
  // A peer that has finished sending may still read; `cut` says when that took too long.
  while (peer.has_to_write()) {
    const result<void> told = co_await peer.changed_.wait();
    if (!told) break;
  }
  peer.socket_.close();
  if (peer.writing_) co_await shielded(peer.until_written());
  in.desk().disconnected(peer.client_, in.now());
  in.connection_ended();
  in.notice();
}

void connection::attend() {
  changed_.set();
  if (writing_ || !has_to_write()) return;
  writing_ = true;
  in_.writer_began();
  in_.tasks().spawn(write());
}

void connection::cut() noexcept {
  socket_.close();
  changed_.set();
}

task<> connection::write() {
  send_batch batch;
  while (socket_.is_open() && client_.output.take(batch, in_.joiner())) {
    const result<void> sent = co_await socket_.send(batch.bytes());
    if (sent) continue;
    finish(sent.error().message());
    socket_.close();
  }
  // The peer sees the end of the stream right behind the last line.
  if (socket_.is_open() && client_.closing() && !socket_.shutdown(direction::send)) {
    socket_.close();
  }
  writing_ = false;
  in_.writer_ended();
  changed_.set();
}

task<> connection::until_written() {
  while (writing_) static_cast<void>(co_await changed_.wait());
}

void connection::finish(std::string_view reason) {
  in_.desk().finished(client_, reason, in_.now());
  in_.notice();
}

bool connection::has_to_write() const noexcept {
  return socket_.is_open() && (writing_ || !client_.output.empty());
}

}  // namespace pentad::messenger
