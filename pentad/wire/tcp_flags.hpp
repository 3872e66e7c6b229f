#pragma once

/// The control bits of a TCP segment (RFC 9293 section 3.1).

#include <cstdint>

namespace pentad::wire {

class tcp_flags {
 public:
  /// None of them.
  constexpr tcp_flags() noexcept = default;

  explicit constexpr tcp_flags(std::uint8_t bits) noexcept : bits_{bits} {}

  [[nodiscard]] constexpr std::uint8_t bits() const noexcept { return bits_; }

  /// Whether any of `flags` is set.
  [[nodiscard]] constexpr bool has(tcp_flags flags) const noexcept {
    return (bits_ & flags.bits_) != 0;
  }

  constexpr tcp_flags& operator|=(tcp_flags other) noexcept { return *this = *this | other; }

  friend constexpr tcp_flags operator|(tcp_flags a, tcp_flags b) noexcept {
    return tcp_flags{static_cast<std::uint8_t>(a.bits_ | b.bits_)};
  }
  friend constexpr tcp_flags operator&(tcp_flags a, tcp_flags b) noexcept {
    return tcp_flags{static_cast<std::uint8_t>(a.bits_ & b.bits_)};
  }
  friend constexpr bool operator==(tcp_flags, tcp_flags) noexcept = default;

 private:
  std::uint8_t bits_ = 0;
};

inline constexpr tcp_flags tcp_fin{0x01};
inline constexpr tcp_flags tcp_syn{0x02};
inline constexpr tcp_flags tcp_rst{0x04};
inline constexpr tcp_flags tcp_psh{0x08};
inline constexpr tcp_flags tcp_ack{0x10};
inline constexpr tcp_flags tcp_urg{0x20};
inline constexpr tcp_flags tcp_ece{0x40};  ///< the peer's packets met congestion (RFC 3168)
inline constexpr tcp_flags tcp_cwr{0x80};  ///< and the sender has slowed down (RFC 3168)

}  // namespace pentad::wire
