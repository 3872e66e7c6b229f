#include "pentad/stack/kernel/epoll_stream.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>

#include "pentad/stack/kernel/socket_calls.hpp"

namespace pentad::kernel {

int epoll_stream::watch() noexcept {
  return stack_.engine.add(descriptor_, *this, EPOLLIN | EPOLLPRI | EPOLLOUT | EPOLLRDHUP);
}

void epoll_stream::event(std::uint32_t events) noexcept {
  constexpr std::uint32_t ended = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
  if ((events & (EPOLLPRI | ended)) != 0) short_means_empty_ = false;
  if (tracing_ && (events & (EPOLLERR | EPOLLHUP)) != 0) wake(tracing_->waiting);
  if ((events & (EPOLLIN | ended)) != 0) {
    readable_ = true;
    wake(reader_);
  }
  if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) == 0) return;
  if (connecting_) {
    operation& request = *std::exchange(writer_, nullptr);
    connecting_ = false;
    request.error = pending_error(descriptor_);
    request.end();
    return;
  }
  writable_ = true;
  wake(writer_);
}

void epoll_stream::await_connection(connect_request& request) noexcept {
  writer_ = &request;
  connecting_ = true;
}

void epoll_stream::stop_connecting(connect_request& request) noexcept {
  writer_ = nullptr;
  connecting_ = false;
  request.error = request.stop_error();
  request.end();
}

bool epoll_stream::receive(operation& into, std::span<std::byte> buffer,
                           std::size_t& count) noexcept {
  for (;;) {
    const ssize_t got = tracing_ ? tracing_->receive(descriptor_, buffer)
                                 : ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (got >= 0) {
      count = static_cast<std::size_t>(got);
      received_ += count;
      if (count == 0 && error_is_taken_ && was_cut_off(descriptor_, received_)) {
        into.error = ECONNRESET;
      }
      if (count < buffer.size() && short_means_empty_) readable_ = false;
      return true;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) {
      into.error = errno;
      error_is_taken_ = true;
      return true;
    }
    readable_ = false;
    return false;
  }
}

bool epoll_stream::attempt(receive_operation& operation) noexcept {
  return readable_ && receive(operation, operation.buffer, operation.count);
}

bool epoll_stream::attempt(lend_operation& operation) {
  if (!readable_) return false;
  std::byte* buffer = stack_.buffers.take();
  if (buffer == nullptr) {
    stack_.buffers.waiting.add(operation);
    return false;
  }
  std::size_t count = 0;
  const bool ended = receive(operation, {buffer, lent_buffer_size}, count);
  if (count != 0) {
    operation.loan = received({buffer, count}, stack_.buffers);
  } else {
    stack_.buffers.give_back({buffer, lent_buffer_size});
  }
  return ended;
}

bool epoll_stream::attempt(send_operation& operation) noexcept {
  while (writable_ && !operation.complete()) {
    const std::span<const std::byte> rest = operation.rest;
    const ssize_t taken = zero_copy_ ? zero_copy_->send(descriptor_, rest)
                                     : ::send(descriptor_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (taken >= 0) {
      operation.advance(static_cast<std::size_t>(taken));
    } else if (errno == EAGAIN) {
      writable_ = false;
    } else if (errno != EINTR) {
      operation.error = errno;
      error_is_taken_ = true;
      return true;
    }
  }
  return operation.complete();
}

bool epoll_stream::attempt(send_parts_operation& operation) noexcept {
  std::array<send_parts_operation::part, send_parts_operation::gathered_at_once> parts;
  std::array<iovec, parts.size()> vectors;
  while (writable_ && !operation.complete()) {
    const std::size_t count = operation.gather(parts);
    for (std::size_t i = 0; i < count; ++i) {
      vectors[i] = {const_cast<std::byte*>(parts[i].data()), parts[i].size()};
    }
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = count;
    const ssize_t taken = zero_copy_ ? zero_copy_->send(descriptor_, message, operation.size())
                                     : ::sendmsg(descriptor_, &message, MSG_NOSIGNAL);
    if (taken >= 0) {
      operation.advance(static_cast<std::size_t>(taken));
    } else if (errno == EAGAIN) {
      writable_ = false;
    } else if (errno != EINTR) {
      operation.error = errno;
      error_is_taken_ = true;
      return true;
    }
  }
  return operation.complete();
}

bool epoll_stream::attempt(send_file_operation& operation) noexcept {
  while (writable_ && operation.rest != 0) {
    const ssize_t taken = send_file(descriptor_, operation);
    if (taken > 0) {
      operation.advance(static_cast<std::uint64_t>(taken));
    } else if (taken == 0) {
      return true;  // the file ends here
    } else if (errno == EAGAIN) {
      writable_ = false;
    } else if (errno != EINTR) {
      operation.error = errno;
      return true;
    }
  }
  return operation.rest == 0;
}

template <class Operation>
operation*& epoll_stream::slot() noexcept {
  return reads<Operation> ? reader_ : writer_;
}

template <class Operation>
bool epoll_stream::begin(Operation& operation) {
  if (slot<Operation>() != nullptr) {
    operation.error = EALREADY;
    return true;
  }
  trace(operation);
  operation.env->run = &carry_out<Operation>;
  if (attempt(operation) && !awaits_memory(operation)) return true;
  slot<Operation>() = &operation;
  return false;
}

template <class Operation>
void epoll_stream::trace(const Operation& begun) {
  if constexpr (!reads<Operation>) {
    if (tracing_) tracing_->given(sent, sent + begun.size());
  }
}

bool epoll_stream::start(sent_message_operation& operation) {
  if (stream_tracing::start(tracing_.get(), descriptor_, operation)) return true;
  operation.env->run = &report_times;
  return false;
}

void epoll_stream::report_times(ready_node& node) {
  auto& operation = static_cast<sent_message_operation&>(*static_cast<environment&>(node).current);
  auto& self = static_cast<epoll_stream&>(*operation.impl);
  operation.queued = false;
  if (self.released_) {
    operation.error = ECANCELED;
  } else if (!self.tracing_->report(self.descriptor_, operation.sent)) {
    const bool is_over = is_closed(self.descriptor_);
    if (operation.why == stop_reason::none && !is_over) return;
    operation.error = is_over ? ENOTCONN : operation.stop_error();
  }
  self.tracing_->waiting = nullptr;
  self.delete_if_unused();
  operation.resume();
}

void epoll_stream::stop(sent_message_operation& operation) noexcept {
  if (operation.queued) return;
  tracing_->waiting = nullptr;
  operation.error = operation.stop_error();
  operation.end();
}

template <class Operation>
void epoll_stream::carry_out(ready_node& node) {
  auto& operation = static_cast<Operation&>(*static_cast<environment&>(node).current);
  auto& self = static_cast<epoll_stream&>(*operation.impl);
  operation.queued = false;
  if constexpr (std::same_as<Operation, lend_operation>) {
    self.stack_.buffers.waiting.remove(operation);
  }
  if (self.released_) {
    operation.error = ECANCELED;
  } else if (!self.attempt(operation)) {
    if (operation.why == stop_reason::none) return;
    if constexpr (std::same_as<Operation, lend_operation>) {
      self.stack_.buffers.waiting.remove(operation);
    }
    operation.error = operation.stop_error();
  }
  if constexpr (std::same_as<Operation, lend_operation>) {
    if (operation.error != 0) self.stack_.buffers.serve_waiting();
  }
  if (self.awaits_memory(operation)) return;
  self.slot<Operation>() = nullptr;
  self.delete_if_unused();
  operation.resume();
}

template <class Operation>
void epoll_stream::halt(Operation& operation) noexcept {
  if (operation.queued) return;  // it is carried out first: bytes that arrived are not lost
  if (operation.env->run == &memory_may_be_free<Operation>) return;  // it is over
  operation.error = operation.stop_error();
  if (awaits_memory(operation)) return;
  slot<Operation>() = nullptr;
  operation.end();
}

// A send without a copy that is over ends when the kernel has let go of its memory.
template <class Operation>
bool epoll_stream::awaits_memory(Operation& over) noexcept {
  if (reads<Operation> || !kernel_reads_memory()) return false;
  over.env->run = &memory_may_be_free<Operation>;
  return true;
}

template <class Operation>
void epoll_stream::memory_may_be_free(ready_node& node) {
  auto& operation = static_cast<Operation&>(*static_cast<environment&>(node).current);
  auto& self = static_cast<epoll_stream&>(*operation.impl);
  operation.queued = false;
  if (self.kernel_reads_memory()) return;
  self.writer_ = nullptr;
  self.delete_if_unused();
  operation.resume();
}

void epoll_stream::stop(lend_operation& operation) noexcept {
  stack_.buffers.waiting.remove(operation);
  halt(operation);
}

void epoll_stream::wake(operation* parked) noexcept {
  if (parked == nullptr || parked->queued || (connecting_ && parked == writer_)) return;
  parked->queued = true;
  stack_.loop.push(*parked->env);
}

result<void> epoll_stream::shutdown(direction way) { return kernel::shutdown(descriptor_, way); }

result<void> epoll_stream::set(const stream_options& options) {
  // Both would read the socket's error queue.
  if (options.path_tracing.value_or(tracing_ != nullptr) &&
      options.zero_copy.value_or(zero_copy_ != nullptr)) {
    return failure(std::errc::operation_not_supported);
  }
  result<void> done = set_options(descriptor_, family_of(descriptor_), for_any_socket(options));
  if (done && options.zero_copy) done = set_zero_copy(zero_copy_, descriptor_, *options.zero_copy);
  if (done && options.path_tracing) {
    done = set_tracing(tracing_, descriptor_, *options.path_tracing, sent);
  }
  return done;
}

hop_times epoll_stream::received_times() const noexcept {
  return tracing_ ? tracing_->received() : hop_times();
}

result<socket_address> epoll_stream::local() const { return local_address(descriptor_); }
result<socket_address> epoll_stream::remote() const { return remote_address(descriptor_); }
stream_info epoll_stream::info() const { return read_info(descriptor_); }

void epoll_stream::release(bool abort) noexcept {
  released_ = true;
  if (abort) reset_on_close(descriptor_);
  if (abort && kernel_reads_memory()) disconnect(descriptor_);
  if (!kernel_reads_memory()) close();
  wake(reader_);
  wake(writer_);
  if (tracing_) wake(tracing_->waiting);
  delete_if_unused();
}

void epoll_stream::close() noexcept {
  ::close(std::exchange(descriptor_, -1));
  stack_.descriptors.relieved();
}

void epoll_stream::end_if_unused() noexcept {
  const bool reports = tracing_ && tracing_->waiting != nullptr;
  if (reader_ != nullptr || writer_ != nullptr || reports) return;
  if (descriptor_ >= 0) close();
  delete this;
}

}  // namespace pentad::kernel
