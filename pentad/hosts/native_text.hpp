// The text that describes a host on Pentad's own stack, taken apart.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pentad/base/result.hpp"
#include "pentad/nic/configure_link.hpp"

namespace pentad {

struct native_text {
  std::string tap;                       ///< the name of the TAP device
  std::vector<link_address> addresses;   ///< of this host
  std::vector<ip_address> gateways;      ///< default routes
  std::vector<link_address> host_addresses;  ///< for Linux's end of a TAP that is made

  /// Errors: `errc::malformed_host`.
  static result<native_text> parse(std::string_view text);
};

}  // namespace pentad
