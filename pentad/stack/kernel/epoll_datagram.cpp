#include "pentad/stack/kernel/epoll_datagram.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>

namespace pentad::kernel {
namespace {

result<owned_impl<datagram_impl>> join_epoll(epoll_stack& stack, result<opened_datagram> opened) {
  if (!opened) return failure(opened.error());
  auto* made = new epoll_datagram(stack, std::move(*opened));
  owned_impl<datagram_impl> owned(made);
  if (const int error = made->watch(); error != 0) return failure_from_errno(error);
  return owned;
}

}  // namespace

result<owned_impl<datagram_impl>> epoll_stack::open_datagram(address_family family,
                                                             const datagram_options& options) {
  return join_epoll(*this, kernel::open_datagram(family, options, SOCK_NONBLOCK));
}

result<owned_impl<datagram_impl>> epoll_stack::open_raw(ip_version version, ip_protocol protocol,
                                                        const raw_options& options) {
  return join_epoll(*this, kernel::open_raw(version, protocol, options, SOCK_NONBLOCK));
}

int epoll_datagram::watch() noexcept {
  return stack_.engine.add(descriptor(), *this, EPOLLIN | EPOLLOUT);
}

void epoll_datagram::event(std::uint32_t events) noexcept {
  constexpr std::uint32_t broken = EPOLLERR | EPOLLHUP;
  if ((events & (EPOLLIN | broken)) != 0) wake(reader_);
  if ((events & (EPOLLOUT | broken)) != 0) wake(writer_);
  if ((events & broken) != 0) {
    wake(errors_);
    wake(times_);
  }
}

void epoll_datagram::wake(slot& in) noexcept {
  in.ready = true;
  push(in);
}

void epoll_datagram::push(slot& in) noexcept {
  if (in.waiting == nullptr || in.waiting->queued) return;
  in.waiting->queued = true;
  stack_.loop.push(*in.waiting->env);
}

template <class Operation>
bool epoll_datagram::attempt_in(slot& in, Operation& operation) {
  if (!in.ready) return false;
  if (attempt(operation)) return true;
  in.ready = false;
  return false;
}

template <class Operation>
bool epoll_datagram::begin(Operation& operation) {
  slot& in = slot_of(operation);
  if (in.waiting != nullptr) {
    operation.error = EALREADY;
    return true;
  }
  if (refuses(operation)) {
    operation.error = EOPNOTSUPP;
    return true;
  }
  if (attempt_in(in, operation)) return true;
  in.waiting = &operation;
  operation.env->run = &carry_out<Operation>;
  return false;
}

template <class Operation>
void epoll_datagram::carry_out(ready_node& node) {
  auto& operation = static_cast<Operation&>(*static_cast<environment&>(node).current);
  auto& self = static_cast<epoll_datagram&>(*operation.impl);
  slot& in = self.slot_of(operation);
  operation.queued = false;
  if (self.released_) {
    operation.error = ECANCELED;
  } else if (!self.attempt_in(in, operation)) {
    if (operation.why == stop_reason::none) return;
    operation.error = operation.stop_error();
  }
  in.waiting = nullptr;
  self.delete_if_unused();
  operation.resume();
}

template <class Operation>
void epoll_datagram::halt(Operation& operation) noexcept {
  if (operation.queued) return;  // it is carried out first: a datagram that arrived is not lost
  slot_of(operation).waiting = nullptr;
  operation.error = operation.stop_error();
  operation.end();
}

void epoll_datagram::release() noexcept {
  released_ = true;
  close_descriptor();
  for (slot* each : {&reader_, &writer_, &errors_, &times_}) push(*each);
  stack_.descriptors.relieved();
  delete_if_unused();
}

void epoll_datagram::delete_if_unused() noexcept {
  if (!released_) return;
  for (const slot* each : {&reader_, &writer_, &errors_, &times_}) {
    if (each->waiting != nullptr) return;
  }
  delete this;
}

}  // namespace pentad::kernel
