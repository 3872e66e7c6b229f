#include "pentad/wire/group_messages.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

#include "pentad/base/byte_order.hpp"
#include "pentad/wire/address_bytes.hpp"
#include "pentad/wire/icmpv6.hpp"
#include "pentad/wire/multicast.hpp"

namespace pentad::wire {

namespace {

enum class igmp_type : std::uint8_t {
  query = 0x11,
  report_v1 = 0x12,
  report_v2 = 0x16,
  leave = 0x17,
  report_v3 = 0x22,
};

constexpr std::size_t checksum_at = 2;

constexpr std::size_t address_size(ip_version version) noexcept {
  return version == ip_version::v4 ? 4 : 16;
}

/// Where the group of a query or a notice lies: MLD has two bytes of time and two more before it.
constexpr std::size_t group_at(ip_version version) noexcept {
  return version == ip_version::v4 ? 4 : 8;
}

/// Bytes of a query or a notice that has nothing behind its group.
constexpr std::size_t short_size(ip_version version) noexcept {
  return group_at(version) + address_size(version);
}

/// What the third protocol adds to a query before its sources.
constexpr std::size_t query_extension = 4;

ip_address load_address(ip_version version, const std::byte* from) noexcept {
  return version == ip_version::v4 ? load_v4(from) : load_v6(from);
}

std::byte type_of(ip_version version, igmp_type v4, icmpv6_type v6) noexcept {
  return version == ip_version::v4 ? static_cast<std::byte>(v4) : static_cast<std::byte>(v6);
}

void end_message(std::span<std::byte> message, internet_sum pseudo) noexcept {
  pseudo.add(message);
  store_be16(&message[checksum_at], pseudo.checksum());
}

/// A number in a few bits: a mantissa of `bits` bits with a leading one that is not written, an
/// exponent of three, and a mark that it is one (RFC 3376 section 4.1.1, RFC 3810 section 5.1.3).
constexpr std::uint32_t decode(std::uint32_t code, unsigned bits) noexcept {
  const std::uint32_t mark = 1U << (bits + 3);
  if (code < mark) return code;
  const std::uint32_t mantissa = code & ((1U << bits) - 1);
  return (mantissa | 1U << bits) << ((code >> bits & 7) + 3);
}

/// The largest code that is not more than `value`.
constexpr std::uint32_t encode(std::uint64_t value, unsigned bits) noexcept {
  const std::uint32_t mark = 1U << (bits + 3);
  if (value < mark) return static_cast<std::uint32_t>(value);
  const auto exponent = static_cast<unsigned>(std::bit_width(value)) - 1 - bits - 3;
  if (exponent > 7) return 2 * mark - 1;
  const auto mantissa = static_cast<std::uint32_t>(value >> (exponent + 3)) & ((1U << bits) - 1);
  return mark | exponent << bits | mantissa;
}

constexpr unsigned bits_of_byte = 4;
constexpr unsigned bits_of_word = 12;

/// The times of IGMP are in tenths of a second, those of MLD in milliseconds.
std::chrono::milliseconds response_time(ip_version version, group_protocol protocol,
                                        std::span<const std::byte> message) noexcept {
  using std::chrono::milliseconds;
  const bool is_float = protocol == group_protocol::third;
  if (version == ip_version::v6) {
    const std::uint32_t code = load_be16(&message[4]);
    return milliseconds{is_float ? decode(code, bits_of_word) : code};
  }
  if (protocol == group_protocol::first) return milliseconds{10'000};  // RFC 2236 section 4
  const auto code = std::to_integer<std::uint32_t>(message[1]);
  return milliseconds{100 * (is_float ? decode(code, bits_of_byte) : code)};
}

void store_response_time(std::span<std::byte> message, const group_query& query) noexcept {
  const auto time =
      static_cast<std::uint64_t>(std::max<std::int64_t>(query.response_time.count(), 0));
  const bool is_float = query.protocol == group_protocol::third;
  if (query.group.is_v6()) {
    const std::uint64_t code =
        is_float ? encode(time, bits_of_word) : std::min<std::uint64_t>(time, 0xffff);
    store_be16(&message[4], static_cast<std::uint16_t>(code));
  } else if (query.protocol != group_protocol::first) {
    const std::uint64_t tenths = time / 100;
    const std::uint64_t code =
        is_float ? encode(tenths, bits_of_byte) : std::min<std::uint64_t>(tenths, 0xff);
    message[1] = static_cast<std::byte>(code);
  }
}

/// RFC 3376 section 7.1, RFC 3810 section 8.1: lengths tell the protocols apart.
std::optional<group_protocol> protocol_of_query(ip_version version,
                                                std::span<const std::byte> message) noexcept {
  const std::size_t brief = short_size(version);
  if (message.size() >= brief + query_extension) return group_protocol::third;
  if (message.size() != brief) return std::nullopt;
  const bool is_first = version == ip_version::v4 && message[1] == std::byte{0};
  return is_first ? group_protocol::first : group_protocol::second;
}

}  // namespace

ip_address address_list::operator[](std::size_t index) const noexcept {
  return load_address(version_, &bytes_[index * address_size()]);
}

std::size_t group_query::size() const noexcept {
  const std::size_t brief = short_size(group.version());
  if (protocol != group_protocol::third) return brief;
  return brief + query_extension + asked.size() * address_size(group.version());
}

void group_query::emit(std::span<std::byte> out, internet_sum pseudo) const noexcept {
  const ip_version version = group.version();
  const std::span<std::byte> message = out.first(size());
  std::ranges::fill(message, std::byte{0});
  message[0] = type_of(version, igmp_type::query, icmpv6_type::listener_query);
  store_response_time(message, *this);
  store_address(&message[group_at(version)], group);
  if (protocol == group_protocol::third) {
    std::span<std::byte> rest = message.subspan(short_size(version));
    rest[0] = std::byte{static_cast<std::uint8_t>((suppress ? 8 : 0) | (robustness & 7))};
    rest[1] =
        static_cast<std::byte>(encode(static_cast<std::uint64_t>(interval.count()), bits_of_byte));
    store_be16(&rest[2], static_cast<std::uint16_t>(asked.size()));
    rest = rest.subspan(query_extension);
    for (const ip_address& each : asked) {
      store_address(rest.data(), each);
      rest = rest.subspan(address_size(version));
    }
  }
  end_message(message, pseudo);
}

parsed<group_query> group_query::parse(ip_version version,
                                       std::span<const std::byte> message) noexcept {
  if (message.size() < short_size(version)) return std::unexpected{parse_error::truncated};
  if (message[0] != type_of(version, igmp_type::query, icmpv6_type::listener_query)) {
    return std::unexpected{parse_error::unsupported};
  }
  const auto protocol = protocol_of_query(version, message);
  if (!protocol) return std::unexpected{parse_error::malformed};
  group_query query;
  query.protocol = *protocol;
  query.group = load_address(version, &message[group_at(version)]);
  if (query.protocol == group_protocol::first) query.group = ip_address::any(version);
  if (!query.group.is_unspecified() && !query.group.is_multicast()) {
    return std::unexpected{parse_error::malformed};
  }
  query.response_time = wire::response_time(version, query.protocol, message);
  if (query.protocol != group_protocol::third) return query;

  const std::span<const std::byte> rest = message.subspan(short_size(version));
  const std::size_t sources = load_be16(&rest[2]) * address_size(version);
  if (sources > rest.size() - query_extension) return std::unexpected{parse_error::truncated};
  if (sources != 0 && query.group.is_unspecified()) return std::unexpected{parse_error::malformed};
  query.suppress = (rest[0] & std::byte{8}) != std::byte{0};
  query.robustness = std::to_integer<std::uint8_t>(rest[0] & std::byte{7});
  query.interval =
      std::chrono::seconds{decode(std::to_integer<std::uint32_t>(rest[1]), bits_of_byte)};
  query.sources = {version, rest.subspan(query_extension, sources)};
  return query;
}

void group_notice::emit(std::span<std::byte> out, internet_sum pseudo) const noexcept {
  const ip_version version = group.version();
  const igmp_type heard =
      protocol == group_protocol::first ? igmp_type::report_v1 : igmp_type::report_v2;
  const std::span<std::byte> message = out.first(size());
  std::ranges::fill(message, std::byte{0});
  message[0] = what == kind::left ? type_of(version, igmp_type::leave, icmpv6_type::listener_done)
                                  : type_of(version, heard, icmpv6_type::listener_report);
  store_address(&message[group_at(version)], group);
  end_message(message, pseudo);
}

parsed<group_notice> group_notice::parse(ip_version version,
                                         std::span<const std::byte> message) noexcept {
  if (message.size() < short_size(version)) return std::unexpected{parse_error::truncated};
  const std::byte type = message[0];
  group_notice notice;
  if (type == type_of(version, igmp_type::leave, icmpv6_type::listener_done)) {
    notice.what = kind::left;
  } else if (version == ip_version::v4 && type == static_cast<std::byte>(igmp_type::report_v1)) {
    notice.protocol = group_protocol::first;
  } else if (type != type_of(version, igmp_type::report_v2, icmpv6_type::listener_report)) {
    return std::unexpected{parse_error::unsupported};
  }
  notice.group = load_address(version, &message[group_at(version)]);
  if (!notice.group.is_multicast()) return std::unexpected{parse_error::malformed};
  return notice;
}

std::size_t group_record::size() const noexcept {
  const ip_version version = group.version();
  return group_record_header_size(version) + sources.size() * address_size(version);
}

parsed<group_report_view> group_report_view::parse(ip_version version,
                                                   std::span<const std::byte> message) noexcept {
  if (message.size() < group_report_header_size) return std::unexpected{parse_error::truncated};
  if (message[0] != type_of(version, igmp_type::report_v3, icmpv6_type::listener_report_v2)) {
    return std::unexpected{parse_error::unsupported};
  }
  const std::size_t count = load_be16(&message[6]);
  const group_report_view whole{version, count, message.subspan(group_report_header_size)};
  group_report_view walked = whole;
  while (walked.next()) {
  }
  if (walked.size() != 0) return std::unexpected{parse_error::truncated};
  return whole;
}

std::optional<heard_record> group_report_view::next() noexcept {
  const std::size_t header = group_record_header_size(version_);
  if (count_ == 0 || records_.size() < header) return std::nullopt;
  const std::size_t sources = load_be16(&records_[2]) * address_size(version_);
  const std::size_t auxiliary = std::to_integer<std::size_t>(records_[1]) * 4;
  if (records_.size() - header < sources + auxiliary) return std::nullopt;
  const heard_record record{.type = static_cast<group_record_type>(records_[0]),
                            .group = load_address(version_, &records_[4]),
                            .sources = {version_, records_.subspan(header, sources)}};
  records_ = records_.subspan(header + sources + auxiliary);
  --count_;
  return record;
}

std::size_t group_report_size(std::span<const group_record> records) noexcept {
  std::size_t size = group_report_header_size;
  for (const group_record& each : records) size += each.size();
  return size;
}

void emit_group_report(std::span<std::byte> out, ip_version version,
                       std::span<const group_record> records, internet_sum pseudo) noexcept {
  const std::span<std::byte> message = out.first(group_report_size(records));
  std::ranges::fill(message, std::byte{0});
  message[0] = type_of(version, igmp_type::report_v3, icmpv6_type::listener_report_v2);
  store_be16(&message[6], static_cast<std::uint16_t>(records.size()));
  std::span<std::byte> rest = message.subspan(group_report_header_size);
  for (const group_record& each : records) {
    assert(each.group.version() == version);
    rest[0] = static_cast<std::byte>(each.type);
    store_be16(&rest[2], static_cast<std::uint16_t>(each.sources.size()));
    store_address(&rest[4], each.group);
    std::size_t at = group_record_header_size(version);
    for (const ip_address& source : each.sources) {
      store_address(&rest[at], source);
      at += address_size(version);
    }
    rest = rest.subspan(each.size());
  }
  end_message(message, pseudo);
}

ip_address report_destination(ip_version version) noexcept {
  if (version == ip_version::v4) return ip_address::v4(224, 0, 0, 22);
  std::array<std::byte, 16> bytes{std::byte{0xff}, std::byte{0x02}};
  bytes[15] = std::byte{0x16};
  return ip_address::v6(bytes);
}

ip_address leave_destination(ip_version version) noexcept {
  return version == ip_version::v4 ? ip_address::v4(224, 0, 0, 2) : all_routers();
}

}  // namespace pentad::wire
