// The text that describes a host on Pentad's own stack, taken apart.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "pentad/base/clock.hpp"
#include "pentad/nic/configure_link.hpp"
#include "pentad/nic/impaired_path.hpp"
#include "pentad/stack/native/core/tcp/congestion_avoidance.hpp"

namespace pentad {

/// One network card of a host.
struct card_text {
  std::string tap;                           ///< the name of the TAP device; empty: `packet`
  std::string packet;                        ///< the name of the interface whose link is shared
  std::vector<link_address> addresses;       ///< of this host
  bool dhcp = false;                         ///< asks for an IPv4 address
  std::string lease_file;                    ///< where that is remembered; empty: it is given back
  bool slaac = false;                        ///< makes IPv6 addresses as routers say
  std::vector<ip_address> gateways;          ///< default routes, at most one of each version
  std::vector<link_address> host_addresses;  ///< for Linux's end of the TAP

  /// The interface of Linux that the NIC is or has at its other end.
  const std::string& interface() const noexcept { return tap.empty() ? packet : tap; }

  /// Whether servers or routers of the link have a say in its addresses.
  bool is_configured_by_others() const noexcept { return dhcp || slaac; }
};

struct native_text {
  std::vector<card_text> cards;          ///< at least one
  std::vector<ip_address> name_servers;  ///< asked for the addresses of names, in this order
  impairments link;                      ///< what happens to the frames, each way
  std::uint64_t seed = 1;                ///< of that
  std::string record;                    ///< the file of the recording; empty: none
  native::congestion_algorithm congestion = native::congestion_algorithm::cubic;
  duration spin{};

  /// `text` is what follows `native:`. A second `tap=` or `packet=` begins another card, and what
  /// is said of addresses after it is of that one. The error says what is wrong.
  static std::expected<native_text, std::string> parse(std::string_view text);
};

/// `10.0.0.2/24`
std::string to_string(const link_address& address);

}  // namespace pentad
