#pragma once

/// What hosts and routers say to each other about multicast groups: IGMP (RFC 1112 appendix I, RFC
/// 2236, RFC 3376) and MLD (RFC 2710, RFC 3810). MLD is IGMP with longer addresses inside ICMPv6,
/// so each message is one type here, whose IP version is that of its group.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "pentad/base/ip_address.hpp"
#include "pentad/base/ip_protocol.hpp"
#include "pentad/wire/checksum.hpp"
#include "pentad/wire/parse_error.hpp"

namespace pentad::wire {

/// Of IGMP in an IPv4 header; MLD is ICMPv6.
inline constexpr ip_protocol igmp_protocol{2};

/// Which protocol of a family it is. MLD has no first one: MLDv1 is the second, MLDv2 the third.
enum class group_protocol : std::uint8_t { first = 1, second = 2, third = 3 };

/// Addresses one after the other, as they lie in a message.
class address_list {
 public:
  constexpr address_list() noexcept = default;
  constexpr address_list(ip_version version, std::span<const std::byte> bytes) noexcept
      : version_{version}, bytes_{bytes} {}

  [[nodiscard]] constexpr std::size_t size() const noexcept {
    return bytes_.size() / address_size();
  }
  [[nodiscard]] ip_address operator[](std::size_t index) const noexcept;

 private:
  [[nodiscard]] constexpr std::size_t address_size() const noexcept {
    return version_ == ip_version::v4 ? 4 : 16;
  }

  ip_version version_ = ip_version::v4;
  std::span<const std::byte> bytes_;
};

/// A router asks which groups are heard: all of them, whether one is, or whether one is from some
/// sources (RFC 3376 section 4.1, RFC 3810 section 5.1).
struct group_query {
  group_protocol protocol = group_protocol::third;
  ip_address group;  ///< unspecified: a general query
  std::chrono::milliseconds response_time{10'000};
  bool suppress = false;              ///< other routers should not refresh their timers
  std::uint8_t robustness = 0;        ///< of the router; 0 says nothing
  std::chrono::seconds interval{0};   ///< between general queries; 0 says nothing
  std::span<const ip_address> asked;  ///< sources to write
  address_list sources;               ///< sources that were read

  [[nodiscard]] std::size_t size() const noexcept;
  /// The whole message with its checksum; `pseudo` is the sum of the pseudo-header of MLD.
  void emit(std::span<std::byte> out, internet_sum pseudo = {}) const noexcept;

  /// `message` is the payload of the IP packet; its checksum is not looked at. Errors: `truncated`;
  /// `malformed`, not the group of anything; `unsupported`, no query.
  [[nodiscard]] static parsed<group_query> parse(ip_version version,
                                                 std::span<const std::byte> message) noexcept;
};

/// What hosts said before reports had records: they hear one group, or have left it (RFC 2236
/// section 2, RFC 2710 section 3).
struct group_notice {
  enum class kind : std::uint8_t { heard, left };
  kind what = kind::heard;
  group_protocol protocol = group_protocol::second;  ///< there is no `left` in the first
  ip_address group;

  [[nodiscard]] std::size_t size() const noexcept { return group.is_v4() ? 8 : 24; }
  void emit(std::span<std::byte> out, internet_sum pseudo = {}) const noexcept;

  /// Errors as above; `unsupported`, none of these.
  [[nodiscard]] static parsed<group_notice> parse(ip_version version,
                                                  std::span<const std::byte> message) noexcept;

  friend constexpr bool operator==(const group_notice&, const group_notice&) noexcept = default;
};

/// RFC 3376 section 4.2.12, RFC 3810 section 5.2.12.
enum class group_record_type : std::uint8_t {
  is_include = 1,  ///< heard are the sources in the record
  is_exclude = 2,  ///< heard are all sources but those in the record
  to_include = 3,  ///< the same, and before it was the other way
  to_exclude = 4,
  allow_new = 5,  ///< further sources are heard
  block_old = 6,  ///< sources that are not heard any more
};

struct group_record {
  group_record_type type = group_record_type::is_include;
  ip_address group;
  std::span<const ip_address> sources;

  [[nodiscard]] std::size_t size() const noexcept;
};

/// A record that was read.
struct heard_record {
  group_record_type type;
  ip_address group;
  address_list sources;
};

/// A report of the third protocol, whose records are read one after the other.
class group_report_view {
 public:
  /// Errors: `truncated`; `unsupported`, no report with records.
  [[nodiscard]] static parsed<group_report_view> parse(ip_version version,
                                                       std::span<const std::byte> message) noexcept;

  /// How many are left.
  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  /// Takes the next one off; nothing when there are none.
  std::optional<heard_record> next() noexcept;

 private:
  group_report_view(ip_version version, std::size_t count,
                    std::span<const std::byte> records) noexcept
      : version_{version}, count_{count}, records_{records} {}

  ip_version version_;
  std::size_t count_;
  std::span<const std::byte> records_;
};

/// Bytes of a report before its records.
inline constexpr std::size_t group_report_header_size = 8;

/// Bytes of a record before its sources.
[[nodiscard]] constexpr std::size_t group_record_header_size(ip_version version) noexcept {
  return version == ip_version::v4 ? 8 : 20;
}

/// Bytes of a report of the third protocol with these records.
[[nodiscard]] std::size_t group_report_size(std::span<const group_record> records) noexcept;

/// Writes it, with its checksum. All groups and sources are of `version`.
void emit_group_report(std::span<std::byte> out, ip_version version,
                       std::span<const group_record> records, internet_sum pseudo = {}) noexcept;

/// 224.0.0.22 or ff02::16, where reports with records go (RFC 3376 section 4.2.14, RFC 3810 section
/// 5.2.14).
[[nodiscard]] ip_address report_destination(ip_version version) noexcept;

/// 224.0.0.2 or ff02::2, where it is said that a group was left (RFC 2236 section 3, RFC 2710
/// section 4).
[[nodiscard]] ip_address leave_destination(ip_version version) noexcept;

}  // namespace pentad::wire
