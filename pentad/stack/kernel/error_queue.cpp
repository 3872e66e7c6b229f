#include "pentad/stack/kernel/error_queue.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include "pentad/stack/kernel/error_report.hpp"
#include "pentad/stack/kernel/socket_calls.hpp"

namespace pentad::kernel {
namespace {

datagram_error error_of(const error_report& read) noexcept {
  const sock_extended_err& from = *read.error;
  datagram_error error;
  error.code = {static_cast<int>(from.ee_errno), std::generic_category()};
  error.is_local = from.ee_origin == SO_EE_ORIGIN_LOCAL;
  error.type = from.ee_type;
  error.icmp_code = from.ee_code;
  if (from.ee_errno == EMSGSIZE) error.mtu = from.ee_info;
  error.reporter = read.reporter;
  error.destination = read.destination;
  return error;
}

}  // namespace

bool error_queue::read_one(int descriptor) {
  std::array<std::byte, 1500> buffer;
  const std::optional<error_report> read = read_error_report(descriptor, buffer);
  if (!read) return false;
  if (read->is_stamp()) {
    const bool is_scheduled = read->error->ee_info == SCM_TSTAMP_SCHED;
    sent_.passed(read->error->ee_data,
                 is_scheduled ? passed_hop::scheduled : passed_hop::transmitted, *read->stamp);
  } else if (read->error) {
    if (kept_.size() == most_kept) kept_.pop_front();
    kept_.push_back({error_of(*read), {read->bytes.begin(), read->bytes.end()}});
  }
  return true;
}

void error_queue::collect(int descriptor) {
  while (read_one(descriptor)) {
  }
}

bool error_queue::receive(int descriptor, receive_error_operation& operation) {
  if (kept_.empty()) collect(descriptor);
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
  collect(descriptor);
  const std::optional<sent_message> complete = sent_.pop();
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
