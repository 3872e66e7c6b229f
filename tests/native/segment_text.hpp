// TCP segments as text, in the notation of packetdrill: `F. 1:1001(1000) ack 1 win 512 <mss 1460>`.
// Flags are the letters S F R P E W U and a dot for ACK. Sequence numbers count from the number of
// the sender's SYN. What is left out is chosen when the segment is made, and not looked at when it
// is compared; so is the letter P. `<sack 2001:3001 5001:6001>` counts from the other's SYN. `<FO>`
// asks for a fast open cookie, `<FO 0123456789abcdef>` shows one, `<uto 30>` is in seconds. A SYN's
// own number is no part of its size: `S 0:100(100)`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pentad/wire/ip_ecn.hpp"
#include "pentad/wire/tcp_flags.hpp"
#include "pentad/wire/tcp_options.hpp"

namespace pentad::native::test {

struct segment_text {
  /// Throws `std::invalid_argument` for what is no segment.
  static segment_text parse(std::string_view text);

  std::string to_string() const;

  /// Whether all that is written here is so in `other`.
  bool matches(const segment_text& other) const;

  wire::tcp_flags flags;
  std::optional<wire::ip_ecn> mark;  ///< `[noecn]`, `[ect0]`, `[ce]` before the flags
  std::optional<std::uint32_t> first;
  std::uint32_t size = 0;  ///< bytes of payload
  std::optional<std::uint32_t> acknowledgment;
  std::optional<std::uint32_t> window;  ///< as on the wire
  std::optional<wire::tcp_options> options;
};

}  // namespace pentad::native::test
