#pragma once

/// Messages of DHCP for IPv4 (RFC 2131, RFC 2132), as a client reads and writes them. They travel
/// in UDP between ports 68 and 67.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "pentad/base/ip_address.hpp"
#include "pentad/base/mac_address.hpp"
#include "pentad/wire/parse_error.hpp"

namespace pentad::wire {

inline constexpr std::uint16_t dhcpv4_server_port = 67;
inline constexpr std::uint16_t dhcpv4_client_port = 68;

/// RFC 2132 section 9.6
enum class dhcpv4_type : std::uint8_t {
  discover = 1,
  offer = 2,
  request = 3,
  decline = 4,
  acknowledgement = 5,
  refusal = 6,
  release = 7,
};

enum class dhcpv4_option : std::uint8_t {
  subnet_mask = 1,
  routers = 3,
  name_servers = 6,
  domain_name = 15,
  interface_mtu = 26,
  requested_address = 50,
  lease_time = 51,
  overload = 52,
  message_type = 53,
  server_identifier = 54,
  parameter_list = 55,
  message_size = 57,
  renewal_time = 58,
  rebinding_time = 59,
  client_identifier = 61,
  domain_search = 119,     ///< RFC 3397
  classless_routes = 121,  ///< RFC 3442
};

/// What a client says.
struct dhcpv4_request {
  dhcpv4_type type = dhcpv4_type::discover;
  std::uint32_t transaction = 0;
  std::uint16_t seconds = 0;  ///< since the client began
  bool broadcast = false;     ///< the answer has to go to all: the client has no address yet
  ip_address client;          ///< the address it uses; unspecified: none
  mac_address mac;
  std::optional<ip_address> requested = {};
  std::optional<ip_address> server = {};
  std::span<const std::byte> client_identifier;  ///< at most 255 bytes

  [[nodiscard]] std::size_t size() const noexcept;
  void emit(std::span<std::byte> out) const noexcept;
};

class dhcpv4_view {
 public:
  /// `message` is the payload of the UDP datagram. Errors: `truncated`, also of an option;
  /// `malformed`, no message of DHCP; `unsupported`, other hardware than Ethernet.
  [[nodiscard]] static parsed<dhcpv4_view> parse(std::span<const std::byte> message) noexcept;

  [[nodiscard]] bool is_reply() const noexcept { return message_[0] == std::byte{2}; }
  [[nodiscard]] std::uint32_t transaction() const noexcept;
  [[nodiscard]] ip_address client() const noexcept;   ///< ciaddr
  [[nodiscard]] ip_address offered() const noexcept;  ///< yiaddr
  [[nodiscard]] mac_address mac() const noexcept;

  /// Nothing if it has none, as messages of BOOTP.
  [[nodiscard]] std::optional<dhcpv4_type> type() const noexcept;

  /// Writes the value of an option to the front of `out`, as much as there is room for, and gives
  /// that part; nothing if there is no such option. Parts that are spread over several options, or
  /// over the fields that options may overload, are one value (RFC 3396, RFC 2132 section 9.3).
  [[nodiscard]] std::optional<std::span<const std::byte>> value(
      dhcpv4_option which, std::span<std::byte> out) const noexcept;

  // Nothing if it is not there or has another length.
  [[nodiscard]] std::optional<ip_address> address(dhcpv4_option which) const noexcept;
  [[nodiscard]] std::optional<std::uint32_t> number(dhcpv4_option which) const noexcept;

 private:
  explicit dhcpv4_view(std::span<const std::byte> message) noexcept : message_{message} {}

  [[nodiscard]] std::uint8_t overload() const noexcept;

  std::span<const std::byte> message_;
};

}  // namespace pentad::wire
