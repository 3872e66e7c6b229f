#include "pentad/stack/kernel/kernel_datagram.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "pentad/stack/kernel/control_message.hpp"

namespace pentad::kernel {

// One call moves so many messages at most.
struct kernel_datagram::batch {
  static constexpr std::size_t capacity = 64;

  std::array<message_frame, capacity> frames;
  std::array<mmsghdr, capacity> headers;
};

kernel_datagram::kernel_datagram(opened_datagram opened,
                                 std::unique_ptr<read_ahead>& ahead) noexcept
    : descriptor_(std::move(opened.descriptor)),
      kind_(opened.kind),
      types_(opened.types),
      has_types_(opened.has_types),
      hears_errors_(opened.options.errors.value_or(false)),
      traces_(opened.options.path_tracing.value_or(false)),
      coalesces_(opened.options.coalesce.value_or(false)),
      stacks_ahead_(ahead) {}

kernel_datagram::~kernel_datagram() {
  if (ahead_) return_ahead();
}

kernel_datagram::batch& kernel_datagram::frames() {
  if (!batch_) batch_ = std::make_unique<batch>();
  return *batch_;
}

// Linux filters the types of ICMP below 32 only, and those of unprivileged sockets not at all.
bool kernel_datagram::wants(const received_datagram& received) const noexcept {
  if (!has_types_) return true;
  const std::size_t skipped = kind_.shows_ip_header ? ip_header_size(received.bytes) : 0;
  const std::span<const std::byte> message = received.bytes.subspan(skipped);
  return !message.empty() && types_.contains(std::to_integer<std::uint8_t>(message[0]));
}

bool kernel_datagram::take(receive_datagram_operation& operation, std::size_t size) noexcept {
  operation.received = incoming_.take_received(kind_, size);
  if (!wants(operation.received)) return false;
  if (traces_) operation.received.times.read = wall_clock_now();
  return true;
}

bool kernel_datagram::ends_with_kept_error(operation& operation) noexcept {
  if (kept_error_ == 0) return false;
  operation.error = std::exchange(kept_error_, 0);
  return true;
}

void kernel_datagram::return_ahead() noexcept {
  ahead_->clear();
  stacks_ahead_ = std::move(ahead_);
}

bool kernel_datagram::take_ahead(receive_datagram_operation& operation) noexcept {
  if (!ahead_) return false;
  operation.received = ahead_->take(kind_, operation.buffer);
  if (ahead_->empty()) return_ahead();
  return true;
}

bool kernel_datagram::take_ahead(receive_datagrams_operation& operation) noexcept {
  if (!ahead_) return false;
  for (datagram_slot& each : operation.slots) {
    each.received = ahead_->take(kind_, each.buffer);
    ++operation.count;
    if (ahead_->empty()) break;
  }
  if (ahead_->empty()) return_ahead();
  return true;
}

// When datagrams come faster than the program asks. Not for times, which are those of one datagram,
// nor for datagrams that are coalesced already.
bool kernel_datagram::reads_ahead() const noexcept {
  constexpr unsigned fast = 8;
  return at_once_ >= fast && stacks_ahead_ && kind_.is_udp && !traces_ && !coalesces_;
}

bool kernel_datagram::attempt(receive_datagram_operation& operation) noexcept {
  if (take_ahead(operation) || ends_with_kept_error(operation)) return true;
  if (reads_ahead()) {
    const int error = stacks_ahead_->fill(descriptor());
    if (error == 0) {
      ahead_ = std::move(stacks_ahead_);
      return take_ahead(operation);
    }
    at_once_ = 0;
    if (error == EAGAIN) return false;
  }
  for (;;) {
    incoming_.prepare_receive(operation.buffer);
    const ssize_t got =
        ::recvmsg(descriptor(), &incoming_.header(), MSG_DONTWAIT | MSG_TRUNC | MSG_CMSG_CLOEXEC);
    if (got >= 0) {
      ++at_once_;
      if (take(operation, static_cast<std::size_t>(got))) return true;
    } else if (errno == EAGAIN) {
      at_once_ = 0;
      return false;
    } else if (errno != EINTR) {
      operation.error = errno;
      return true;
    }
  }
}

// Fills slots with what recvmmsg has put into the first `count` frames; how many are for the
// program.
std::size_t kernel_datagram::fill(receive_datagrams_operation& operation, std::size_t count) {
  batch& all = *batch_;
  const std::optional<wall_time> now = traces_ ? std::optional(wall_clock_now()) : std::nullopt;
  std::size_t filled = 0;
  for (std::size_t i = 0; i != count; ++i) {
    received_datagram received = all.frames[i].take_received(kind_, all.headers[i].msg_len);
    if (!wants(received)) continue;
    received.times.read = now;
    // One that was left out has given its buffer to the next.
    std::swap(operation.slots[filled].buffer, operation.slots[i].buffer);
    operation.slots[filled++].received = received;
  }
  operation.count = filled;
  return filled;
}

bool kernel_datagram::attempt(receive_datagrams_operation& operation) {
  if (take_ahead(operation) || ends_with_kept_error(operation)) return true;
  batch& all = frames();
  const std::size_t most = std::min(operation.slots.size(), batch::capacity);
  for (;;) {
    for (std::size_t i = 0; i != most; ++i) {
      all.frames[i].prepare_receive(operation.slots[i].buffer);
      all.headers[i] = {all.frames[i].header(), 0};
    }
    const int got = ::recvmmsg(descriptor(), all.headers.data(), static_cast<unsigned>(most),
                               MSG_DONTWAIT | MSG_TRUNC, nullptr);
    if (got > 0) {
      const auto count = static_cast<std::size_t>(got);
      for (std::size_t i = 0; i != count; ++i) all.frames[i].header() = all.headers[i].msg_hdr;
      if (fill(operation, count) != 0) return true;
    } else if (errno == EAGAIN) {
      return false;
    } else if (errno != EINTR) {
      operation.error = errno;
      return true;
    }
  }
}

void kernel_datagram::note_sent(std::size_t count) noexcept {
  if (traces_) errors_.given(count, wall_clock_now());
}

bool kernel_datagram::attempt(send_datagram_operation& operation) noexcept {
  if (ends_with_kept_error(operation)) return true;
  operation.error = outgoing_.prepare_send(kind_, operation.outgoing);
  if (operation.error != 0) return true;
  note_sent(1);
  while (outgoing_.send(descriptor()) < 0) {
    if (errno == EINTR) continue;
    const int error = errno;
    if (traces_) errors_.take_back(1);
    if (error == EAGAIN) return false;
    operation.error = error;
    break;
  }
  return true;
}

bool kernel_datagram::attempt(send_datagrams_operation& operation) {
  if (ends_with_kept_error(operation)) return true;
  batch& all = frames();
  while (!operation.rest.empty()) {
    std::size_t count = 0;
    int refused = 0;
    while (count != std::min(operation.rest.size(), batch::capacity)) {
      refused = all.frames[count].prepare_send(kind_, operation.rest[count]);
      if (refused != 0) break;
      all.headers[count] = {all.frames[count].header(), 0};
      ++count;
    }
    if (count == 0) {
      operation.error = refused;
      return true;
    }
    note_sent(count);
    const int taken = ::sendmmsg(descriptor(), all.headers.data(), static_cast<unsigned>(count),
                                 MSG_DONTWAIT | MSG_NOSIGNAL);
    const std::size_t sent = taken > 0 ? static_cast<std::size_t>(taken) : 0;
    const int error = errno;
    if (traces_) errors_.take_back(count - sent);
    operation.advance(sent);
    if (taken >= 0 || error == EINTR) continue;
    if (error == EAGAIN) return false;
    operation.error = error;
    return true;
  }
  return true;
}

bool kernel_datagram::attempt(receive_error_operation& operation) {
  return errors_.receive(descriptor(), operation);
}

bool kernel_datagram::attempt(sent_message_operation& operation) {
  if (errors_.receive(descriptor(), operation)) return true;
  // As long as the socket has an error, poll(2) says that there may be times.
  if (const int error = pending_error(descriptor()); error != 0) kept_error_ = error;
  return false;
}

bool kernel_datagram::refuses(const receive_error_operation&) const noexcept {
  return !hears_errors_;
}

bool kernel_datagram::refuses(const sent_message_operation&) const noexcept { return !traces_; }

result<void> kernel_datagram::bind(const socket_address& local) {
  // An unnamed Unix socket and the unspecified endpoint need no name.
  if (local.is_unix() && local.unix_path().is_unnamed()) return {};
  const result<void> bound = kernel::bind(descriptor(), local);
  if (bound) file_ = unix_socket_file(local);
  return bound;
}

result<void> kernel_datagram::connect(const socket_address& remote) {
  const native_address address(remote);
  while (::connect(descriptor(), address.get(), address.size()) != 0) {
    if (errno != EINTR) return failure_from_errno(errno);
  }
  if (!kind_.is_udp) peer_ = remote;
  return {};
}

result<void> kernel_datagram::disconnect() {
  const sockaddr nobody{.sa_family = AF_UNSPEC, .sa_data = {}};
  if (::connect(descriptor(), &nobody, sizeof nobody) != 0) return failure_from_errno(errno);
  peer_.reset();
  return {};
}

result<void> kernel_datagram::join(const multicast_group& group) {
  if (kind_.family == address_family::local) return failure(std::errc::operation_not_supported);
  return change_membership(descriptor(), group, true);
}

result<void> kernel_datagram::leave(const multicast_group& group) {
  if (kind_.family == address_family::local) return failure(std::errc::operation_not_supported);
  return change_membership(descriptor(), group, false);
}

result<void> kernel_datagram::set(const datagram_options& options) {
  const result<void> set = set_options(descriptor(), kind_, options);
  if (!set) return set;
  hears_errors_ = options.errors.value_or(hears_errors_);
  traces_ = options.path_tracing.value_or(traces_);
  coalesces_ = options.coalesce.value_or(coalesces_);
  return {};
}

result<socket_address> kernel_datagram::local() const { return local_address(descriptor()); }
result<socket_address> kernel_datagram::remote() const {
  if (peer_) return *peer_;
  return remote_address(descriptor());
}

result<std::uint32_t> kernel_datagram::path_mtu() const {
  return kernel::path_mtu(descriptor(), kind_.family);
}

}  // namespace pentad::kernel
