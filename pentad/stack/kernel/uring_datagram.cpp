#include "pentad/stack/kernel/uring_datagram.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <concepts>

namespace pentad::kernel {
namespace {

// So many waits after which no more was there pass until it is tried again whether there is.
constexpr unsigned pause_of_tries = 16;

result<owned_impl<datagram_impl>> join_uring(uring_stack& stack, result<opened_datagram> opened) {
  if (!opened) return failure(opened.error());
  return owned_impl<datagram_impl>(new uring_datagram(stack, std::move(*opened)));
}

}  // namespace

result<owned_impl<datagram_impl>> uring_stack::open_datagram(address_family family,
                                                             const datagram_options& options) {
  return join_uring(*this, kernel::open_datagram(family, options, 0));
}

result<owned_impl<datagram_impl>> uring_stack::open_raw(ip_version version, ip_protocol protocol,
                                                        const raw_options& options) {
  return join_uring(*this, kernel::open_raw(version, protocol, options, 0));
}

template <class Operation>
constexpr uring_datagram::kind uring_datagram::kind_of() noexcept {
  if constexpr (std::same_as<Operation, receive_datagram_operation>) return receives;
  if constexpr (std::same_as<Operation, receive_datagrams_operation>) return receives_many;
  if constexpr (std::same_as<Operation, send_datagram_operation>) return sends;
  if constexpr (std::same_as<Operation, send_datagrams_operation>) return sends_many;
  if constexpr (std::same_as<Operation, receive_error_operation>) return receives_error;
  return receives_times;
}

template <class Operation>
operation*& uring_datagram::slot() noexcept {
  switch (kind_of<Operation>()) {
    case receives:
    case receives_many:
      return reader_;
    case sends:
    case sends_many:
      return writer_;
    case receives_error:
      return errors_;
    case receives_times:
      break;
  }
  return times_;
}

void uring_datagram::ask() noexcept {
  auto& waiting = static_cast<receive_datagram_operation&>(*reader_);
  collect_reports();
  incoming_.prepare_receive(waiting.buffer);
  io_uring_sqe& request = stack_.engine.request();
  io_uring_prep_recvmsg(&request, descriptor(), &incoming_.header(), MSG_TRUNC | MSG_CMSG_CLOEXEC);
  stack_.engine.submit(request, *this, receives);
}

void uring_datagram::await(kind request, short events) noexcept {
  io_uring_sqe& asked = stack_.engine.request();
  io_uring_prep_poll_add(&asked, descriptor(), static_cast<unsigned>(events));
  stack_.engine.submit(asked, *this, request);
}

namespace {

// What poll(2) is to tell; errors it always tells.
template <class Operation>
constexpr short events_of() noexcept {
  if constexpr (std::same_as<Operation, receive_datagrams_operation>) return POLLIN;
  if constexpr (std::same_as<Operation, send_datagram_operation> ||
                std::same_as<Operation, send_datagrams_operation>) {
    return POLLOUT;
  }
  return 0;
}

}  // namespace

bool uring_datagram::start(receive_datagram_operation& operation) {
  if (reader_ != nullptr) {
    operation.error = EALREADY;
    return true;
  }
  if (may_have_more_ && attempt(operation)) {
    waits_in_vain_ = 0;
    return true;
  }
  may_have_more_ = false;
  reader_ = &operation;
  ask();
  return false;
}

template <class Operation>
bool uring_datagram::begin(Operation& operation) {
  if (slot<Operation>() != nullptr) {
    operation.error = EALREADY;
    return true;
  }
  if (refuses(operation)) {
    operation.error = EOPNOTSUPP;
    return true;
  }
  if (attempt(operation)) return true;
  slot<Operation>() = &operation;
  await(kind_of<Operation>(), events_of<Operation>());
  return false;
}

void uring_datagram::completed(unsigned request, int result, unsigned flags) noexcept {
  switch (request) {
    case receives:
      return received(result, flags);
    case receives_many:
      return became_ready<receive_datagrams_operation>();
    case sends:
      return became_ready<send_datagram_operation>();
    case sends_many:
      return became_ready<send_datagrams_operation>();
    case receives_error:
      return became_ready<receive_error_operation>();
    case receives_times:
      return became_ready<sent_message_operation>();
    default:
      break;
  }
}

void uring_datagram::received(int result, unsigned flags) noexcept {
  auto& waiting = static_cast<receive_datagram_operation&>(*reader_);
  // UDP does not tell that more is there.
  may_have_more_ =
      (flags & IORING_CQE_F_SOCK_NONEMPTY) != 0 || waits_in_vain_++ % pause_of_tries == 0;
  if (result < 0 && result != -ECANCELED && result != -EINTR) {
    waiting.error = -result;
  } else if (result < 0 || !take(waiting, static_cast<std::size_t>(result))) {
    if (goes_on(waiting)) return ask();
    waiting.error = waiting.stop_error();
  }
  end(reader_);
}

// The answer to `await`. The operation is tried even when it was told to stop, for what has arrived
// is not lost.
template <class Operation>
void uring_datagram::became_ready() {
  auto& waiting = static_cast<Operation&>(*slot<Operation>());
  if (released_) {
    waiting.error = ECANCELED;
  } else if (!attempt(waiting)) {
    if (goes_on(waiting)) return await(kind_of<Operation>(), events_of<Operation>());
    waiting.error = waiting.stop_error();
  }
  end(slot<Operation>());
}

void uring_datagram::end(operation*& slot) noexcept {
  operation& ended = *std::exchange(slot, nullptr);
  ended.end();
  if (released_) release();
}

// Called again when an operation of a released socket has ended; the last one closes.
void uring_datagram::release() noexcept {
  if (std::exchange(released_, true)) {
    if (reader_ != nullptr || writer_ != nullptr || errors_ != nullptr || times_ != nullptr) return;
  } else {
    bool is_used = false;
    for (operation* each : {reader_, writer_, errors_, times_}) {
      if (each == nullptr) continue;
      is_used = true;
      each->request_stop(stop_reason::canceled);
    }
    if (is_used) return;
  }
  close_descriptor();
  stack_.descriptors.relieved();
  delete this;
}

}  // namespace pentad::kernel
