#include "pentad/stack/kernel/zero_copy_sends.hpp"

#include <sys/uio.h>

#include <array>
#include <cerrno>

#include "pentad/stack/kernel/error_report.hpp"
#include "pentad/stack/kernel/set_option.hpp"
#include "pentad/stack/kernel/socket_calls.hpp"

namespace pentad::kernel {

ssize_t zero_copy_sends::send(int descriptor, std::span<const std::byte> bytes) noexcept {
  iovec part{const_cast<std::byte*>(bytes.data()), bytes.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  return send(descriptor, message, bytes.size());
}

ssize_t zero_copy_sends::send(int descriptor, const msghdr& message, std::uint64_t size) noexcept {
  if (size >= least_zero_copy) {
    const ssize_t taken = ::sendmsg(descriptor, &message, MSG_NOSIGNAL | MSG_ZEROCOPY);
    if (taken > 0) ++made_;
    if (taken >= 0 || errno != ENOBUFS) return taken;
  }
  return ::sendmsg(descriptor, &message, MSG_NOSIGNAL);
}

// One report stands for all calls from the number `ee_info` to `ee_data`.
bool zero_copy_sends::are_reading(int descriptor) noexcept {
  std::array<std::byte, 1> nothing;
  while (made_ != over_) {
    const std::optional<error_report> read = read_error_report(descriptor, nothing);
    if (!read) break;
    if (read->error && read->error->ee_origin == SO_EE_ORIGIN_ZEROCOPY) {
      over_ += read->error->ee_data - read->error->ee_info + 1;
    }
  }
  return made_ != over_;
}

result<void> set_zero_copy(std::unique_ptr<zero_copy_sends>& sends, int descriptor, bool on) {
  if (family_of(descriptor) == address_family::local) {
    return failure(std::errc::operation_not_supported);
  }
  if (on == (sends != nullptr)) return {};
  if (!on && sends->are_reading(descriptor)) return failure(std::errc::device_or_resource_busy);
  const result<void> set = set_option(descriptor, SOL_SOCKET, SO_ZEROCOPY, int{on});
  if (set) sends = on ? std::make_unique<zero_copy_sends>() : nullptr;
  return set;
}

}  // namespace pentad::kernel
