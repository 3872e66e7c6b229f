#pragma once

/// The header of UDP datagrams (RFC 768; RFC 8200 section 8.1 for IPv6).

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

#include "pentad/base/byte_order.hpp"
#include "pentad/wire/checksum.hpp"
#include "pentad/wire/parse_error.hpp"
#include "pentad/wire/pseudo_header.hpp"

namespace pentad::wire {

struct udp_header {
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;

  [[nodiscard]] static constexpr std::size_t size() noexcept { return 8; }

  /// `payload` is the sum of what follows the header and gives its length too.
  constexpr void emit(std::span<std::byte> out, const pseudo_header& pseudo,
                      const internet_sum& payload) const noexcept {
    emit_without_checksum(out, payload.size());
    internet_sum sum = pseudo.sum(size() + payload.size());
    sum.add(out.first(size()));
    sum.add(payload);
    // Zero says that there is no checksum; 0xffff is the other zero of ones' complement.
    const std::uint16_t checksum = sum.checksum();
    store_be16(&out[6], checksum == 0 ? 0xffff : checksum);
  }

  /// For an interface that completes the checksum: the field holds the sum of the pseudo-header, to
  /// which it adds header and payload.
  constexpr void emit_for_offload(std::span<std::byte> out, const pseudo_header& pseudo,
                                  std::size_t payload_size) const noexcept {
    emit_without_checksum(out, payload_size);
    store_be16(&out[6], pseudo.sum(size() + payload_size).folded());
  }

  friend constexpr bool operator==(const udp_header&, const udp_header&) noexcept = default;

 private:
  constexpr void emit_without_checksum(std::span<std::byte> out,
                                       std::size_t payload_size) const noexcept {
    assert(out.size() >= size() && payload_size <= UINT16_MAX - size());
    store_be16(out.data(), source_port);
    store_be16(&out[2], destination_port);
    store_be16(&out[4], static_cast<std::uint16_t>(size() + payload_size));
    store_be16(&out[6], 0);
  }
};

class udp_view {
 public:
  /// `datagram` is the payload of the IP packet, which may be longer than the datagram.
  /// Errors: `truncated`; `malformed`, a length shorter than the header; `bad_checksum`, also when
  /// there is none in IPv6, where it is not optional.
  [[nodiscard]] static constexpr parsed<udp_view> parse(
      std::span<const std::byte> datagram, const pseudo_header& pseudo,
      checksum_check check = checksum_check::verify) noexcept {
    if (datagram.size() < udp_header::size()) return std::unexpected{parse_error::truncated};
    const std::size_t length = load_be16(&datagram[4]);
    if (length < udp_header::size()) return std::unexpected{parse_error::malformed};
    if (length > datagram.size()) return std::unexpected{parse_error::truncated};
    const udp_view view{datagram.first(length)};
    if (check == checksum_check::verify && !view.checksum_is_correct(pseudo)) {
      return std::unexpected{parse_error::bad_checksum};
    }
    return view;
  }

  [[nodiscard]] constexpr std::uint16_t source_port() const noexcept {
    return load_be16(datagram_.data());
  }
  [[nodiscard]] constexpr std::uint16_t destination_port() const noexcept {
    return load_be16(&datagram_[2]);
  }
  [[nodiscard]] constexpr std::span<const std::byte> payload() const noexcept {
    return datagram_.subspan(udp_header::size());
  }

  [[nodiscard]] constexpr udp_header header() const noexcept {
    return {source_port(), destination_port()};
  }

 private:
  explicit constexpr udp_view(std::span<const std::byte> datagram) noexcept : datagram_{datagram} {}

  [[nodiscard]] constexpr bool checksum_is_correct(const pseudo_header& pseudo) const noexcept {
    if (load_be16(&datagram_[6]) == 0) return pseudo.version() == ip_version::v4;
    // The length in the pseudo-header is the datagram's own, not that of the IP payload.
    internet_sum sum = pseudo.sum(datagram_.size());
    sum.add(datagram_);
    return sum.folded() == 0xffff;
  }

  std::span<const std::byte> datagram_;
};

}  // namespace pentad::wire
