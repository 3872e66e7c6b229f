// SYN cookies (RFC 4987, section 3.6): when no place is left to remember a SYN, the number that
// answers it says what has to be remembered, and only who has heard it can say it back. The layout
// is Linux's: a minute, and a keyed hash with the peer's segment size in it.
#pragma once

#include <cstdint>
#include <optional>

#include "pentad/base/clock.hpp"
#include "pentad/base/five_tuple.hpp"
#include "pentad/base/siphash.hpp"
#include "pentad/wire/tcp_options.hpp"

namespace pentad::native {

class syn_cookies {
 public:
  explicit syn_cookies(siphash_key secret) noexcept : secret_(secret) {}

  /// No cookie is good for longer, and each is for half of it.
  static constexpr duration lifetime = std::chrono::minutes(2);

  /// The number that answers the SYN `peer_syn` of a peer who takes segments of `segment_size`
  /// bytes: it will be sent no more than that, and often a little less.
  wire::tcp_sequence make(const five_tuple& tuple, wire::tcp_sequence peer_syn,
                          std::uint32_t segment_size, instant now) const noexcept;

  /// The segment size out of a number that `make` has given, unless it is too old; nothing for any
  /// other number.
  std::optional<std::uint32_t> segment_size(const five_tuple& tuple, wire::tcp_sequence peer_syn,
                                            wire::tcp_sequence cookie, instant now) const noexcept;

 private:
  std::uint32_t hash(const five_tuple& tuple, std::uint32_t minute,
                     std::uint64_t peer_syn) const noexcept;

  siphash_key secret_;
};

/// What else a SYN has said, in the low bits of the time that the peer echoes; without timestamps
/// none of it is used.
struct cookie_options {
  std::optional<std::uint8_t> window_scale;
  bool sack = false;
  bool ecn = false;

  /// A time not later than `clock` that says all this.
  std::uint32_t in_time(std::uint32_t clock) const noexcept;
  static cookie_options of_time(std::uint32_t echoed) noexcept;

  friend bool operator==(const cookie_options&, const cookie_options&) = default;
};

}  // namespace pentad::native
