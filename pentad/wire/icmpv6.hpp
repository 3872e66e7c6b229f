#pragma once

/// ICMP messages for IPv6 (RFC 4443). Those of neighbour discovery are in ndp.hpp.

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

#include "pentad/base/byte_order.hpp"
#include "pentad/wire/checksum.hpp"
#include "pentad/wire/parse_error.hpp"
#include "pentad/wire/pseudo_header.hpp"

namespace pentad::wire {

/// Any value from 0 to 255 is allowed, named here or not.
enum class icmpv6_type : std::uint8_t {
  destination_unreachable = 1,
  packet_too_big = 2,
  time_exceeded = 3,
  parameter_problem = 4,
  echo_request = 128,
  echo_reply = 129,
  listener_query = 130,    ///< of MLD, as are the next two and the last (group_messages.hpp)
  listener_report = 131,
  listener_done = 132,
  router_solicitation = 133,
  router_advertisement = 134,
  neighbor_solicitation = 135,
  neighbor_advertisement = 136,
  redirect = 137,
  listener_report_v2 = 143,
};

/// Whether it reports that a packet, which it quotes, could not be delivered. To such a message
/// none is sent (RFC 4443 section 2.4 e).
[[nodiscard]] constexpr bool is_error(icmpv6_type type) noexcept {
  return static_cast<unsigned>(type) < 128;
}

/// The codes of `destination_unreachable`.
enum class icmpv6_unreachable : std::uint8_t {
  no_route = 0,
  prohibited = 1,
  beyond_scope = 2,
  address = 3,
  port = 4,
  source_policy = 5,
  reject_route = 6,
};

/// The codes of `time_exceeded`.
enum class icmpv6_time_exceeded : std::uint8_t { in_transit = 0, in_reassembly = 1 };

/// The codes of `parameter_problem` (RFC 4443 section 3.4, RFC 7112 section 5).
enum class icmpv6_parameter_problem : std::uint8_t {
  erroneous_field = 0,
  unrecognized_next_header = 1,
  unrecognized_option = 2,
  incomplete_header_chain = 3,
};

/// The first 8 bytes. What follows is the data of an echo or the packet that an error quotes.
struct icmpv6_header {
  icmpv6_type type = icmpv6_type::echo_request;
  std::uint8_t code = 0;
  std::uint32_t rest = 0;  ///< the last 4 bytes, whose meaning depends on the type

  [[nodiscard]] static constexpr std::size_t size() noexcept { return 8; }

  [[nodiscard]] static constexpr icmpv6_header echo_request(std::uint16_t identifier,
                                                            std::uint16_t sequence) noexcept {
    return {icmpv6_type::echo_request, 0, std::uint32_t{identifier} << 16 | sequence};
  }

  /// Takes identifier and sequence number from the request, and its data should follow.
  [[nodiscard]] static constexpr icmpv6_header echo_reply(std::uint16_t identifier,
                                                          std::uint16_t sequence) noexcept {
    return {icmpv6_type::echo_reply, 0, std::uint32_t{identifier} << 16 | sequence};
  }

  [[nodiscard]] static constexpr icmpv6_header unreachable(icmpv6_unreachable code) noexcept {
    return {icmpv6_type::destination_unreachable, static_cast<std::uint8_t>(code), 0};
  }

  /// `next_hop_mtu` counts the IP header.
  [[nodiscard]] static constexpr icmpv6_header packet_too_big(std::uint32_t next_hop_mtu) noexcept {
    return {icmpv6_type::packet_too_big, 0, next_hop_mtu};
  }

  [[nodiscard]] static constexpr icmpv6_header time_exceeded(icmpv6_time_exceeded code) noexcept {
    return {icmpv6_type::time_exceeded, static_cast<std::uint8_t>(code), 0};
  }

  /// `pointer` is the place in the quoted packet of the byte that is wrong.
  [[nodiscard]] static constexpr icmpv6_header parameter_problem(icmpv6_parameter_problem code,
                                                                 std::uint32_t pointer) noexcept {
    return {icmpv6_type::parameter_problem, static_cast<std::uint8_t>(code), pointer};
  }

  /// `payload` is the sum of what follows the header.
  constexpr void emit(std::span<std::byte> out, const pseudo_header& pseudo,
                      const internet_sum& payload) const noexcept {
    assert(out.size() >= size());
    out[0] = static_cast<std::byte>(type);
    out[1] = std::byte{code};
    store_be16(&out[2], 0);
    store_be32(&out[4], rest);
    internet_sum sum = pseudo.sum(size() + payload.size());
    sum.add(out.first(size()));
    sum.add(payload);
    store_be16(&out[2], sum.checksum());
  }

  friend constexpr bool operator==(const icmpv6_header&, const icmpv6_header&) noexcept = default;
};

class icmpv6_view {
 public:
  /// `message` is what follows the last extension header of the IP packet.
  /// Errors: `truncated`, shorter than 8 bytes, as no message is that hosts have to know;
  /// `bad_checksum`.
  [[nodiscard]] static constexpr parsed<icmpv6_view> parse(
      std::span<const std::byte> message, const pseudo_header& pseudo,
      checksum_check check = checksum_check::verify) noexcept {
    if (message.size() < icmpv6_header::size()) return std::unexpected{parse_error::truncated};
    const icmpv6_view view{message};
    if (check == checksum_check::verify && !view.checksum_is_correct(pseudo)) {
      return std::unexpected{parse_error::bad_checksum};
    }
    return view;
  }

  [[nodiscard]] constexpr icmpv6_type type() const noexcept {
    return static_cast<icmpv6_type>(message_[0]);
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

  /// Of `packet_too_big`: how long a packet may be, with its IP header.
  [[nodiscard]] constexpr std::uint32_t next_hop_mtu() const noexcept {
    return load_be32(&message_[4]);
  }

  /// Of `parameter_problem`: the place in the quoted packet of the byte that is wrong.
  [[nodiscard]] constexpr std::uint32_t pointer() const noexcept { return load_be32(&message_[4]); }

  /// The data of an echo, or the beginning of the packet that an error quotes (quoted_packet.hpp).
  [[nodiscard]] constexpr std::span<const std::byte> payload() const noexcept {
    return message_.subspan(icmpv6_header::size());
  }

  /// The whole message.
  [[nodiscard]] constexpr std::span<const std::byte> bytes() const noexcept { return message_; }

  [[nodiscard]] constexpr icmpv6_header header() const noexcept {
    return {type(), code(), load_be32(&message_[4])};
  }

 private:
  explicit constexpr icmpv6_view(std::span<const std::byte> message) noexcept : message_{message} {}

  [[nodiscard]] constexpr bool checksum_is_correct(const pseudo_header& pseudo) const noexcept {
    internet_sum sum = pseudo.sum(message_.size());
    sum.add(message_);
    return sum.folded() == 0xffff;
  }

  std::span<const std::byte> message_;
};

}  // namespace pentad::wire
