#include "apps/packet_scripts/linux_stream.hpp"

#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace pentad::packet_scripts {

linux_stream::linux_stream(host_under_test& host, conversations& talks, ip_version version)
    : host_(host), talks_(talks), version_(version) {}

linux_stream::linux_stream(host_under_test& host, conversations& talks,
                           native::connection& accepted, const stream_settings& inherited)
    : host_(host),
      talks_(talks),
      version_(accepted.tuple.local.address.version()),
      settings_(inherited),
      connection_(&accepted),
      connect_is_told_(true) {
  accepted.user = this;
  apply();
}

// close(2): an end without a word is asked for by a linger time of zero (socket(7)).
linux_stream::~linux_stream() {
  if (connection_ != nullptr) {
    talks_.closes(connection_->tuple.local.port, connection_->tuple.remote.port);
    connection_->release(settings_.linger == 0);
  }
  if (listener_ != nullptr) listener_->close();
  host_.step(host_.now());
}

call_result linux_stream::bind(const endpoint& local) {
  if (is_bound_) return fails(EINVAL);
  auto held = host_.streams().bind(local, settings_.v6_only, settings_.reuse_port);
  if (!held) return fails(held.error().value());
  bound_ = std::move(*held);
  is_bound_ = true;
  return returns(0);
}

call_result linux_stream::listen(unsigned backlog) {
  if (connection_ != nullptr) return fails(EINVAL);
  if (listener_ != nullptr) throw unsupported("listen() again, with another backlog");
  if (!is_bound_) {
    const call_result bound = bind(endpoint(ip_address::any(version_), 0));
    if (bound.error != 0) return bound;
  }
  talks_.listens(bound_.local().port);
  listener_ = &host_.streams().listen(std::move(bound_), backlog);
  const bool all_do = host_.settings().fast_open.all_listeners;
  listener_->set_fast_open(fast_opens_.value_or(all_do ? backlog : 0));
  return returns(0);
}

call_result linux_stream::begin_connecting(const endpoint& remote, bool fast_open) {
  const endpoint local = is_bound_ ? bound_.local() : endpoint(ip_address::any(version_), 0);
  const auto begun = host_.streams().connect(local, remote, host_.now(), fast_open);
  if (!begun) return fails(begun.error().value());
  connection_ = *begun;
  connection_->user = this;
  apply();
  talks_.connects(connection_->tuple.local.port, remote.port);
  host_.step(host_.now());
  return returns(0);
}

call_result linux_stream::connect(const endpoint& remote) {
  if (listener_ != nullptr || connect_is_told_) return fails(EISCONN);
  return get_connected(remote, settings_.opens_fast && host_.settings().fast_open.client);
}

call_result linux_stream::get_connected(const endpoint& remote, bool fast_open) {
  const bool begins = connection_ == nullptr;
  if (begins) {
    const call_result begun = begin_connecting(remote, fast_open);
    if (begun.error != 0) return begun;
  }
  if (const int error = take_error()) return fails(error);
  if (!connection_->is_connected()) {
    return nonblocking ? fails(begins ? EINPROGRESS : EALREADY) : would_wait();
  }
  connect_is_told_ = true;
  return returns(0);
}

// With a cookie the first bytes are in the SYN, and the call need not wait for more (RFC 7413).
call_result linux_stream::connect_and_write(std::size_t count, std::size_t& written,
                                            const endpoint& to) {
  if (!host_.settings().fast_open.client) return fails(EOPNOTSUPP);
  if (listener_ != nullptr || (connect_is_told_ && written == 0)) return fails(EISCONN);
  const call_result connected = get_connected(to, true);
  if (connected.error != 0 || connected.waits) return connected;
  return write(count, written, std::nullopt);
}

call_result linux_stream::accept(std::unique_ptr<linux_socket>& made) {
  if (listener_ == nullptr) return fails(EINVAL);
  native::connection* const accepted = listener_->accept();
  if (accepted == nullptr) return nonblocking ? fails(EAGAIN) : would_wait();
  made = std::make_unique<linux_stream>(host_, talks_, *accepted, settings_);
  return returns(0);
}

// A failure is told once; then the stream has ended.
int linux_stream::take_error() {
  if (connection_ == nullptr || connection_->error() == 0) return 0;
  return std::exchange(error_is_told_, true) ? 0 : connection_->error();
}

call_result linux_stream::read(std::size_t most) {
  if (connection_ == nullptr) return fails(ENOTCONN);
  if (most == 0) return returns(0);
  if (connection_->readable() == 0) {
    if (connection_->is_read_to_the_end()) return returns(0);
    if (const int error = take_error()) return fails(error);
    if (connection_->state() == native::tcp_state::closed) return returns(0);
    connection_->begin_early();
    host_.step(host_.now());
    return nonblocking ? fails(EAGAIN) : would_wait();
  }
  std::vector<std::byte> buffer(std::min(most, connection_->readable()));
  const std::size_t count = connection_->read(buffer);
  host_.step(host_.now());
  return returns(static_cast<std::int64_t>(count));
}

call_result linux_stream::write(std::size_t count, std::size_t& written,
                                const std::optional<endpoint>&) {
  if (connection_ == nullptr) return fails(EPIPE);
  if (const int error = take_error()) return fails(error);
  if (connection_->cannot_send()) return fails(EPIPE);
  const std::vector<std::byte> content(count - written);
  written += connection_->write(content);
  host_.step(host_.now());
  if (written == count) return returns(static_cast<std::int64_t>(count));
  if (!nonblocking) return would_wait();
  return written != 0 ? returns(static_cast<std::int64_t>(written)) : fails(EAGAIN);
}

call_result linux_stream::shutdown(int how) {
  if (listener_ != nullptr) throw unsupported("shutdown() of a listener");
  if (connection_ == nullptr || connection_->state() == native::tcp_state::closed) {
    return fails(ENOTCONN);
  }
  if (how != SHUT_WR) connection_->shutdown_receive();
  if (how != SHUT_RD) connection_->shutdown_send();
  host_.step(host_.now());
  return returns(0);
}

// With a linger time close() waits until the peer has all and has acknowledged the end (socket(7)).
duration linux_stream::begin_closing() {
  if (connection_ == nullptr || settings_.linger.value_or(0) <= 0) return duration::zero();
  if (connection_->readable() != 0) return duration::zero();  // a reset
  connection_->shutdown_send();
  host_.step(host_.now());
  return std::chrono::seconds(*settings_.linger);
}

bool linux_stream::is_closing() {
  using native::tcp_state;
  const tcp_state state = connection_->state();
  return state == tcp_state::fin_wait_1 || state == tcp_state::closing ||
         state == tcp_state::last_ack || connection_->is_opening();
}

call_result linux_stream::queue_size(int request, std::int64_t& size) {
  if (connection_ == nullptr) return fails(EINVAL);
  const std::size_t queued = connection_->send_queue();
  if (request == SIOCINQ) size = static_cast<std::int64_t>(connection_->readable());
  if (request == SIOCOUTQ) size = static_cast<std::int64_t>(queued);
  if (request == SIOCOUTQNSD) {
    size = std::max<std::int64_t>(
        0, static_cast<std::int64_t>(queued) - std::int64_t{connection_->in_flight()});
  }
  return returns(0);
}

// tcp_poll() of Linux.
readiness linux_stream::ready() {
  readiness now;
  if (listener_ != nullptr) {
    now.events = listener_->has_waiting() ? POLLIN | POLLRDNORM : 0;
    now.arrivals = listener_->waiting();
    return now;
  }
  if (connection_ == nullptr) return {POLLOUT | POLLHUP, 0};
  const bool is_over = connection_->state() == native::tcp_state::closed;
  if (!connection_->is_connected() && !is_over) return now;
  if (connection_->readable() != 0 || connection_->at_end()) now.events |= POLLIN | POLLRDNORM;
  if (connection_->is_read_to_the_end() || is_over) now.events |= POLLRDHUP;
  if (is_over || (connection_->cannot_send() && connection_->is_read_to_the_end())) {
    now.events |= POLLHUP;
  }
  if (connection_->error() != 0 && !error_is_told_) now.events |= POLLERR;
  // A third of the buffer must be free.
  const std::size_t queued = connection_->send_queue();
  if (connection_->cannot_send() ||
      connection_->writable() >= std::max<std::size_t>(queued / 2, 1)) {
    now.events |= POLLOUT | POLLWRNORM;
  }
  now.arrivals = connection_->bytes_received();
  return now;
}

std::optional<std::int64_t> linux_stream::inq() {
  if (!settings_.tells_inq || connection_ == nullptr) return std::nullopt;
  // The end counts as one, so that a program reads again (tcp_inq_hint of Linux).
  if (connection_->is_read_to_the_end()) return 1;
  return static_cast<std::int64_t>(connection_->readable());
}

}  // namespace pentad::packet_scripts
