#pragma once

/// Ethernet II frames (IEEE 802.3 clause 3, RFC 894, RFC 2464), without the frame check sequence,
/// which interfaces add and remove.

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

#include "pentad/base/byte_order.hpp"
#include "pentad/base/mac_address.hpp"
#include "pentad/wire/address_bytes.hpp"
#include "pentad/wire/parse_error.hpp"

namespace pentad::wire {

/// Any value from 0x600 is allowed, named here or not.
enum class ethertype : std::uint16_t { ipv4 = 0x0800, arp = 0x0806, ipv6 = 0x86dd };

struct ethernet_header {
  mac_address destination;
  mac_address source;
  ethertype type = ethertype::ipv4;

  [[nodiscard]] static constexpr std::size_t size() noexcept { return 14; }

  constexpr void emit(std::span<std::byte> out) const noexcept {
    assert(out.size() >= size());
    store_address(out.data(), destination);
    store_address(&out[6], source);
    store_be16(&out[12], static_cast<std::uint16_t>(type));
  }

  friend constexpr bool operator==(const ethernet_header&,
                                   const ethernet_header&) noexcept = default;
};

class ethernet_view {
 public:
  /// Errors: `truncated`; `unsupported`, a frame that has a length in place of the type (IEEE 802.3
  /// clause 3.2.6: up to 1500 is a length, from 0x600 a type).
  [[nodiscard]] static constexpr parsed<ethernet_view> parse(
      std::span<const std::byte> frame) noexcept {
    if (frame.size() < ethernet_header::size()) return std::unexpected{parse_error::truncated};
    const ethernet_view view{frame};
    if (static_cast<unsigned>(view.type()) < 0x600) {
      return std::unexpected{parse_error::unsupported};
    }
    return view;
  }

  [[nodiscard]] constexpr mac_address destination() const noexcept {
    return load_mac(frame_.data());
  }
  [[nodiscard]] constexpr mac_address source() const noexcept { return load_mac(&frame_[6]); }
  [[nodiscard]] constexpr ethertype type() const noexcept {
    return static_cast<ethertype>(load_be16(&frame_[12]));
  }

  /// All behind the header, with the zeros that pad a frame to its least length of 60 bytes.
  [[nodiscard]] constexpr std::span<const std::byte> payload() const noexcept {
    return frame_.subspan(ethernet_header::size());
  }

  [[nodiscard]] constexpr ethernet_header header() const noexcept {
    return {destination(), source(), type()};
  }

 private:
  explicit constexpr ethernet_view(std::span<const std::byte> frame) noexcept : frame_{frame} {}

  std::span<const std::byte> frame_;
};

}  // namespace pentad::wire
