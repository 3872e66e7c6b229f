#pragma once

/// ICMP messages for IPv4 (RFC 792, RFC 1191).

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

#include "pentad/base/byte_order.hpp"
#include "pentad/wire/checksum.hpp"
#include "pentad/wire/parse_error.hpp"

namespace pentad::wire {

/// Any value from 0 to 255 is allowed, named here or not.
enum class icmpv4_type : std::uint8_t {
  echo_reply = 0,
  destination_unreachable = 3,
  redirect = 5,
  echo_request = 8,
  time_exceeded = 11,
  parameter_problem = 12,
};

/// Whether it reports that a packet, which it quotes, could not be delivered. To such a message
/// none is sent (RFC 1122 section 3.2.2).
[[nodiscard]] constexpr bool is_error(icmpv4_type type) noexcept {
  return type == icmpv4_type::destination_unreachable || type == icmpv4_type::redirect ||
         type == icmpv4_type::time_exceeded || type == icmpv4_type::parameter_problem ||
         type == icmpv4_type{4};  // source quench, which nobody may send any more (RFC 6633)
}

/// The codes of `destination_unreachable` (RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section
/// 5.2.7.1).
enum class icmpv4_unreachable : std::uint8_t {
  network = 0,
  host = 1,
  protocol = 2,
  port = 3,
  fragmentation_needed = 4,
  source_route_failed = 5,
  network_unknown = 6,
  host_unknown = 7,
  network_prohibited = 9,
  host_prohibited = 10,
  communication_prohibited = 13,
};

/// The codes of `time_exceeded`.
enum class icmpv4_time_exceeded : std::uint8_t { in_transit = 0, in_reassembly = 1 };

/// The first 8 bytes. What follows is the data of an echo or the packet that an error quotes.
struct icmpv4_header {
  icmpv4_type type = icmpv4_type::echo_request;
  std::uint8_t code = 0;
  std::uint32_t rest = 0;  ///< the last 4 bytes, whose meaning depends on type and code

  [[nodiscard]] static constexpr std::size_t size() noexcept { return 8; }

  [[nodiscard]] static constexpr icmpv4_header echo_request(std::uint16_t identifier,
                                                            std::uint16_t sequence) noexcept {
    return {icmpv4_type::echo_request, 0, std::uint32_t{identifier} << 16 | sequence};
  }

  /// Takes identifier and sequence number from the request, and its data should follow.
  [[nodiscard]] static constexpr icmpv4_header echo_reply(std::uint16_t identifier,
                                                          std::uint16_t sequence) noexcept {
    return {icmpv4_type::echo_reply, 0, std::uint32_t{identifier} << 16 | sequence};
  }

  [[nodiscard]] static constexpr icmpv4_header unreachable(icmpv4_unreachable code) noexcept {
    return {icmpv4_type::destination_unreachable, static_cast<std::uint8_t>(code), 0};
  }

  /// RFC 1191 section 4; `next_hop_mtu` counts the IP header.
  [[nodiscard]] static constexpr icmpv4_header fragmentation_needed(
      std::uint16_t next_hop_mtu) noexcept {
    return {icmpv4_type::destination_unreachable,
            static_cast<std::uint8_t>(icmpv4_unreachable::fragmentation_needed), next_hop_mtu};
  }

  [[nodiscard]] static constexpr icmpv4_header time_exceeded(icmpv4_time_exceeded code) noexcept {
    return {icmpv4_type::time_exceeded, static_cast<std::uint8_t>(code), 0};
  }

  /// `pointer` is the place in the quoted packet of the byte that is wrong.
  [[nodiscard]] static constexpr icmpv4_header parameter_problem(std::uint8_t pointer) noexcept {
    return {icmpv4_type::parameter_problem, 0, std::uint32_t{pointer} << 24};
  }

  /// `payload` is the sum of what follows the header.
  constexpr void emit(std::span<std::byte> out, const internet_sum& payload) const noexcept {
    assert(out.size() >= size());
    out[0] = static_cast<std::byte>(type);
    out[1] = std::byte{code};
    store_be16(&out[2], 0);
    store_be32(&out[4], rest);
    internet_sum sum{out.first(size())};
    sum.add(payload);
    store_be16(&out[2], sum.checksum());
  }

  friend constexpr bool operator==(const icmpv4_header&, const icmpv4_header&) noexcept = default;
};

class icmpv4_view {
 public:
  /// `message` is the payload of the IP packet.
  /// Errors: `truncated`, shorter than 8 bytes, as no message is that hosts have to know;
  /// `bad_checksum`.
  [[nodiscard]] static constexpr parsed<icmpv4_view> parse(
      std::span<const std::byte> message, checksum_check check = checksum_check::verify) noexcept {
    if (message.size() < icmpv4_header::size()) return std::unexpected{parse_error::truncated};
    if (check == checksum_check::verify && internet_sum{message}.folded() != 0xffff) {
      return std::unexpected{parse_error::bad_checksum};
    }
    return icmpv4_view{message};
  }

  [[nodiscard]] constexpr icmpv4_type type() const noexcept {
    return static_cast<icmpv4_type>(message_[0]);
  }
  [[nodiscard]] constexpr std::uint8_t code() const noexcept {
    return std::to_integer<std::uint8_t>(message_[1]);
  }

  /// Of an echo request or reply.
  [[nodiscard]] constexpr std::uint16_t identifier() const noexcept {
    return load_be16(&message_[4]);
  }
  /// Of an echo request or reply.
  [[nodiscard]] constexpr std::uint16_t sequence() const noexcept {
    return load_be16(&message_[6]);
  }

  /// Of `fragmentation_needed`: how long a packet may be, with its IP header. 0 comes from routers
  /// older than RFC 1191, which leave the guess to the host.
  [[nodiscard]] constexpr std::uint16_t next_hop_mtu() const noexcept {
    return load_be16(&message_[6]);
  }

  /// Of `parameter_problem`: the place in the quoted packet of the byte that is wrong.
  [[nodiscard]] constexpr std::uint8_t pointer() const noexcept {
    return std::to_integer<std::uint8_t>(message_[4]);
  }

  /// The data of an echo, or the beginning of the packet that an error quotes (quoted_packet.hpp).
  [[nodiscard]] constexpr std::span<const std::byte> payload() const noexcept {
    return message_.subspan(icmpv4_header::size());
  }

  [[nodiscard]] constexpr icmpv4_header header() const noexcept {
    return {type(), code(), load_be32(&message_[4])};
  }

 private:
  explicit constexpr icmpv4_view(std::span<const std::byte> message) noexcept : message_{message} {}

  std::span<const std::byte> message_;
};

}  // namespace pentad::wire
