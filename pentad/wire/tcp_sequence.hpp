#pragma once

/// Places in a TCP stream of bytes, counted modulo 2^32 (RFC 9293 section 3.4).

#include <cstdint>

namespace pentad::wire {

/// Comparisons hold for numbers less than 2^31 apart, as all of one connection that matter are.
/// They are no order of all numbers: there is none on a circle, so neither sort by them nor keep
/// them as keys.
class tcp_sequence {
 public:
  /// 0
  constexpr tcp_sequence() noexcept = default;

  explicit constexpr tcp_sequence(std::uint32_t number) noexcept : number_{number} {}

  [[nodiscard]] constexpr std::uint32_t number() const noexcept { return number_; }

  /// Whether it is one of the `size` numbers from `first` on. Correct for every size.
  [[nodiscard]] constexpr bool is_within(tcp_sequence first, std::uint32_t size) const noexcept {
    return number_ - first.number_ < size;
  }

  constexpr tcp_sequence& operator+=(std::uint32_t distance) noexcept {
    number_ += distance;
    return *this;
  }
  constexpr tcp_sequence& operator-=(std::uint32_t distance) noexcept {
    number_ -= distance;
    return *this;
  }

  friend constexpr tcp_sequence operator+(tcp_sequence a, std::uint32_t distance) noexcept {
    return tcp_sequence{a.number_ + distance};
  }
  friend constexpr tcp_sequence operator-(tcp_sequence a, std::uint32_t distance) noexcept {
    return tcp_sequence{a.number_ - distance};
  }

  /// How far `a` is after `b`; negative when it is before.
  friend constexpr std::int32_t operator-(tcp_sequence a, tcp_sequence b) noexcept {
    return static_cast<std::int32_t>(a.number_ - b.number_);
  }

  friend constexpr bool operator==(tcp_sequence, tcp_sequence) noexcept = default;
  friend constexpr bool operator<(tcp_sequence a, tcp_sequence b) noexcept { return a - b < 0; }
  friend constexpr bool operator>(tcp_sequence a, tcp_sequence b) noexcept { return b < a; }
  friend constexpr bool operator<=(tcp_sequence a, tcp_sequence b) noexcept { return a - b <= 0; }
  friend constexpr bool operator>=(tcp_sequence a, tcp_sequence b) noexcept { return b <= a; }

 private:
  std::uint32_t number_ = 0;
};

/// The later of two.
[[nodiscard]] constexpr tcp_sequence later(tcp_sequence a, tcp_sequence b) noexcept {
  return a < b ? b : a;
}

/// The earlier of two.
[[nodiscard]] constexpr tcp_sequence earlier(tcp_sequence a, tcp_sequence b) noexcept {
  return b < a ? b : a;
}

}  // namespace pentad::wire
