#pragma once

/// The messages by which IPv6 nodes of a link find each other and their routers (RFC 4861). One
/// that `parse` returns has passed every check that RFC 4861 demands before it may be believed.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "pentad/base/ip_address.hpp"
#include "pentad/base/mac_address.hpp"
#include "pentad/wire/icmpv6.hpp"
#include "pentad/wire/ndp_options.hpp"
#include "pentad/wire/parse_error.hpp"
#include "pentad/wire/pseudo_header.hpp"

namespace pentad::wire {

/// What the IP packet that carries a message says.
struct ndp_envelope {
  ip_address source;
  ip_address destination;
  std::uint8_t hop_limit = 0;
  bool had_fragment_header = false;
};

/// The hop limit with which messages are sent. No router lets it arrive from another link.
inline constexpr std::uint8_t ndp_hop_limit = 255;

// Each `parse` takes a message of the type in question.
// Errors: `truncated`; `malformed`, a check failed.
// Each `emit` writes the whole message, with its checksum.

/// Who has this address? (RFC 4861 section 4.3)
struct neighbor_solicitation {
  ip_address target;
  std::optional<mac_address> source_link_layer;  ///< of the asker; none when it has no address yet

  [[nodiscard]] static parsed<neighbor_solicitation> parse(const icmpv6_view& message,
                                                           const ndp_envelope& envelope) noexcept;
  [[nodiscard]] std::size_t size() const noexcept;
  void emit(std::span<std::byte> out, const pseudo_header& pseudo) const noexcept;

  friend constexpr bool operator==(const neighbor_solicitation&,
                                   const neighbor_solicitation&) noexcept = default;
};

/// I have this address. (RFC 4861 section 4.4)
struct neighbor_advertisement {
  ip_address target;
  bool router = false;
  bool solicited = false;        ///< the answer to a question of the destination
  bool override_cached = false;  ///< replaces what is known of the target
  std::optional<mac_address> target_link_layer;

  [[nodiscard]] static parsed<neighbor_advertisement> parse(const icmpv6_view& message,
                                                            const ndp_envelope& envelope) noexcept;
  [[nodiscard]] std::size_t size() const noexcept;
  void emit(std::span<std::byte> out, const pseudo_header& pseudo) const noexcept;

  friend constexpr bool operator==(const neighbor_advertisement&,
                                   const neighbor_advertisement&) noexcept = default;
};

/// Which routers are there? (RFC 4861 section 4.1)
struct router_solicitation {
  std::optional<mac_address> source_link_layer;  ///< of the asker; none when it has no address yet

  [[nodiscard]] static parsed<router_solicitation> parse(const icmpv6_view& message,
                                                         const ndp_envelope& envelope) noexcept;
  [[nodiscard]] std::size_t size() const noexcept;
  void emit(std::span<std::byte> out, const pseudo_header& pseudo) const noexcept;

  friend constexpr bool operator==(const router_solicitation&,
                                   const router_solicitation&) noexcept = default;
};

/// I am a router, and this is how things are on this link. (RFC 4861 section 4.2)
struct router_advertisement {
  std::uint8_t hop_limit = 0;             ///< for packets that hosts send; 0 says nothing
  bool managed = false;                   ///< addresses come by DHCPv6
  bool other_configuration = false;       ///< other settings come by DHCPv6
  std::uint16_t router_lifetime = 0;      ///< in seconds; 0: not a default router
  std::uint32_t reachable_time = 0;       ///< in milliseconds; 0 says nothing
  std::uint32_t retransmission_time = 0;  ///< in milliseconds; 0 says nothing
  std::optional<mac_address> source_link_layer;
  std::optional<std::uint32_t> mtu;  ///< of the link, in bytes
  ndp_prefixes prefixes;
  ndp_name_servers name_servers = {};
  ndp_search_domains search_domains = {};
  router_preference preference = router_preference::medium;
  ndp_routes routes = {};

  [[nodiscard]] static parsed<router_advertisement> parse(const icmpv6_view& message,
                                                          const ndp_envelope& envelope) noexcept;
  [[nodiscard]] std::size_t size() const noexcept;
  void emit(std::span<std::byte> out, const pseudo_header& pseudo) const noexcept;

  friend constexpr bool operator==(const router_advertisement&,
                                   const router_advertisement&) noexcept = default;
};

}  // namespace pentad::wire
