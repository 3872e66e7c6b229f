// The few questions to Linux's network configuration that the demo has: rtnetlink(7), without
// helpers such as ip(8) that may not be installed.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "pentad/base/ip_address.hpp"
#include "pentad/base/result.hpp"

namespace pentad::messenger::demo {

/// Acts on the network namespace in which it was opened. Errors of all functions: those that the
/// kernel answers with, `operation_not_permitted` above all.
class netlink {
 public:
  static result<netlink> open();
  ~netlink();
  netlink(netlink&& other) noexcept;
  netlink& operator=(netlink&&) = delete;

  /// A cable: an interface `name` here, connected to one of the same name in the network namespace
  /// of the process `peer`. See veth(4).
  result<void> add_cable(const std::string& name, pid_t peer);

  result<void> add_address(const std::string& interface, const ip_address& address,
                           std::uint8_t prefix);
  result<void> set_up(const std::string& interface);

 private:
  explicit netlink(int descriptor) noexcept : descriptor_(descriptor) {}

  class request;
  result<void> ask(request& what);

  int descriptor_;
};

}  // namespace pentad::messenger::demo
