// Sends that the kernel makes from the memory of the program (MSG_ZEROCOPY, msg_zerocopy.rst), and
// which of them still read it.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "pentad/base/result.hpp"

namespace pentad::kernel {

/// Below this many bytes a copy is cheaper than to hold on to the pages.
constexpr std::size_t least_zero_copy = 16 * 1024;

class zero_copy_sends {
 public:
  /// As send(2) and sendmsg(2), without a copy if `size` is large enough and the kernel has room to
  /// remember it.
  ssize_t send(int descriptor, std::span<const std::byte> bytes) noexcept;
  ssize_t send(int descriptor, const msghdr& message, std::uint64_t size) noexcept;

  /// Whether the kernel may still read memory of sends. Takes what the kernel has to tell.
  bool are_reading(int descriptor) noexcept;

 private:
  std::uint32_t made_ = 0;  // these two wrap, as the kernel's numbers do
  std::uint32_t over_ = 0;
};

/// The option `zero_copy` of a connected stream: `sends` is there while it is on. Errors:
/// `operation_not_supported` unless it is TCP, `device_or_resource_busy` while a send is under way.
result<void> set_zero_copy(std::unique_ptr<zero_copy_sends>& sends, int descriptor, bool on);

}  // namespace pentad::kernel
