#include "pentad/stack/kernel/stream_tracing.hpp"

#include <linux/net_tstamp.h>

#include <array>
#include <cerrno>

#include "pentad/stack/kernel/control_message.hpp"
#include "pentad/stack/kernel/error_report.hpp"
#include "pentad/stack/kernel/set_option.hpp"

namespace pentad::kernel {
namespace {

constexpr int stamps = SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE |
                       SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_TX_SCHED |
                       SOF_TIMESTAMPING_TX_ACK | SOF_TIMESTAMPING_OPT_ID |
                       SOF_TIMESTAMPING_OPT_TSONLY;
// SOF_TIMESTAMPING_OPT_ID_TCP, since Linux 6.2: bytes are counted from the call on, even when some
// that were sent before are not acknowledged yet.
constexpr int count_from_now = 1 << 16;

}  // namespace

result<void> stream_tracing::start(int descriptor) {
  if (set_option(descriptor, SOL_SOCKET, SO_TIMESTAMPING, stamps | count_from_now)) return {};
  return set_option(descriptor, SOL_SOCKET, SO_TIMESTAMPING, stamps);
}

result<void> stream_tracing::end(int descriptor) {
  return set_option(descriptor, SOL_SOCKET, SO_TIMESTAMPING, 0);
}

void stream_tracing::given(std::uint64_t begin, std::uint64_t end) {
  sent_.given(begin, end, wall_clock_now());
}

bool stream_tracing::start(stream_tracing* tracing, int descriptor,
                           sent_message_operation& operation) {
  if (tracing == nullptr) {
    operation.error = EOPNOTSUPP;
    return true;
  }
  if (tracing->waiting != nullptr) {
    operation.error = EALREADY;
    return true;
  }
  if (tracing->report(descriptor, operation.sent)) return true;
  tracing->waiting = &operation;
  return false;
}

// The kernel names a message by the number of its last byte since the start.
void stream_tracing::collect(int descriptor) {
  std::array<std::byte, 1> nothing;
  while (const std::optional<error_report> read = read_error_report(descriptor, nothing)) {
    if (!read->is_stamp()) continue;
    const std::uint64_t end = sent_before_ + read->error->ee_data + 1;
    switch (read->error->ee_info) {
      case SCM_TSTAMP_SCHED:
        sent_.passed_up_to(static_cast<std::uint32_t>(end), passed_hop::scheduled, *read->stamp);
        break;
      case SCM_TSTAMP_ACK:
        sent_.acknowledged(end, *read->stamp);
        break;
      default:
        sent_.passed_up_to(static_cast<std::uint32_t>(end), passed_hop::transmitted, *read->stamp);
        break;
    }
  }
}

bool stream_tracing::report(int descriptor, sent_message& into) {
  collect(descriptor);
  const std::optional<sent_message> complete = sent_.pop();
  if (complete) into = *complete;
  return complete.has_value();
}

ssize_t stream_tracing::receive(int descriptor, std::span<std::byte> buffer) noexcept {
  frame_.prepare_receive(buffer);
  const ssize_t got = ::recvmsg(descriptor, &frame_.header(), MSG_DONTWAIT);
  if (got > 0) take_times();
  return got;
}

void stream_tracing::take_times() noexcept {
  received_ = {};
  for_each_control(frame_.header(), [this](const cmsghdr& each) {
    if (each.cmsg_level == SOL_SOCKET && each.cmsg_type == SCM_TIMESTAMPING) {
      received_.arrived = software_stamp(each);
    }
  });
  received_.read = wall_clock_now();
}

result<void> set_tracing(std::unique_ptr<stream_tracing>& tracing, int descriptor, bool on,
                         std::uint64_t sent) {
  if (on == (tracing != nullptr)) return {};
  if (on) {
    const result<void> started = stream_tracing::start(descriptor);
    if (started) tracing = std::make_unique<stream_tracing>(sent);
    return started;
  }
  if (tracing->waiting != nullptr) return failure(std::errc::device_or_resource_busy);
  tracing.reset();
  return stream_tracing::end(descriptor);
}

}  // namespace pentad::kernel
