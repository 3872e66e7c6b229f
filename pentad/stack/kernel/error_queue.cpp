#include "pentad/stack/kernel/error_queue.hpp"

#include <linux/errqueue.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "pentad/stack/kernel/control_message.hpp"
#include "pentad/stack/kernel/message_frame.hpp"
#include "pentad/stack/kernel/socket_calls.hpp"

namespace pentad::kernel {
namespace {

// What one message of the queue says, besides its bytes.
struct report {
  std::optional<sock_extended_err> error;
  std::optional<ip_address> reporter;
  std::optional<wall_time> stamp;
};

// The sender of the ICMP message follows the error: SO_EE_OFFENDER.
std::optional<ip_address> reporter_of(const cmsghdr& control) noexcept {
  struct both {
    sock_extended_err error;
    sockaddr_in6 offender;
  };
  const auto value = control_value<both>(control);
  native_address address;
  std::memcpy(address.get(), &value.offender, sizeof value.offender);
  const result<socket_address> known = address.value();
  if (!known || !known->is_ip()) return {};
  return known->ip().address.unmapped();
}

report read_report(const msghdr& header) noexcept {
  report read;
  for_each_control(header, [&](const cmsghdr& each) {
    const bool is_error = (each.cmsg_level == IPPROTO_IP && each.cmsg_type == IP_RECVERR) ||
                          (each.cmsg_level == IPPROTO_IPV6 && each.cmsg_type == IPV6_RECVERR);
    if (is_error) {
      read.error = control_value<sock_extended_err>(each);
      read.reporter = reporter_of(each);
    } else if (each.cmsg_level == SOL_SOCKET && each.cmsg_type == SCM_TIMESTAMPING) {
      read.stamp = software_stamp(each);
    }
  });
  return read;
}

datagram_error error_of(const report& read) noexcept {
  const sock_extended_err& from = *read.error;
  datagram_error error;
  error.code = {static_cast<int>(from.ee_errno), std::generic_category()};
  error.is_local = from.ee_origin == SO_EE_ORIGIN_LOCAL;
  error.type = from.ee_type;
  error.icmp_code = from.ee_code;
  if (from.ee_errno == EMSGSIZE) error.mtu = from.ee_info;
  error.reporter = read.reporter;
  return error;
}

sent_times::stamp stamp_of(std::uint32_t kind) noexcept {
  switch (kind) {
    case SCM_TSTAMP_SCHED:
      return sent_times::stamp::scheduled;
    case SCM_TSTAMP_ACK:
      return sent_times::stamp::acknowledged;
    default:
      return sent_times::stamp::transmitted;
  }
}

}  // namespace

bool error_queue::read_one(int descriptor) {
  std::array<std::byte, 1500> buffer;
  message_frame frame;
  frame.prepare_receive(buffer);
  ssize_t got = 0;
  do {
    got = ::recvmsg(descriptor, &frame.header(), MSG_ERRQUEUE | MSG_DONTWAIT);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return false;
  const report read = read_report(frame.header());
  if (!read.error) return true;
  if (read.error->ee_origin == SO_EE_ORIGIN_TIMESTAMPING) {
    if (read.stamp) sent_.add(read.error->ee_data, stamp_of(read.error->ee_info), *read.stamp);
    return true;
  }
  if (kept_.size() == most_kept) kept_.pop_front();
  kept_.push_back({error_of(read), {buffer.begin(), buffer.begin() + got}});
  kept_.back().error.destination = frame.name();
  return true;
}

bool error_queue::receive(int descriptor, receive_error_operation& operation) {
  while (kept_.empty() && read_one(descriptor)) {
  }
  if (kept_.empty()) {
    // An error without a report: the queue had no room for it.
    const int error = pending_error(descriptor);
    if (error == 0) return false;
    operation.received = {.code = {error, std::generic_category()}};
    return true;
  }
  const kept_error& oldest = kept_.front();
  operation.received = oldest.error;
  const std::size_t count = std::min(oldest.bytes.size(), operation.buffer.size());
  std::copy_n(oldest.bytes.begin(), count, operation.buffer.begin());
  operation.received.bytes = operation.buffer.first(count);
  kept_.pop_front();
  return true;
}

bool error_queue::receive(int descriptor, sent_message_operation& operation) {
  std::optional<sent_message> complete = sent_.pop();
  while (!complete && read_one(descriptor)) complete = sent_.pop();
  if (!complete) return false;
  operation.sent = *complete;
  return true;
}

void error_queue::given(std::size_t count, wall_time when) {
  for (std::size_t i = 0; i != count; ++i) sent_.given(next_number_++, when);
}

void error_queue::take_back(std::size_t count) noexcept {
  for (std::size_t i = 0; i != count; ++i) sent_.take_back();
  next_number_ -= count;
}

}  // namespace pentad::kernel
