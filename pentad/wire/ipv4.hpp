#pragma once

/// The header of IPv4 packets (RFC 791).

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

#include "pentad/base/byte_order.hpp"
#include "pentad/base/ip_address.hpp"
#include "pentad/base/ip_protocol.hpp"
#include "pentad/wire/address_bytes.hpp"
#include "pentad/wire/checksum.hpp"
#include "pentad/wire/ip_ecn.hpp"
#include "pentad/wire/parse_error.hpp"
#include "pentad/wire/summed_header.hpp"

namespace pentad::wire {

/// A header without options.
struct ipv4_header {
  ip_address source;
  ip_address destination;
  ip_protocol protocol = ip_protocol::tcp;
  std::uint8_t time_to_live = 64;
  std::uint8_t traffic_class = 0;  ///< the field once called type of service, with ECN
  std::uint16_t identification = 0;
  std::uint16_t fragment_offset = 0;  ///< in bytes, a multiple of 8
  bool dont_fragment = false;
  bool more_fragments = false;
  std::uint16_t payload_size = 0;  ///< in bytes, at most 65,515

  static constexpr std::uint16_t dont_fragment_bit = 0x4000;
  static constexpr std::uint16_t more_fragments_bit = 0x2000;

  [[nodiscard]] static constexpr std::size_t size() noexcept { return 20; }

  /// With its checksum.
  constexpr void emit(std::span<std::byte> out) const noexcept {
    assert(out.size() >= size() && source.is_v4() && destination.is_v4());
    assert(payload_size <= UINT16_MAX - size() && fragment_offset % 8 == 0);
    constexpr std::uint16_t version_and_words = 0x4500;
    const auto length = static_cast<std::uint16_t>(size() + payload_size);
    const auto fragment =
        static_cast<std::uint16_t>((dont_fragment ? dont_fragment_bit : 0) |
                                   (more_fragments ? more_fragments_bit : 0) | fragment_offset / 8);
    const auto life_and_protocol =
        static_cast<std::uint16_t>(time_to_live << 8 | static_cast<std::uint8_t>(protocol));
    internet_sum sum;
    summed_header header(out, sum);
    header.put_be16(0, version_and_words | traffic_class);
    header.put_be16(2, length);
    header.put_be16(4, identification);
    header.put_be16(6, fragment);
    header.put_be16(8, life_and_protocol);
    header.put_be32(12, load_be32(source.bytes().data()));
    header.put_be32(16, load_be32(destination.bytes().data()));
    store_be16(&out[10], sum.checksum());
  }

  friend constexpr bool operator==(const ipv4_header&, const ipv4_header&) noexcept = default;
};

class ipv4_view {
 public:
  /// `packet` may be longer than the packet says of itself, as a padded Ethernet frame is.
  /// Errors: `truncated`; `malformed`, another version, lengths that contradict each other, options
  /// that do not end where they should; `bad_checksum`, of the header.
  [[nodiscard]] static constexpr parsed<ipv4_view> parse(
      std::span<const std::byte> packet, checksum_check check = checksum_check::verify) noexcept {
    const auto view = parse_header(packet);
    if (!view) return view;
    if (view->total_length() > packet.size()) return std::unexpected{parse_error::truncated};
    // RFC 1122 section 3.2.1.2: a host must verify the checksum and discard silently.
    if (check == checksum_check::verify && !view->checksum_is_correct()) {
      return std::unexpected{parse_error::bad_checksum};
    }
    return ipv4_view{packet.first(view->total_length())};
  }

  /// A packet as ICMP errors quote it: whole header, as much of the payload as was quoted (RFC 792,
  /// RFC 1812 section 4.3.2.3), and a checksum that a router may not have brought up to date.
  /// Errors: `truncated` and `malformed` as above.
  [[nodiscard]] static constexpr parsed<ipv4_view> parse_quoted(
      std::span<const std::byte> packet) noexcept {
    auto view = parse_header(packet);
    if (view && view->total_length() < packet.size()) {
      view->packet_ = packet.first(view->total_length());
    }
    return view;
  }

  [[nodiscard]] constexpr ip_address source() const noexcept { return load_v4(&packet_[12]); }
  [[nodiscard]] constexpr ip_address destination() const noexcept { return load_v4(&packet_[16]); }
  [[nodiscard]] constexpr ip_protocol protocol() const noexcept {
    return static_cast<ip_protocol>(packet_[9]);
  }
  [[nodiscard]] constexpr std::uint8_t time_to_live() const noexcept {
    return std::to_integer<std::uint8_t>(packet_[8]);
  }
  [[nodiscard]] constexpr std::uint8_t traffic_class() const noexcept {
    return std::to_integer<std::uint8_t>(packet_[1]);
  }
  [[nodiscard]] constexpr ip_ecn ecn() const noexcept { return ecn_of(traffic_class()); }
  [[nodiscard]] constexpr std::uint16_t identification() const noexcept {
    return load_be16(&packet_[4]);
  }
  [[nodiscard]] constexpr bool dont_fragment() const noexcept {
    return (load_be16(&packet_[6]) & ipv4_header::dont_fragment_bit) != 0;
  }
  [[nodiscard]] constexpr bool more_fragments() const noexcept {
    return (load_be16(&packet_[6]) & ipv4_header::more_fragments_bit) != 0;
  }

  /// In bytes.
  [[nodiscard]] constexpr std::uint16_t fragment_offset() const noexcept {
    return static_cast<std::uint16_t>((load_be16(&packet_[6]) & 0x1fff) * 8);
  }

  /// Whether this is a part of a packet that has to be put together first.
  [[nodiscard]] constexpr bool is_fragment() const noexcept {
    return more_fragments() || fragment_offset() != 0;
  }

  [[nodiscard]] constexpr std::size_t header_size() const noexcept {
    return (std::to_integer<std::size_t>(packet_[0]) & 0xf) * 4;
  }

  /// Of header and payload as the header says. A quoted packet can be shorter.
  [[nodiscard]] constexpr std::uint16_t total_length() const noexcept {
    return load_be16(&packet_[2]);
  }

  /// Whether the sender chose the packet's way, by a loose or strict source route. Such packets are
  /// best dropped (RFC 7126 sections 4.3 and 4.4).
  [[nodiscard]] constexpr bool has_source_route() const noexcept {
    return survey(options()).source_route;
  }

  /// Whether routers on its way had to look at it (RFC 2113).
  [[nodiscard]] constexpr bool has_router_alert() const noexcept {
    return survey(options()).router_alert;
  }

  static constexpr std::uint8_t router_alert_option = 148;

  [[nodiscard]] constexpr std::span<const std::byte> options() const noexcept {
    return packet_.subspan(ipv4_header::size(), header_size() - ipv4_header::size());
  }

  /// Without the padding of the frame.
  [[nodiscard]] constexpr std::span<const std::byte> payload() const noexcept {
    return packet_.subspan(header_size());
  }

  /// Header and payload, without the padding of the frame.
  [[nodiscard]] constexpr std::span<const std::byte> bytes() const noexcept { return packet_; }

  /// Without the options.
  [[nodiscard]] constexpr ipv4_header header() const noexcept {
    return {.source = source(),
            .destination = destination(),
            .protocol = protocol(),
            .time_to_live = time_to_live(),
            .traffic_class = traffic_class(),
            .identification = identification(),
            .fragment_offset = fragment_offset(),
            .dont_fragment = dont_fragment(),
            .more_fragments = more_fragments(),
            .payload_size = static_cast<std::uint16_t>(total_length() - header_size())};
  }

 private:
  explicit constexpr ipv4_view(std::span<const std::byte> packet) noexcept : packet_{packet} {}

  [[nodiscard]] static constexpr parsed<ipv4_view> parse_header(
      std::span<const std::byte> packet) noexcept {
    if (packet.size() < ipv4_header::size()) return std::unexpected{parse_error::truncated};
    const ipv4_view view{packet};
    if ((packet[0] >> 4) != std::byte{4} || view.header_size() < ipv4_header::size() ||
        view.total_length() < view.header_size()) {
      return std::unexpected{parse_error::malformed};
    }
    if (view.header_size() > packet.size()) return std::unexpected{parse_error::truncated};
    const bool has_options = view.header_size() != ipv4_header::size();
    if (has_options && !survey(view.options()).well_formed) {
      return std::unexpected{parse_error::malformed};
    }
    return view;
  }

  struct options_survey {
    bool well_formed = true;
    bool source_route = false;
    bool router_alert = false;
  };

  /// Options are a byte that stands alone, or a type, a length that counts both, and a value (RFC
  /// 791 page 15).
  [[nodiscard]] static constexpr options_survey survey(
      std::span<const std::byte> options) noexcept {
    constexpr std::byte end_of_list{0};
    constexpr std::byte no_operation{1};
    constexpr std::byte loose_source_route{131};
    constexpr std::byte strict_source_route{137};
    options_survey found;
    while (!options.empty() && options[0] != end_of_list) {
      std::size_t length = 1;
      if (options[0] != no_operation) {
        length = options.size() < 2 ? 0 : std::to_integer<std::size_t>(options[1]);
        if (length < 2 || length > options.size()) {
          found.well_formed = false;
          break;
        }
      }
      if (options[0] == loose_source_route || options[0] == strict_source_route) {
        found.source_route = true;
      }
      if (options[0] == std::byte{router_alert_option}) found.router_alert = true;
      options = options.subspan(length);
    }
    return found;
  }

  [[nodiscard]] constexpr bool checksum_is_correct() const noexcept {
    internet_sum sum;
    sum.add_header(packet_.first(header_size()));
    return sum.folded() == 0xffff;
  }

  std::span<const std::byte> packet_;
};

}  // namespace pentad::wire
