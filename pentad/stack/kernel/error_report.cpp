#include "pentad/stack/kernel/error_report.hpp"

#include <netinet/in.h>

#include <cerrno>
#include <cstring>

#include "pentad/stack/kernel/control_message.hpp"
#include "pentad/stack/kernel/message_frame.hpp"
#include "pentad/stack/kernel/socket_calls.hpp"

namespace pentad::kernel {
namespace {

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

void take_control(error_report& into, const cmsghdr& control) noexcept {
  const bool is_error = (control.cmsg_level == IPPROTO_IP && control.cmsg_type == IP_RECVERR) ||
                        (control.cmsg_level == IPPROTO_IPV6 && control.cmsg_type == IPV6_RECVERR);
  if (is_error) {
    into.error = control_value<sock_extended_err>(control);
    into.reporter = reporter_of(control);
  } else if (control.cmsg_level == SOL_SOCKET && control.cmsg_type == SCM_TIMESTAMPING) {
    into.stamp = software_stamp(control);
  }
}

}  // namespace

std::optional<error_report> read_error_report(int descriptor,
                                              std::span<std::byte> buffer) noexcept {
  message_frame frame;
  frame.prepare_receive(buffer);
  ssize_t got = 0;
  do {
    got = ::recvmsg(descriptor, &frame.header(), MSG_ERRQUEUE | MSG_DONTWAIT);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return {};
  error_report read;
  for_each_control(frame.header(), [&](const cmsghdr& each) { take_control(read, each); });
  read.destination = frame.name();
  read.bytes = buffer.first(static_cast<std::size_t>(got));
  return read;
}

}  // namespace pentad::kernel
