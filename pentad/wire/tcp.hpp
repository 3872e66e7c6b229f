#pragma once

/// The header of TCP segments (RFC 9293 section 3.1).

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "pentad/base/byte_order.hpp"
#include "pentad/wire/checksum.hpp"
#include "pentad/wire/parse_error.hpp"
#include "pentad/wire/pseudo_header.hpp"
#include "pentad/wire/summed_header.hpp"
#include "pentad/wire/tcp_flags.hpp"
#include "pentad/wire/tcp_options.hpp"
#include "pentad/wire/tcp_sequence.hpp"

namespace pentad::wire {

namespace detail {

/// What comes before the checksum.
template <class Header>
constexpr void put_tcp_fields(const Header& from, std::size_t header_size,
                              summed_header& to) noexcept {
  to.put_be16(0, from.source_port);
  to.put_be16(2, from.destination_port);
  to.put_be32(4, from.sequence.number());
  to.put_be32(8, from.acknowledgment.number());
  to.put_be16(12, static_cast<std::uint16_t>(header_size / 4 << 12 | from.flags.bits()));
  to.put_be16(14, from.window);
}

}  // namespace detail

struct tcp_header {
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  tcp_sequence sequence;
  tcp_sequence acknowledgment;  ///< means something if `flags` has `tcp_ack`
  tcp_flags flags;
  std::uint16_t window = 0;          ///< as on the wire, without the scale
  std::uint16_t urgent_pointer = 0;  ///< means something if `flags` has `tcp_urg`
  tcp_options options;

  /// Without options.
  static constexpr std::size_t least_size = 20;
  /// With as many options as there can be.
  static constexpr std::size_t largest_size = least_size + tcp_options::capacity;

  [[nodiscard]] std::size_t size() const noexcept { return least_size + options.size(); }

  /// `payload` is the sum of what follows the header and gives its length too.
  void emit(std::span<std::byte> out, const pseudo_header& pseudo,
            const internet_sum& payload) const noexcept {
    const std::size_t header_size = size();
    internet_sum sum = emit_without_checksum(out, header_size);
    sum.add_header(out.first(header_size).subspan(least_size));
    sum.add(pseudo.sum(header_size + payload.size()));
    sum.add(payload);
    store_be16(&out[16], sum.checksum());
  }

  /// For an interface that completes the checksum: the field holds the sum of the pseudo-header, to
  /// which it adds header and payload.
  void emit_for_offload(std::span<std::byte> out, const pseudo_header& pseudo,
                        std::size_t payload_size) const noexcept {
    const std::size_t header_size = size();
    emit_without_checksum(out, header_size);
    store_be16(&out[16], pseudo.sum(header_size + payload_size).folded());
  }

  friend constexpr bool operator==(const tcp_header&, const tcp_header&) noexcept = default;

 private:
  // All but the checksum; returns the sum of what is no option.
  internet_sum emit_without_checksum(std::span<std::byte> out,
                                     std::size_t header_size) const noexcept {
    assert(header_size <= largest_size && out.size() >= header_size);
    internet_sum sum;
    summed_header header(out, sum);
    detail::put_tcp_fields(*this, header_size, header);
    header.put_be16(18, urgent_pointer);
    options.emit(out.subspan(least_size));
    return sum;
  }
};

/// The header of a segment whose only option can be timestamps, as that of nearly all segments.
struct plain_tcp_header {
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  tcp_sequence sequence;
  tcp_sequence acknowledgment;  ///< means something if `flags` has `tcp_ack`
  tcp_flags flags;
  std::uint16_t window = 0;  ///< as on the wire, without the scale
  std::optional<tcp_timestamps> timestamps;

  /// Without options.
  static constexpr std::size_t least_size = 20;
  /// With the option.
  static constexpr std::size_t largest_size = least_size + tcp_timestamps::size;

  [[nodiscard]] constexpr std::size_t size() const noexcept {
    return least_size + (timestamps ? tcp_timestamps::size : 0);
  }

  /// `payload` is the sum of what follows the header and gives its length too.
  void emit(std::span<std::byte> out, const pseudo_header& pseudo,
            const internet_sum& payload) const noexcept {
    internet_sum sum = emit_without_checksum(out);
    sum.add(pseudo.sum(size() + payload.size()));
    sum.add(payload);
    store_be16(&out[16], sum.checksum());
  }

  /// For an interface that completes the checksum: the field holds the sum of the pseudo-header, to
  /// which it adds header and payload.
  void emit_for_offload(std::span<std::byte> out, const pseudo_header& pseudo,
                        std::size_t payload_size) const noexcept {
    emit_without_checksum(out);
    store_be16(&out[16], pseudo.sum(size() + payload_size).folded());
  }

 private:
  internet_sum emit_without_checksum(std::span<std::byte> out) const noexcept {
    assert(out.size() >= size());
    internet_sum sum;
    summed_header header(out, sum);
    detail::put_tcp_fields(*this, size(), header);
    header.put_be16(18, 0);  // the urgent pointer
    if (!timestamps) return sum;
    header.put_be32(20, tcp_timestamps::padded_head);
    header.put_be32(24, timestamps->value);
    header.put_be32(28, timestamps->echo_reply);
    return sum;
  }
};

/// The header of segments in a row, which differ in their sequence numbers, flags and payloads:
/// what they have in common is written and summed once.
class tcp_row_header {
 public:
  /// `first` is that of the first segment.
  tcp_row_header(const plain_tcp_header& first, const pseudo_header& pseudo) noexcept
      : size_(static_cast<std::uint8_t>(first.size())) {
    plain_tcp_header common = first;
    common.sequence = {};
    common.flags = {};
    common.emit(bytes_, pseudo, {});
    // The length of the payload comes on top, as it does with that of the pseudo-header.
    common_ = static_cast<std::uint16_t>(~load_be16(&bytes_[16]));
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// `payload` is the sum of what follows the header and gives its length too.
  void emit(std::span<std::byte> out, tcp_sequence sequence, tcp_flags flags,
            const internet_sum& payload) const noexcept {
    assert(out.size() >= size_);
    if (size_ == plain_tcp_header::least_size) {
      std::memcpy(out.data(), bytes_.data(), plain_tcp_header::least_size);
    } else {
      std::memcpy(out.data(), bytes_.data(), plain_tcp_header::largest_size);
    }
    internet_sum sum;
    sum.add_be16(common_);
    summed_header header(out, sum);
    header.put_be32(4, sequence.number());
    out[13] = static_cast<std::byte>(flags.bits());
    sum.add_be16(flags.bits());
    sum.add_be32(static_cast<std::uint32_t>(payload.size()));
    sum.add(payload);
    store_be16(&out[16], sum.checksum());
  }

 private:
  std::array<std::byte, plain_tcp_header::largest_size> bytes_;
  std::uint16_t common_ = 0;  // the sum of bytes_ and of the pseudo-header
  std::uint8_t size_;
};

class tcp_view {
 public:
  /// `segment` is the payload of the IP packet.
  /// Errors: `truncated`; `malformed`, a data offset inside the fixed header; `bad_checksum`.
  [[nodiscard]] static constexpr parsed<tcp_view> parse(
      std::span<const std::byte> segment, const pseudo_header& pseudo,
      checksum_check check = checksum_check::verify) noexcept {
    if (segment.size() < tcp_header::least_size) return std::unexpected{parse_error::truncated};
    const tcp_view view{segment};
    if (view.header_size() < tcp_header::least_size) {
      return std::unexpected{parse_error::malformed};
    }
    if (view.header_size() > segment.size()) return std::unexpected{parse_error::truncated};
    if (check == checksum_check::verify && !view.checksum_is_correct(pseudo)) {
      return std::unexpected{parse_error::bad_checksum};
    }
    return view;
  }

  [[nodiscard]] constexpr std::uint16_t source_port() const noexcept {
    return load_be16(segment_.data());
  }
  [[nodiscard]] constexpr std::uint16_t destination_port() const noexcept {
    return load_be16(&segment_[2]);
  }
  [[nodiscard]] constexpr tcp_sequence sequence() const noexcept {
    return tcp_sequence{load_be32(&segment_[4])};
  }
  /// Means something if `flags()` has `tcp_ack`.
  [[nodiscard]] constexpr tcp_sequence acknowledgment() const noexcept {
    return tcp_sequence{load_be32(&segment_[8])};
  }
  [[nodiscard]] constexpr tcp_flags flags() const noexcept {
    return tcp_flags{std::to_integer<std::uint8_t>(segment_[13])};
  }
  /// As on the wire, without the scale.
  [[nodiscard]] constexpr std::uint16_t window() const noexcept { return load_be16(&segment_[14]); }
  /// Means something if `flags()` has `tcp_urg`.
  [[nodiscard]] constexpr std::uint16_t urgent_pointer() const noexcept {
    return load_be16(&segment_[18]);
  }

  /// Read anew at each call.
  [[nodiscard]] tcp_options options() const noexcept {
    return tcp_options::parse(segment_.first(header_size()).subspan(tcp_header::least_size));
  }

  [[nodiscard]] constexpr std::size_t header_size() const noexcept {
    return std::to_integer<std::size_t>(segment_[12] >> 4) * 4;
  }
  [[nodiscard]] constexpr std::span<const std::byte> payload() const noexcept {
    return segment_.subspan(header_size());
  }

  /// How many sequence numbers the segment takes: SYN and FIN count as a byte each (RFC 9293
  /// section 3.4).
  [[nodiscard]] constexpr std::uint32_t sequence_length() const noexcept {
    return static_cast<std::uint32_t>(payload().size()) + (flags().has(tcp_syn) ? 1U : 0U) +
           (flags().has(tcp_fin) ? 1U : 0U);
  }

  [[nodiscard]] tcp_header header() const noexcept {
    return {.source_port = source_port(),
            .destination_port = destination_port(),
            .sequence = sequence(),
            .acknowledgment = acknowledgment(),
            .flags = flags(),
            .window = window(),
            .urgent_pointer = urgent_pointer(),
            .options = options()};
  }

 private:
  explicit constexpr tcp_view(std::span<const std::byte> segment) noexcept : segment_{segment} {}

  [[nodiscard]] constexpr bool checksum_is_correct(const pseudo_header& pseudo) const noexcept {
    internet_sum sum = pseudo.sum(segment_.size());
    sum.add(segment_);
    return sum.folded() == 0xffff;
  }

  std::span<const std::byte> segment_;
};

}  // namespace pentad::wire
