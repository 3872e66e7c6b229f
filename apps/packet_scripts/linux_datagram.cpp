#include "apps/packet_scripts/linux_datagram.hpp"

#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace pentad::packet_scripts {

linux_datagram::~linux_datagram() {
  if (port_ != nullptr) port_->close();
}

call_result linux_datagram::bind(const endpoint& local) {
  if (port_ != nullptr) return fails(EINVAL);
  const auto bound =
      host_.datagrams().bind(local, native::udp_binding{.reuse_address = reuse_address_});
  if (!bound) return fails(bound.error().value());
  port_ = *bound;
  talks_.listens(port_->local().port);
  return returns(0);
}

int linux_datagram::bind_any() {
  return port_ != nullptr ? 0 : bind(endpoint(ip_address::any(version_), 0)).error;
}

call_result linux_datagram::connect(const endpoint& remote) {
  if (const int error = bind_any()) return fails(error);
  const auto connected = port_->connect(remote);
  if (!connected) return fails(connected.error().value());
  talks_.connects(port_->local().port, remote.port);
  return returns(0);
}

call_result linux_datagram::listen(unsigned) { return fails(EOPNOTSUPP); }
call_result linux_datagram::accept(std::unique_ptr<linux_socket>&) { return fails(EOPNOTSUPP); }

call_result linux_datagram::read(std::size_t most) {
  if (const int error = bind_any()) return fails(error);
  if (const std::error_code error = port_->take_error()) return fails(error.value());
  const auto arrived = port_->receive();
  if (!arrived) return nonblocking ? fails(EAGAIN) : would_wait();
  return returns(static_cast<std::int64_t>(std::min(most, arrived->payload.size())));
}

call_result linux_datagram::write(std::size_t count, std::size_t& written,
                                  const std::optional<endpoint>& to) {
  if (const int error = bind_any()) return fails(error);
  if (const std::error_code error = port_->take_error()) return fails(error.value());
  const std::vector<std::byte> content(count);
  const auto sent = port_->send(native::port_message{.payload = content, .to = to}, host_.now());
  host_.step(host_.now());
  if (!sent && sent.error() == std::errc::not_connected) return fails(EDESTADDRREQ);
  if (!sent) return fails(sent.error().value());
  written = count;
  return returns(static_cast<std::int64_t>(count));
}

call_result linux_datagram::shutdown(int) { throw unsupported("shutdown() of a UDP socket"); }

call_result linux_datagram::set_option(int level, int name, const option_value& value) {
  if (level != SOL_SOCKET || name != SO_REUSEADDR || value.numbers.empty()) {
    throw unsupported("option " + std::to_string(name) + " of a UDP socket");
  }
  reuse_address_ = value.numbers.front() != 0;
  return returns(0);
}

call_result linux_datagram::get_option(int level, int name, option_value& value) {
  if (level != SOL_SOCKET || name != SO_ERROR) {
    throw unsupported("option " + std::to_string(name) + " of a UDP socket");
  }
  value.numbers = {port_ != nullptr ? port_->take_error().value() : 0};
  return returns(0);
}

call_result linux_datagram::queue_size(int request, std::int64_t& size) {
  if (request != SIOCINQ) throw unsupported("the send queue of a UDP socket");
  const native::arrived_datagram* const next = port_ != nullptr ? port_->next() : nullptr;
  size = next != nullptr ? static_cast<std::int64_t>(next->payload.size()) : 0;
  return returns(0);
}

readiness linux_datagram::ready() {
  readiness now{.events = POLLOUT | POLLWRNORM, .arrivals = 0};
  if (port_ != nullptr && port_->has_datagrams()) now.events |= POLLIN | POLLRDNORM;
  return now;
}

}  // namespace pentad::packet_scripts
