#include "pentad/stack/kernel/dump_reader.hpp"

namespace pentad::kernel {

// Both an error and the end carry an errno, negated. An error without one is an acknowledgement,
// and older kernels have nothing in the end.
result<> dump_reader::control(const netlink_message& message) noexcept {
  if (message.type != NLMSG_ERROR && message.type != NLMSG_DONE) return {};
  const auto error = read_structure<int>(message.payload);
  if (message.type == NLMSG_DONE) {
    is_complete_ = true;
  } else if (!error) {
    return failure(std::errc::bad_message);
  }
  if (!error || *error == 0) return {};
  return *error < 0 && *error > -4096 ? failure_from_errno(-*error)
                                      : failure(std::errc::bad_message);
}

}  // namespace pentad::kernel
