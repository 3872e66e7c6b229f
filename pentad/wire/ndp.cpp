#include "pentad/wire/ndp.hpp"

#include <algorithm>
#include <cassert>

#include "pentad/base/byte_order.hpp"
#include "pentad/wire/address_bytes.hpp"
#include "pentad/wire/checksum.hpp"
#include "pentad/wire/multicast.hpp"

namespace pentad::wire {

namespace {

// Lengths without options, ICMP header included.
constexpr std::size_t router_solicitation_size = 8;
constexpr std::size_t router_advertisement_size = 16;
constexpr std::size_t neighbor_size = 24;  // solicitation and advertisement

constexpr std::byte router_bit{0x80};
constexpr std::byte solicited_bit{0x40};
constexpr std::byte override_bit{0x20};

constexpr std::byte managed_bit{0x80};
constexpr std::byte other_configuration_bit{0x40};
constexpr unsigned preference_shift = 3;

/// RFC 4191 section 2.2: what is reserved is medium, and so is that of no default router.
router_preference preference_of(std::byte flags, std::uint16_t lifetime) noexcept {
  const auto bits = std::to_integer<std::uint8_t>(flags >> preference_shift & std::byte{3});
  return bits == 2 || lifetime == 0 ? router_preference::medium
                                    : static_cast<router_preference>(bits);
}

bool is_set(std::byte flags, std::byte bit) noexcept { return (flags & bit) != std::byte{0}; }

/// The checks that all messages have in common (RFC 4861 sections 6.1.1, 6.1.2, 7.1.1, 7.1.2; RFC
/// 6980 section 5), and the options behind the first `fixed_size` bytes.
parsed<ndp_options> parse_common(const icmpv6_view& message, icmpv6_type type,
                                 const ndp_envelope& envelope, std::size_t fixed_size) noexcept {
  assert(message.type() == type);
  (void)type;
  if (envelope.hop_limit != ndp_hop_limit || message.code() != 0 || envelope.had_fragment_header) {
    return std::unexpected{parse_error::malformed};
  }
  if (message.bytes().size() < fixed_size) return std::unexpected{parse_error::truncated};
  return ndp_options::parse(message.bytes().subspan(fixed_size));
}

/// A node without an address has no link-layer address that anyone could answer to (RFC 4861
/// sections 4.1 and 4.3).
bool contradicts_source(const ndp_options& options, const ndp_envelope& envelope) noexcept {
  return envelope.source.is_unspecified() && options.source_link_layer.has_value();
}

/// Begins a message with zeros, writes its options, and gives it with room for the rest.
std::span<std::byte> begin_message(std::span<std::byte> out, icmpv6_type type,
                                   std::size_t fixed_size, const ndp_options& options) noexcept {
  const std::size_t size = fixed_size + options.size();
  assert(out.size() >= size);
  std::ranges::fill(out.first(fixed_size), std::byte{0});
  out[0] = static_cast<std::byte>(type);
  options.emit(out.subspan(fixed_size));
  return out.first(size);
}

void end_message(std::span<std::byte> message, const pseudo_header& pseudo) noexcept {
  internet_sum sum = pseudo.sum(message.size());
  sum.add(message);
  store_be16(&message[2], sum.checksum());
}

ndp_options options_of(const neighbor_solicitation& x) noexcept {
  return {
      .source_link_layer = x.source_link_layer, .target_link_layer = {}, .mtu = {}, .prefixes = {}};
}

ndp_options options_of(const neighbor_advertisement& x) noexcept {
  return {
      .source_link_layer = {}, .target_link_layer = x.target_link_layer, .mtu = {}, .prefixes = {}};
}

ndp_options options_of(const router_solicitation& x) noexcept {
  return {
      .source_link_layer = x.source_link_layer, .target_link_layer = {}, .mtu = {}, .prefixes = {}};
}

ndp_options options_of(const router_advertisement& x) noexcept {
  return {.source_link_layer = x.source_link_layer,
          .target_link_layer = {},
          .mtu = x.mtu,
          .prefixes = x.prefixes,
          .name_servers = x.name_servers,
          .search_domains = x.search_domains,
          .routes = x.routes};
}

}  // namespace

parsed<neighbor_solicitation> neighbor_solicitation::parse(const icmpv6_view& message,
                                                           const ndp_envelope& envelope) noexcept {
  const auto options =
      parse_common(message, icmpv6_type::neighbor_solicitation, envelope, neighbor_size);
  if (!options) return std::unexpected{options.error()};

  const neighbor_solicitation solicitation{load_v6(&message.bytes()[8]),
                                           options->source_link_layer};
  // RFC 4861 section 7.1.1: whoever has no address yet asks the solicited-node group.
  const bool misdirected =
      envelope.source.is_unspecified() && !is_solicited_node(envelope.destination);
  if (solicitation.target.is_multicast() || misdirected || contradicts_source(*options, envelope)) {
    return std::unexpected{parse_error::malformed};
  }
  return solicitation;
}

std::size_t neighbor_solicitation::size() const noexcept {
  return neighbor_size + options_of(*this).size();
}

void neighbor_solicitation::emit(std::span<std::byte> out,
                                 const pseudo_header& pseudo) const noexcept {
  const std::span<std::byte> message =
      begin_message(out, icmpv6_type::neighbor_solicitation, neighbor_size, options_of(*this));
  store_address(&message[8], target);
  end_message(message, pseudo);
}

parsed<neighbor_advertisement> neighbor_advertisement::parse(
    const icmpv6_view& message, const ndp_envelope& envelope) noexcept {
  const auto options =
      parse_common(message, icmpv6_type::neighbor_advertisement, envelope, neighbor_size);
  if (!options) return std::unexpected{options.error()};

  const std::byte flags = message.bytes()[4];
  const neighbor_advertisement advertisement{.target = load_v6(&message.bytes()[8]),
                                             .router = is_set(flags, router_bit),
                                             .solicited = is_set(flags, solicited_bit),
                                             .override_cached = is_set(flags, override_bit),
                                             .target_link_layer = options->target_link_layer};
  // RFC 4861 section 7.1.2: nobody solicits for a group.
  if (advertisement.target.is_multicast() ||
      (envelope.destination.is_multicast() && advertisement.solicited)) {
    return std::unexpected{parse_error::malformed};
  }
  return advertisement;
}

std::size_t neighbor_advertisement::size() const noexcept {
  return neighbor_size + options_of(*this).size();
}

void neighbor_advertisement::emit(std::span<std::byte> out,
                                  const pseudo_header& pseudo) const noexcept {
  const std::span<std::byte> message =
      begin_message(out, icmpv6_type::neighbor_advertisement, neighbor_size, options_of(*this));
  if (router) message[4] |= router_bit;
  if (solicited) message[4] |= solicited_bit;
  if (override_cached) message[4] |= override_bit;
  store_address(&message[8], target);
  end_message(message, pseudo);
}

parsed<router_solicitation> router_solicitation::parse(const icmpv6_view& message,
                                                       const ndp_envelope& envelope) noexcept {
  const auto options =
      parse_common(message, icmpv6_type::router_solicitation, envelope, router_solicitation_size);
  if (!options) return std::unexpected{options.error()};
  if (contradicts_source(*options, envelope)) return std::unexpected{parse_error::malformed};
  return router_solicitation{options->source_link_layer};
}

std::size_t router_solicitation::size() const noexcept {
  return router_solicitation_size + options_of(*this).size();
}

void router_solicitation::emit(std::span<std::byte> out,
                               const pseudo_header& pseudo) const noexcept {
  end_message(begin_message(out, icmpv6_type::router_solicitation, router_solicitation_size,
                            options_of(*this)),
              pseudo);
}

parsed<router_advertisement> router_advertisement::parse(const icmpv6_view& message,
                                                         const ndp_envelope& envelope) noexcept {
  const auto options =
      parse_common(message, icmpv6_type::router_advertisement, envelope, router_advertisement_size);
  if (!options) return std::unexpected{options.error()};
  // RFC 4861 section 6.1.2: hosts tell routers apart by their link-local addresses.
  if (!envelope.source.is_link_local()) return std::unexpected{parse_error::malformed};

  const std::span<const std::byte> bytes = message.bytes();
  return router_advertisement{.hop_limit = std::to_integer<std::uint8_t>(bytes[4]),
                              .managed = is_set(bytes[5], managed_bit),
                              .other_configuration = is_set(bytes[5], other_configuration_bit),
                              .router_lifetime = load_be16(&bytes[6]),
                              .reachable_time = load_be32(&bytes[8]),
                              .retransmission_time = load_be32(&bytes[12]),
                              .source_link_layer = options->source_link_layer,
                              .mtu = options->mtu,
                              .prefixes = options->prefixes,
                              .name_servers = options->name_servers,
                              .search_domains = options->search_domains,
                              .preference = preference_of(bytes[5], load_be16(&bytes[6])),
                              .routes = options->routes};
}

std::size_t router_advertisement::size() const noexcept {
  return router_advertisement_size + options_of(*this).size();
}

void router_advertisement::emit(std::span<std::byte> out,
                                const pseudo_header& pseudo) const noexcept {
  const std::span<std::byte> message = begin_message(out, icmpv6_type::router_advertisement,
                                                     router_advertisement_size, options_of(*this));
  message[4] = std::byte{hop_limit};
  if (managed) message[5] |= managed_bit;
  if (other_configuration) message[5] |= other_configuration_bit;
  message[5] |= static_cast<std::byte>(preference) << preference_shift;
  store_be16(&message[6], router_lifetime);
  store_be32(&message[8], reachable_time);
  store_be32(&message[12], retransmission_time);
  end_message(message, pseudo);
}

}  // namespace pentad::wire
