// What a DHCP server has given to this host, and for how long (RFC 2131, section 4.4.1).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pentad/base/clock.hpp"
#include "pentad/stack/native/core/routes.hpp"
#include "pentad/wire/dhcpv4.hpp"

namespace pentad::native {

struct dhcp_lease {
  static constexpr std::size_t most_routes = 32;
  static constexpr std::size_t most_name_servers = 8;
  static constexpr std::size_t most_domains = 8;

  prefix address;
  ip_address server;
  std::vector<route> routes;  ///< beyond the subnet, by the interface with the index that was given
  std::vector<ip_address> name_servers;
  std::vector<std::string> domains;  ///< that complete names
  std::optional<std::uint32_t> mtu;
  // From when it was asked for; `duration::max()` is for ever.
  duration valid{};
  duration renew_after{};
  duration rebind_after{};

  /// What an offer or acknowledgement says; nothing if it is of no use: without a server, a
  /// lifetime or an address that a host can have. Further routes and servers are passed over.
  static std::optional<dhcp_lease> read(const wire::dhcpv4_view& message, std::uint32_t interface);
};

}  // namespace pentad::native
