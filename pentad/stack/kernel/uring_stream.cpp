#include "pentad/stack/kernel/uring_stream.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <new>

#include "pentad/stack/kernel/socket_calls.hpp"

namespace pentad::kernel {
namespace {

constexpr int send_flags = MSG_NOSIGNAL | MSG_WAITALL;

// What sendmsg(2) needs and must find in place until the kernel has taken the request.
struct gathered_message {
  msghdr header;
  std::array<iovec, send_parts_operation::gathered_at_once> parts;
};
static_assert(sizeof(gathered_message) <= sizeof(send_parts_operation::scratch));

// Since Linux 6.1.
bool avoids_copies(uring_engine& engine) noexcept { return engine.supports(IORING_OP_SENDMSG_ZC); }

}  // namespace

bool uring_stream::takes(operation*& slot, operation& operation) noexcept {
  if (slot != nullptr) {
    operation.error = EALREADY;
    return false;
  }
  slot = &operation;
  return true;
}

bool uring_stream::start(receive_operation& operation) {
  if (!takes(reader_, operation)) return true;
  ask(operation);
  return false;
}

bool uring_stream::start(lend_operation& operation) {
  if (!takes(reader_, operation)) return true;
  ask(operation);
  return false;
}

bool uring_stream::start(send_operation& operation) {
  if (!takes(writer_, operation)) return true;
  if (tracing_) tracing_->given(sent, sent + operation.size());
  ask(operation);
  return false;
}

bool uring_stream::start(send_parts_operation& operation) {
  if (!takes(writer_, operation)) return true;
  if (tracing_) tracing_->given(sent, sent + operation.size());
  ask(operation);
  return false;
}

bool uring_stream::start(send_file_operation& operation) {
  if (!takes(writer_, operation)) return true;
  if (tracing_) tracing_->given(sent, sent + operation.size());
  if (attempt(operation)) {
    writer_ = nullptr;
    return true;
  }
  await_room();
  return false;
}

// sendfile(2) has no flag against waiting, so the socket must not wait during the call. Requests in
// flight keep the mode that they began with.
bool uring_stream::attempt(send_file_operation& operation) noexcept {
  const int flags = ::fcntl(descriptor_, F_GETFL);
  ::fcntl(descriptor_, F_SETFL, flags | O_NONBLOCK);
  bool would_wait = false;
  bool ended = false;
  while (operation.rest != 0 && !would_wait && !ended) {
    const ssize_t taken = send_file(descriptor_, operation);
    if (taken > 0) {
      operation.advance(static_cast<std::uint64_t>(taken));
    } else if (taken == 0) {
      ended = true;  // the file ends here
    } else if (errno == EAGAIN) {
      would_wait = true;
    } else if (errno != EINTR) {
      operation.error = errno;
      ended = true;
    }
  }
  ::fcntl(descriptor_, F_SETFL, flags);
  return !would_wait;
}

void uring_stream::await_room() noexcept {
  io_uring_sqe& request = stack_.engine.request();
  io_uring_prep_poll_add(&request, descriptor_, POLLOUT);
  stack_.engine.submit(request, *this, sends_file);
}

void uring_stream::became_writable() noexcept {
  auto& operation = static_cast<send_file_operation&>(*writer_);
  if (!goes_on(operation)) {
    operation.error = released_ ? ECANCELED : operation.stop_error();
  } else if (!attempt(operation)) {
    return await_room();
  }
  end(writer_);
}

bool uring_stream::start(sent_message_operation& operation) {
  if (stream_tracing::start(tracing_.get(), descriptor_, operation)) return true;
  await_report();
  return false;
}

// The error queue shows as POLLERR, which is always told.
void uring_stream::await_report() noexcept {
  io_uring_sqe& request = stack_.engine.request();
  io_uring_prep_poll_add(&request, descriptor_, 0);
  stack_.engine.submit(request, *this, reports_times);
}

void uring_stream::may_have_report() noexcept {
  auto& operation = static_cast<sent_message_operation&>(*tracing_->waiting);
  if (released_) {
    operation.error = ECANCELED;
  } else if (!tracing_->report(descriptor_, operation.sent)) {
    const bool is_over = is_closed(descriptor_);
    if (goes_on(operation) && !is_over) return await_report();
    operation.error = is_over ? ENOTCONN : operation.stop_error();
  }
  end(tracing_->waiting);
}

void uring_stream::ask(receive_operation& operation) noexcept {
  io_uring_sqe& request = stack_.engine.request();
  if (tracing_) {
    tracing_->collect(descriptor_);
    tracing_->frame().prepare_receive(operation.buffer);
    io_uring_prep_recvmsg(&request, descriptor_, &tracing_->frame().header(), 0);
  } else {
    io_uring_prep_recv(&request, descriptor_, operation.buffer.data(), operation.buffer.size(), 0);
  }
  stack_.engine.submit(request, *this, receives);
}

void uring_stream::ask(lend_operation& operation) noexcept {
  static_cast<void>(operation);
  io_uring_sqe& request = stack_.engine.request();
  if (tracing_) {
    tracing_->collect(descriptor_);
    tracing_->frame().prepare_receive({static_cast<std::byte*>(nullptr), lent_buffer_size});
    io_uring_prep_recvmsg(&request, descriptor_, &tracing_->frame().header(), 0);
  } else {
    io_uring_prep_recv(&request, descriptor_, nullptr, lent_buffer_size, 0);
  }
  request.flags |= IOSQE_BUFFER_SELECT;
  request.buf_group = uring_buffers::group;
  stack_.engine.submit(request, *this, lends);
}

void uring_stream::ask(send_operation& operation) noexcept {
  io_uring_sqe& request = stack_.engine.request();
  const std::span<const std::byte> rest = operation.rest;
  if (avoids_copy(rest.size())) {
    io_uring_prep_send_zc(&request, descriptor_, rest.data(), rest.size(), send_flags, 0);
  } else {
    io_uring_prep_send(&request, descriptor_, rest.data(), rest.size(), send_flags);
  }
  stack_.engine.submit(request, *this, sends);
}

void uring_stream::ask(send_parts_operation& operation) noexcept {
  std::array<send_parts_operation::part, send_parts_operation::gathered_at_once> parts;
  const std::size_t count = operation.gather(parts);
  auto& message = *new (operation.scratch.data()) gathered_message{};
  for (std::size_t i = 0; i < count; ++i) {
    message.parts[i] = {const_cast<std::byte*>(parts[i].data()), parts[i].size()};
  }
  message.header.msg_iov = message.parts.data();
  message.header.msg_iovlen = count;
  io_uring_sqe& request = stack_.engine.request();
  if (zero_copy_ && avoids_copy(operation.size())) {
    io_uring_prep_sendmsg_zc(&request, descriptor_, &message.header, send_flags);
  } else {
    io_uring_prep_sendmsg(&request, descriptor_, &message.header, send_flags);
  }
  stack_.engine.submit(request, *this, sends_parts);
}

void uring_stream::stop(lend_operation& operation) noexcept {
  if (stack_.buffers->waiting.remove(operation)) {
    operation.error = operation.stop_error();
    end(reader_);
  } else {
    cancel(lends);
  }
}

void uring_stream::completed(unsigned request, int result, unsigned flags) noexcept {
  switch (request) {
    case receives:
      completed(static_cast<receive_operation&>(*reader_), result);
      break;
    case lends:
      completed(static_cast<lend_operation&>(*reader_), result, flags);
      break;
    case sends:
      completed_send(static_cast<send_operation&>(*writer_), sends, result, flags);
      break;
    case sends_parts:
      completed_send(static_cast<send_parts_operation&>(*writer_), sends_parts, result, flags);
      break;
    case sends_file:
      became_writable();
      break;
    case reports_times:
      may_have_report();
      break;
    default:
      break;
  }
}

void uring_stream::completed(receive_operation& operation, int result) noexcept {
  if (result == -EINTR && goes_on(operation)) return ask(operation);
  result = count_received(result);
  if (result < 0) {
    fail(operation, result);
  } else {
    operation.count = static_cast<std::size_t>(result);
  }
  end(reader_);
}

void uring_stream::completed(lend_operation& operation, int result, unsigned flags) noexcept {
  if (result == -ENOBUFS && goes_on(operation)) {
    if (stack_.buffers->grow()) {
      ask(operation);
    } else {
      stack_.buffers->waiting.add(operation);
    }
    return;
  }
  if (result == -EINTR && goes_on(operation)) return ask(operation);
  if ((flags & IORING_CQE_F_BUFFER) != 0) {
    operation.loan = stack_.buffers->loan(flags, result > 0 ? static_cast<std::size_t>(result) : 0);
  } else {
    stack_.buffers->serve_waiting();
  }
  result = count_received(result);
  if (result < 0) fail(operation, result);
  end(reader_);
}

int uring_stream::count_received(int result) noexcept {
  if (result > 0) received_ += static_cast<std::uint64_t>(result);
  if (result > 0 && tracing_) tracing_->take_times();
  if (result < 0) error_is_taken_ = true;
  const bool cut_off = result == 0 && error_is_taken_ && was_cut_off(descriptor_, received_);
  return cut_off ? -ECONNRESET : result;
}

// A send without a copy completes twice: when it is done, and when the kernel has let go of its
// memory, io_uring_prep_send_zc(3).
template <class Operation>
void uring_stream::completed_send(Operation& operation, kind request, int result,
                                  unsigned flags) noexcept {
  if ((flags & IORING_CQE_F_NOTIF) == 0) take_result(operation, result);
  kernel_reads_memory_ = (flags & IORING_CQE_F_MORE) != 0;
  if (kernel_reads_memory_) return stack_.engine.is_past_cancelling(*this, request);
  if (operation.error == 0 && !operation.complete()) {
    if (goes_on(operation)) return ask(operation);
    fail(operation, -ECANCELED);
  }
  copies_once_ = false;
  end(writer_);
}

template <class Operation>
void uring_stream::take_result(Operation& operation, int result) noexcept {
  if (result == -EINTR && goes_on(operation)) return;
  if ((result == -ENOMEM || result == -ENOBUFS) && zero_copy_ && !copies_once_) {
    copies_once_ = true;
    return;
  }
  // What stops a send before it is complete is an error, for it was to wait for room.
  if (result >= 0) operation.advance(static_cast<std::size_t>(result));
  if (!operation.complete()) error_is_taken_ = true;
  if (result < 0) fail(operation, result);
}

// A request that was cancelled ends for the reason it was cancelled for.
void uring_stream::fail(operation& operation, int result) noexcept {
  const bool stopped = result == -ECANCELED || result == -EINTR || result == -ENOBUFS;
  operation.error = stopped ? operation.stop_error() : -result;
}

void uring_stream::end(operation*& slot) noexcept {
  operation& ended = *std::exchange(slot, nullptr);
  ended.end();
  if (released_) release(false);
}

result<void> uring_stream::shutdown(direction way) { return kernel::shutdown(descriptor_, way); }

result<void> uring_stream::set(const stream_options& options) {
  if (options.path_tracing.value_or(tracing_ != nullptr) &&
      options.zero_copy.value_or(zero_copy_)) {
    return failure(std::errc::operation_not_supported);
  }
  const address_family family = family_of(descriptor_);
  if (options.zero_copy && (family == address_family::local || !avoids_copies(stack_.engine))) {
    return failure(std::errc::operation_not_supported);
  }
  const result<void> done = set_options(descriptor_, family, for_any_socket(options));
  if (!done) return done;
  zero_copy_ = options.zero_copy.value_or(zero_copy_);
  if (!options.path_tracing) return {};
  // A receive in flight has not asked for times, so tracing cannot begin or end under it.
  if (reader_ != nullptr) return failure(std::errc::device_or_resource_busy);
  return set_tracing(tracing_, descriptor_, *options.path_tracing, sent);
}

hop_times uring_stream::received_times() const noexcept {
  return tracing_ ? tracing_->received() : hop_times();
}

result<socket_address> uring_stream::local() const { return local_address(descriptor_); }
result<socket_address> uring_stream::remote() const { return remote_address(descriptor_); }
stream_info uring_stream::info() const { return read_info(descriptor_); }

// Called again when an operation of a released stream has ended; the last one closes.
void uring_stream::release(bool abort) noexcept {
  if (abort) reset_on_close(descriptor_);
  if (abort && zero_copy_ && writer_ != nullptr) disconnect(descriptor_);  // lets go of the memory
  operation* const reporter = tracing_ ? tracing_->waiting : nullptr;
  if (reader_ != nullptr || writer_ != nullptr || reporter != nullptr) {
    if (std::exchange(released_, true)) return;
    operation* const reader = reader_;
    operation* const writer = writer_;
    if (reporter != nullptr) reporter->request_stop(stop_reason::canceled);
    if (writer != nullptr) writer->request_stop(stop_reason::canceled);
    if (reader != nullptr) reader->request_stop(stop_reason::canceled);
    return;
  }
  ::close(descriptor_);
  stack_.descriptors.relieved();
  delete this;
}

}  // namespace pentad::kernel
