#include "pentad/stack/kernel/epoll_listener.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>

#include "pentad/stack/kernel/epoll_stream.hpp"
#include "pentad/stack/kernel/socket_calls.hpp"

namespace pentad::kernel {

int epoll_listener::watch() noexcept { return stack_.engine.add(descriptor_, *this, EPOLLIN); }

bool epoll_listener::attempt(accept_request& request) {
  while (readable_) {
    const int accepted = ::accept4(descriptor_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted >= 0) {
      auto* made = new epoll_stream(stack_, accepted, is_ip_);
      request.accepted.reset(made);
      request.error = made->watch();
      return true;
    }
    if (errno == EAGAIN) {
      readable_ = false;
    } else if (is_shortage(errno)) {
      readable_ = false;
      stack_.descriptors.rest(*this);
    } else if (!concerns_one_connection(errno)) {
      request.error = errno;
      return true;
    }
  }
  return false;
}

bool epoll_listener::start(accept_request& request) {
  if (waiting_ != nullptr) {
    request.error = EALREADY;
    return true;
  }
  if (attempt(request)) return true;
  waiting_ = &request;
  request.env->run = &carry_out;
  return false;
}

void epoll_listener::carry_out(ready_node& node) {
  auto& request = static_cast<accept_request&>(*static_cast<environment&>(node).current);
  auto& self = static_cast<epoll_listener&>(*request.impl);
  request.queued = false;
  const bool closed = self.descriptor_ < 0;
  if (closed) {
    request.error = ECANCELED;
  } else if (!self.attempt(request)) {
    if (request.why == stop_reason::none) return;
    request.error = request.stop_error();
  }
  self.waiting_ = nullptr;
  if (closed) delete &self;
  request.resume();
}

void epoll_listener::stop(accept_request& request) noexcept {
  if (request.queued) return;
  waiting_ = nullptr;
  request.error = request.stop_error();
  request.end();
}

void epoll_listener::event(std::uint32_t) noexcept {
  readable_ = true;
  wake();
}

void epoll_listener::try_again() noexcept {
  readable_ = true;
  wake();
}

void epoll_listener::wake() noexcept {
  if (waiting_ == nullptr || waiting_->queued) return;
  waiting_->queued = true;
  stack_.loop.push(*waiting_->env);
}

result<socket_address> epoll_listener::local() const { return local_address(descriptor_); }

void epoll_listener::release() noexcept {
  stack_.descriptors.forget(*this);
  file_ = {};
  ::close(std::exchange(descriptor_, -1));
  stack_.descriptors.relieved();
  if (waiting_ == nullptr) {
    delete this;
  } else {
    wake();
  }
}

}  // namespace pentad::kernel
