#pragma once

/// What the checksums of TCP, UDP and ICMPv6 cover besides the bytes of their own (RFC 9293 section
/// 3.1, RFC 768, RFC 8200 section 8.1). A connection computes it once: only the length changes.

#include <cstddef>
#include <cstdint>

#include "pentad/base/byte_order.hpp"
#include "pentad/base/ip_address.hpp"
#include "pentad/base/ip_protocol.hpp"
#include "pentad/wire/checksum.hpp"

namespace pentad::wire {

class pseudo_header {
 public:
  /// `destination` is the final one if the packet has a routing header. It need not match `source`
  /// in order: both directions of a connection have the same sum.
  constexpr pseudo_header(const ip_address& source, const ip_address& destination,
                          ip_protocol protocol) noexcept
      : version_{source.version()} {
    add(source);
    add(destination);
    sum_.add_be16(static_cast<std::uint16_t>(protocol));
  }

  [[nodiscard]] constexpr ip_version version() const noexcept { return version_; }

  /// The sum to begin with; `length` is that of the upper-layer header and its payload. Both
  /// versions come to the same: IPv6's fields are wider, and only by zeros.
  [[nodiscard]] constexpr internet_sum sum(std::size_t length) const noexcept {
    internet_sum whole = sum_;
    whole.add_be32(static_cast<std::uint32_t>(length));
    return whole;
  }

 private:
  // In place: of so few bytes the call would be most of the work.
  constexpr void add(const ip_address& address) noexcept {
    const std::byte* const bytes = address.bytes().data();
    sum_.add_be32(load_be32(bytes));
    if (address.is_v4()) return;
    for (std::size_t i = 4; i != 16; i += 4) sum_.add_be32(load_be32(bytes + i));
  }

  internet_sum sum_;
  ip_version version_;
};

}  // namespace pentad::wire
