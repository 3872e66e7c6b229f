#pragma once

/// The options of a TCP segment that Pentad knows. Others are skipped when read.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "pentad/wire/tcp_sequence.hpp"

namespace pentad::wire {

/// RFC 7323 section 3.
struct tcp_timestamps {
  std::uint32_t value = 0;
  std::uint32_t echo_reply = 0;

  /// Of the option with the padding before it, if it is the only one (RFC 7323 appendix A).
  static constexpr std::uint32_t size = 12;
  /// Padding, kind and length.
  static constexpr std::uint32_t padded_head = 0x0101'080a;

  friend constexpr bool operator==(const tcp_timestamps&, const tcp_timestamps&) noexcept = default;
};

/// Bytes that arrived ahead of those still missing (RFC 2018 section 3): from `begin` to before
/// `end`.
struct tcp_sack_block {
  tcp_sequence begin;
  tcp_sequence end;

  friend constexpr bool operator==(const tcp_sack_block&, const tcp_sack_block&) noexcept = default;
};

/// As many SACK blocks as fit into a segment.
class tcp_sack_blocks {
 public:
  static constexpr std::size_t capacity = 4;

  /// Refused, with false, when there are four already.
  constexpr bool add(const tcp_sack_block& block) noexcept {
    if (size_ == capacity) return false;
    blocks_[size_++] = block;
    return true;
  }

  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] constexpr const tcp_sack_block& operator[](std::size_t i) const noexcept {
    return blocks_[i];
  }
  [[nodiscard]] constexpr const tcp_sack_block* begin() const noexcept { return blocks_.data(); }
  [[nodiscard]] constexpr const tcp_sack_block* end() const noexcept { return begin() + size_; }

  friend constexpr bool operator==(const tcp_sack_blocks&,
                                   const tcp_sack_blocks&) noexcept = default;

 private:
  std::array<tcp_sack_block, capacity> blocks_{};
  std::size_t size_ = 0;
};

/// What a server gives a client to prove its address the next time (RFC 7413 section 4.1.1). Empty
/// is the request for one.
class tcp_fast_open_cookie {
 public:
  static constexpr std::size_t least = 4;
  static constexpr std::size_t capacity = 16;

  /// The request.
  constexpr tcp_fast_open_cookie() noexcept = default;

  /// Bytes of an even number from 4 to 16, or none; nothing else is a cookie.
  [[nodiscard]] static constexpr std::optional<tcp_fast_open_cookie> from(
      std::span<const std::byte> bytes) noexcept {
    const bool fits = bytes.size() >= least && bytes.size() <= capacity && bytes.size() % 2 == 0;
    if (!bytes.empty() && !fits) return std::nullopt;
    tcp_fast_open_cookie cookie;
    for (const std::byte b : bytes) cookie.bytes_[cookie.size_++] = b;
    return cookie;
  }

  [[nodiscard]] constexpr std::span<const std::byte> bytes() const noexcept {
    return std::span{bytes_}.first(size_);
  }

  friend constexpr bool operator==(const tcp_fast_open_cookie&,
                                   const tcp_fast_open_cookie&) noexcept = default;

 private:
  std::array<std::byte, capacity> bytes_{};
  std::uint8_t size_ = 0;
};

/// How long sent data may stay unacknowledged (RFC 5482 section 3), as it is on the wire.
struct tcp_user_timeout {
  bool in_minutes = false;  ///< else in seconds
  std::uint16_t value = 0;  ///< 15 bits

  friend constexpr bool operator==(const tcp_user_timeout&,
                                   const tcp_user_timeout&) noexcept = default;
};

struct tcp_options {
  /// What a header has room for.
  static constexpr std::size_t capacity = 40;
  /// RFC 7323 section 2.3.
  static constexpr std::uint8_t largest_window_scale = 14;

  std::optional<std::uint16_t> maximum_segment_size;  ///< in bytes (RFC 9293 section 3.2)
  std::optional<std::uint8_t> window_scale;           ///< read as 14 when more (RFC 7323)
  bool sack_permitted = false;                        ///< RFC 2018 section 2
  std::optional<tcp_timestamps> timestamps;
  tcp_sack_blocks sack;
  std::optional<tcp_user_timeout> user_timeout;
  std::optional<tcp_fast_open_cookie> fast_open;

  /// Reads what lies between the fixed header and the payload. Options of unknown kind and of a
  /// length that their kind does not have are skipped; one whose length says less than 2 or more
  /// than there is ends the reading, for then nobody knows where the next begins (RFC 9293 section
  /// 3.1). What was read before stays. Of two of one kind the last counts.
  [[nodiscard]] static tcp_options parse(std::span<const std::byte> bytes) noexcept;

  /// A multiple of 4, at most 40: SACK blocks that do not fit beside the rest are left out. The
  /// others fit together, but for a cookie of 16 bytes beside all of them.
  [[nodiscard]] std::size_t size() const noexcept;

  /// Writes `size()` bytes in the order and with the padding of Linux: maximum segment size, SACK
  /// permitted, timestamps, window scale, SACK, user timeout, fast open.
  void emit(std::span<std::byte> out) const noexcept;

  friend constexpr bool operator==(const tcp_options&, const tcp_options&) noexcept = default;

 private:
  [[nodiscard]] std::size_t size_without_sack() const noexcept;
  [[nodiscard]] std::size_t sack_blocks_that_fit() const noexcept;
};

}  // namespace pentad::wire
