#pragma once

/// An IPv4 or IPv6 address: a value of 24 bytes that is copied like a number.

#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "pentad/base/byte_order.hpp"
#include "pentad/base/hash.hpp"
#include "pentad/base/result.hpp"
#include "pentad/base/text_writer.hpp"

namespace pentad {

enum class ip_version : std::uint8_t { v4 = 4, v6 = 6 };

/// Ordered by version, then as numbers, then by scope.
class ip_address {
 public:
  /// The most characters that its text can have: 8 groups of IPv6, `%`, the name of an interface.
  static constexpr std::size_t text_capacity = 39 + 1 + 15;

  /// 0.0.0.0
  constexpr ip_address() noexcept = default;

  [[nodiscard]] static constexpr ip_address v4(std::array<std::byte, 4> bytes) noexcept {
    ip_address address;
    for (std::size_t i = 0; i != bytes.size(); ++i) address.bytes_[i] = bytes[i];
    return address;
  }

  [[nodiscard]] static constexpr ip_address v4(std::uint8_t a, std::uint8_t b, std::uint8_t c,
                                               std::uint8_t d) noexcept {
    return v4({std::byte{a}, std::byte{b}, std::byte{c}, std::byte{d}});
  }

  /// `scope` is the index of the interface on whose link the address means something (RFC 4007);
  /// 0 is none. Two addresses with different scopes are different addresses.
  [[nodiscard]] static constexpr ip_address v6(std::array<std::byte, 16> bytes,
                                               std::uint32_t scope = 0) noexcept {
    ip_address address;
    address.version_ = ip_version::v6;
    address.bytes_ = bytes;
    address.scope_ = scope;
    return address;
  }

  /// The unspecified address: 0.0.0.0 or ::
  [[nodiscard]] static constexpr ip_address any(ip_version version) noexcept {
    return version == ip_version::v4 ? v4(0, 0, 0, 0) : v6({});
  }

  /// 127.0.0.1 or ::1
  [[nodiscard]] static constexpr ip_address loopback(ip_version version) noexcept {
    if (version == ip_version::v4) return v4(127, 0, 0, 1);
    std::array<std::byte, 16> bytes{};
    bytes[15] = std::byte{1};
    return v6(bytes);
  }

  /// Reads the text of an address strictly: four decimal numbers without leading zeros, or IPv6 as
  /// in RFC 4291 section 2.2, with `%` and the number or name of an interface (RFC 4007 section
  /// 11). A name is looked up among the interfaces of the calling thread's network namespace; text
  /// without one can be read at compile time by `parse_ip_literal` (ip_literal.hpp).
  /// Errors: `errc::malformed_address`; `no_such_device`, no interface has that name.
  [[nodiscard]] static result<ip_address> parse(std::string_view text);

  [[nodiscard]] constexpr ip_version version() const noexcept { return version_; }
  [[nodiscard]] constexpr bool is_v4() const noexcept { return version_ == ip_version::v4; }
  [[nodiscard]] constexpr bool is_v6() const noexcept { return version_ == ip_version::v6; }

  /// The 4 or 16 bytes in network order. They are part of this object.
  [[nodiscard]] constexpr std::span<const std::byte> bytes() const noexcept {
    return std::span{bytes_}.first(is_v4() ? 4 : 16);
  }

  [[nodiscard]] constexpr std::uint32_t scope() const noexcept { return scope_; }

  /// 0.0.0.0 or ::
  [[nodiscard]] constexpr bool is_unspecified() const noexcept {
    const std::array<std::uint64_t, 2> halves = words();
    return (halves[0] | halves[1]) == 0;
  }

  /// 127.0.0.0/8 (RFC 1122 section 3.2.1.3) or ::1
  [[nodiscard]] constexpr bool is_loopback() const noexcept {
    return is_v4() ? bytes_[0] == std::byte{127} : bytes_ == loopback(ip_version::v6).bytes_;
  }

  /// 224.0.0.0/4 or ff00::/8
  [[nodiscard]] constexpr bool is_multicast() const noexcept {
    return is_v4() ? (bytes_[0] & std::byte{0xf0}) == std::byte{0xe0}
                   : bytes_[0] == std::byte{0xff};
  }

  /// 169.254.0.0/16 (RFC 3927) or fe80::/10
  [[nodiscard]] constexpr bool is_link_local() const noexcept {
    return is_v4()
               ? bytes_[0] == std::byte{169} && bytes_[1] == std::byte{254}
               : bytes_[0] == std::byte{0xfe} && (bytes_[1] & std::byte{0xc0}) == std::byte{0x80};
  }

  /// ::ffff:0:0/96, the form in which an IPv6 socket sees an IPv4 peer (RFC 4291 section 2.5.5.2).
  [[nodiscard]] constexpr bool is_v4_mapped() const noexcept {
    return is_v6() && load_be64(bytes_.data()) == 0 && load_be32(bytes_.data() + 8) == 0xffff;
  }

  /// The IPv4 address inside a v4-mapped one; any other address unchanged.
  [[nodiscard]] constexpr ip_address unmapped() const noexcept {
    if (!is_v4_mapped()) return *this;
    return v4({bytes_[12], bytes_[13], bytes_[14], bytes_[15]});
  }

  /// Folds the address into a running hash (hash.hpp).
  [[nodiscard]] constexpr std::uint64_t hash(std::uint64_t running) const noexcept {
    if (is_v4()) return hash_step(running, std::uint64_t{4} << 32 | load_be32(bytes_.data()));
    running = hash_step(running, load_be64(bytes_.data()));
    running = hash_step(running, load_be64(bytes_.data() + 8));
    return hash_step(running, std::uint64_t{6} << 32 | scope_);
  }

  friend constexpr auto operator<=>(const ip_address&, const ip_address&) noexcept = default;

  // Each packet is compared with many addresses, and compilers compare arrays byte by byte.
  friend constexpr bool operator==(const ip_address& a, const ip_address& b) noexcept {
    const std::array<std::uint64_t, 2> one = a.words();
    const std::array<std::uint64_t, 2> other = b.words();
    return a.version_ == b.version_ && a.scope_ == b.scope_ &&
           ((one[0] ^ other[0]) | (one[1] ^ other[1])) == 0;
  }

 private:
  [[nodiscard]] constexpr std::array<std::uint64_t, 2> words() const noexcept {
    return std::bit_cast<std::array<std::uint64_t, 2>>(bytes_);
  }

  ip_version version_ = ip_version::v4;
  std::array<std::byte, 16> bytes_{};  // IPv4 uses the first four, the rest stays zero
  std::uint32_t scope_ = 0;
};

/// Writes the canonical text: dotted decimal, or IPv6 as RFC 5952 has it. A scope is written as the
/// name of the interface that has this index in the calling thread's network namespace, or as the
/// number when none has it or the name could be taken for something else.
void format_to(text_writer& out, const ip_address& address) noexcept;
[[nodiscard]] std::string to_string(const ip_address& address);

}  // namespace pentad

template <>
struct std::hash<pentad::ip_address> {
  [[nodiscard]] std::size_t operator()(const pentad::ip_address& address) const noexcept {
    return static_cast<std::size_t>(pentad::hash_finish(address.hash(0)));
  }
};
