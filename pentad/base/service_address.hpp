#pragma once

/// Where a service is, as people write it for commands: `tcp://example.org:80`, `unix:/run/chat`.
/// Only the text: nothing is looked up and nothing is copied.

#include <cstdint>
#include <string>
#include <string_view>

#include "pentad/base/result.hpp"

namespace pentad {

enum class service_scheme : std::uint8_t {
  tcp,            ///< `tcp://HOST:PORT`
  udp,            ///< `udp://HOST:PORT`
  unix_stream,    ///< `unix:PATH`
  unix_datagram,  ///< `unixgram:PATH`
  irc,            ///< `irc://HOST:PORT/CHANNEL`
};

/// The parts are views into the text that was parsed; a part that the scheme has not is empty.
struct service_address {
  service_scheme scheme = service_scheme::tcp;
  std::string_view host{};  ///< a host name, an IPv4 address, or an IPv6 address without brackets
  std::uint16_t port = 0;   ///< 0 to 65535
  std::string_view path{};  ///< of a Unix socket, as `unix_endpoint::parse` reads it
  std::string_view channel{};  ///< with its `#` if that was written

  /// Reads one of the forms of `service_scheme`. A host name is at most 253 letters of any script
  /// (UTF-8), digits, `-`, `_` and dots; one whose last label is a number must be an IPv4 address.
  /// Errors: `errc::malformed_address`; `filename_too_long`.
  [[nodiscard]] static result<service_address> parse(std::string_view text);

  [[nodiscard]] bool is_unix() const noexcept {
    return scheme == service_scheme::unix_stream || scheme == service_scheme::unix_datagram;
  }

  friend bool operator==(const service_address&, const service_address&) noexcept = default;
};

/// The text that `service_address::parse` reads.
[[nodiscard]] std::string to_string(const service_address& x);

}  // namespace pentad
