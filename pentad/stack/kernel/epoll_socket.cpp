#include "pentad/stack/kernel/epoll_socket.hpp"

#include <sys/socket.h>

#include <cerrno>

#include "pentad/stack/kernel/epoll_listener.hpp"
#include "pentad/stack/kernel/epoll_stream.hpp"
#include "pentad/stack/kernel/socket_calls.hpp"

namespace pentad::kernel {

result<owned_impl<unconnected_impl>> epoll_stack::open_stream(address_family family,
                                                              const stream_options& options) {
  result<descriptor_handle> opened = kernel::open_stream(family, options, SOCK_NONBLOCK);
  if (!opened) return failure(opened.error());
  return owned_impl<unconnected_impl>(new epoll_socket(*this, std::move(*opened)));
}

result<void> epoll_socket::bind(const socket_address& local) {
  const result<void> bound = kernel::bind(descriptor_.get(), local);
  if (bound) file_ = unix_socket_file(local);
  return bound;
}

result<owned_impl<listener_impl>> epoll_socket::listen(int backlog) {
  if (::listen(descriptor_.get(), backlog) != 0) return failure_from_errno(errno);
  auto* made = new epoll_listener(stack_, descriptor_.release(), std::move(file_));
  owned_impl<listener_impl> listening(made);
  if (const int error = made->watch(); error != 0) return failure_from_errno(error);
  return listening;
}

bool epoll_socket::start(connect_request& request) { return attempt(request); }

bool epoll_socket::attempt(connect_request& request) {
  const native_address remote(request.remote);
  const bool connected = ::connect(descriptor_.get(), remote.get(), remote.size()) == 0;
  if (!connected && errno == EAGAIN) {
    retrying_ = &request;
    retry_later();
    return false;
  }
  if (!connected && errno != EINPROGRESS) {
    request.error = errno;
    return true;
  }
  auto* made = new epoll_stream(stack_, descriptor_.release(), request.remote.is_ip());
  request.connected.reset(made);
  request.error = made->watch();
  if (connected || request.error != 0) return true;
  made->await_connection(request);
  return false;
}

// The queue of a Unix listener is full, and connect(2) offers nothing to wait for: ask again.
void epoll_socket::retry_later() noexcept {
  at = later(stack_.loop.now(), pause_);
  pause_ = std::min<duration>(pause_ * 2, std::chrono::milliseconds(64));
  fire = [](timer_node& node) {
    auto& self = static_cast<epoll_socket&>(node);
    connect_request& request = *std::exchange(self.retrying_, nullptr);
    if (self.attempt(request)) request.end();
  };
  stack_.loop.timers().insert(*this);
}

void epoll_socket::stop(connect_request& request) noexcept {
  if (retrying_ == nullptr) {
    static_cast<epoll_stream&>(*request.connected).stop_connecting(request);
    return;
  }
  retrying_ = nullptr;
  stack_.loop.timers().erase(*this);
  request.error = request.stop_error();
  request.end();
}

result<socket_address> epoll_socket::local() const { return local_address(descriptor_.get()); }

}  // namespace pentad::kernel
