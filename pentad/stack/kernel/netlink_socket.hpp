// A socket to the kernel's netlink, netlink(7).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "pentad/base/result.hpp"
#include "pentad/runtime/descriptor_handle.hpp"

namespace pentad::kernel {

/// Whoever answers requests: the kernel, or a test in its place.
class netlink_port {
 public:
  virtual result<> send(std::span<const std::byte> request) = 0;

  /// The next datagram of the answer, in memory of the port that the next call uses again.
  virtual result<std::span<const std::byte>> receive() = 0;

 protected:
  ~netlink_port() = default;
};

/// Blocks; the kernel answers at once.
class netlink_socket final : public netlink_port {
 public:
  /// `protocol` is one of NETLINK_*. Errors: those of socket(2).
  static result<netlink_socket> open(int protocol);

  result<> send(std::span<const std::byte> request) override;

  /// Errors: `message_size` for a datagram that does not fit into 64 KiB, twice what the kernel
  /// makes; those of recvmsg(2).
  result<std::span<const std::byte>> receive() override;

 private:
  explicit netlink_socket(descriptor_handle descriptor);

  descriptor_handle descriptor_;
  std::vector<std::byte> buffer_;
};

}  // namespace pentad::kernel
