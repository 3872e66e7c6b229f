#include "pentad/stack/native/host_stack/native_socket.hpp"

#include <algorithm>
#include <cerrno>

#include "pentad/stack/native/host_stack/native_listener.hpp"
#include "pentad/stack/native/host_stack/native_stack.hpp"
#include "pentad/stack/native/host_stack/native_stream.hpp"

namespace pentad::native {

result<held_port> native_socket::hold(const endpoint& local) {
  return stack_.streams().bind(local, options_.ipv6_only.value_or(false),
                               options_.reuse_port.value_or(false));
}

result<void> native_socket::bind(const socket_address& local) {
  if (!local.is_ip() || local.ip().address.version() != unbound_.address.version()) {
    return failure(std::errc::address_family_not_supported);
  }
  if (bound_) return failure(std::errc::invalid_argument);  // as bind(2)
  result<held_port> held = hold(local.ip());
  if (!held) return failure(held.error());
  bound_.emplace(std::move(*held));
  return {};
}

result<owned_impl<listener_impl>> native_socket::listen(int backlog) {
  if (!bound_) {
    result<held_port> held = hold(unbound_);
    if (!held) return failure(held.error());
    bound_.emplace(std::move(*held));
  }
  listener& listening =
      stack_.streams().listen(std::move(*bound_), static_cast<unsigned>(std::max(1, backlog)));
  // As many as kernel:... asks Linux for.
  if (options_.fast_open.value_or(false)) listening.set_fast_open(256);
  return owned_impl<listener_impl>(new native_listener(stack_, listening, options_));
}

bool native_socket::start(connect_request& request) {
  if (!request.remote.is_ip()) {
    request.error = EAFNOSUPPORT;
    return true;
  }
  const result<connection*> begun =
      stack_.streams().connect(bound_ ? bound_->local() : unbound_, request.remote.ip(),
                               stack_.now(), options_.fast_open.value_or(false));
  if (!begun) {
    request.error = begun.error().value();
    return true;
  }
  auto* made = new native_stream(stack_, **begun);
  request.connected.reset(made);
  static_cast<void>(made->set(options_));
  if ((*begun)->is_connected()) return true;  // its SYN waits for the first bytes
  made->await_connection(request);
  stack_.schedule();
  return false;
}

void native_socket::stop(connect_request& request) noexcept {
  static_cast<native_stream&>(*request.connected).stop_connecting(request);
}

}  // namespace pentad::native
