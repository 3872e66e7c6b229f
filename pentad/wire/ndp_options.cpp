#include "pentad/wire/ndp_options.hpp"

#include <algorithm>
#include <cassert>

#include "pentad/base/byte_order.hpp"
#include "pentad/base/ip_network.hpp"
#include "pentad/wire/address_bytes.hpp"

namespace pentad::wire {

namespace {

enum class kind : std::uint8_t {
  source_link_layer = 1,
  target_link_layer = 2,
  prefix_information = 3,
  mtu = 5,
  route_information = 24,
  name_servers = 25,
  search_domains = 31,
};

/// Lengths are counted in units of 8 bytes.
constexpr std::size_t unit = 8;
constexpr std::size_t link_layer_length = 8;  // that of Ethernet (RFC 2464 section 6)
constexpr std::size_t mtu_length = 8;
constexpr std::size_t prefix_length = 32;
constexpr std::size_t route_head = 8;  // before the prefix

constexpr unsigned preference_shift = 3;
constexpr unsigned reserved_preference = 2;

constexpr std::size_t lifetime_header = 8;  // of options with a lifetime and a list
constexpr std::size_t address_length = 16;
constexpr std::size_t most_label = 63;

constexpr std::byte on_link_bit{0x80};
constexpr std::byte autonomous_bit{0x40};

ndp_prefix read_prefix(std::span<const std::byte> option) noexcept {
  return {.prefix = load_v6(&option[16]),
          .length = std::to_integer<std::uint8_t>(option[2]),
          .on_link = (option[3] & on_link_bit) != std::byte{0},
          .autonomous = (option[3] & autonomous_bit) != std::byte{0},
          .valid_lifetime = load_be32(&option[4]),
          .preferred_lifetime = load_be32(&option[8])};
}

/// The prefix is cut where it has only zeros, and its bits behind the length say nothing; an option
/// with the reserved preference does not count (RFC 4191 section 2.3).
void read_route(ndp_options& options, std::span<const std::byte> option) noexcept {
  const auto length = std::to_integer<std::uint8_t>(option[2]);
  const unsigned preference = std::to_integer<unsigned>(option[3]) >> preference_shift & 3;
  const std::size_t given = option.size() - route_head;
  if (given > 16 || length > 128 || length > given * 8 || preference == reserved_preference) return;
  std::array<std::byte, 16> prefix{};
  std::ranges::copy(option.subspan(route_head), prefix.begin());
  options.routes.add({.prefix = ip_network::around(ip_address::v6(prefix), length).address,
                      .length = length,
                      .preference = static_cast<router_preference>(preference),
                      .lifetime = load_be32(&option[4])});
}

void read_name_servers(ndp_options& options, std::span<const std::byte> option) noexcept {
  if (option.size() < lifetime_header + address_length || option.size() % 16 != 8) return;
  for (std::size_t at = lifetime_header; at != option.size(); at += address_length) {
    options.name_servers.add({load_v6(&option[at]), load_be32(&option[4])});
  }
}

/// Takes a name as DNS writes it off `bytes` (RFC 1035 section 3.1; RFC 8106 has no compression);
/// nothing at the padding behind the last, and for what no host is called.
std::optional<ndp_search_domain> take_domain(std::span<const std::byte>& bytes) noexcept {
  ndp_search_domain domain;
  while (!bytes.empty()) {
    const auto length = std::to_integer<std::size_t>(bytes[0]);
    if (length > most_label || length + 1 > bytes.size()) break;
    const std::span<const std::byte> label = bytes.subspan(1, length);
    bytes = bytes.subspan(1 + length);
    if (length == 0) return domain.size != 0 ? std::optional(domain) : std::nullopt;
    if (!domain.add_label(label)) break;
  }
  return std::nullopt;
}

void read_search_domains(ndp_options& options, std::span<const std::byte> option) noexcept {
  std::span<const std::byte> names = option.subspan(lifetime_header);
  while (auto domain = take_domain(names)) {
    domain->lifetime = load_be32(&option[4]);
    options.search_domains.add(*domain);
  }
}

/// Of two of one kind the first counts, but every prefix does. One with a length that is not that
/// of its kind is skipped, as of another link layer.
void read_option(ndp_options& options, std::span<const std::byte> option) noexcept {
  switch (static_cast<kind>(option[0])) {
    case kind::source_link_layer:
      if (option.size() == link_layer_length && !options.source_link_layer) {
        options.source_link_layer = load_mac(&option[2]);
      }
      break;
    case kind::target_link_layer:
      if (option.size() == link_layer_length && !options.target_link_layer) {
        options.target_link_layer = load_mac(&option[2]);
      }
      break;
    case kind::prefix_information:
      if (option.size() == prefix_length && option[2] <= std::byte{128}) {
        options.prefixes.add(read_prefix(option));
      }
      break;
    case kind::mtu:
      if (option.size() == mtu_length && !options.mtu) options.mtu = load_be32(&option[4]);
      break;
    case kind::route_information:
      read_route(options, option);
      break;
    case kind::name_servers:
      read_name_servers(options, option);
      break;
    case kind::search_domains:
      read_search_domains(options, option);
      break;
  }
}

/// Begins an option of `length` bytes at the front of `out`, all zero behind its head, and gives
/// it; `out` is then what follows.
std::span<std::byte> begin_option(std::span<std::byte>& out, kind which,
                                  std::size_t length) noexcept {
  const std::span<std::byte> option = out.first(length);
  std::ranges::fill(option, std::byte{0});
  option[0] = static_cast<std::byte>(which);
  option[1] = static_cast<std::byte>(length / unit);
  out = out.subspan(length);
  return option;
}

void emit_link_layer(std::span<std::byte>& out, kind which, const mac_address& address) noexcept {
  store_address(&begin_option(out, which, link_layer_length)[2], address);
}

void emit_prefix(std::span<std::byte>& out, const ndp_prefix& prefix) noexcept {
  assert(prefix.prefix.is_v6() && prefix.length <= 128);
  const std::span<std::byte> option = begin_option(out, kind::prefix_information, prefix_length);
  option[2] = std::byte{prefix.length};
  if (prefix.on_link) option[3] |= on_link_bit;
  if (prefix.autonomous) option[3] |= autonomous_bit;
  store_be32(&option[4], prefix.valid_lifetime);
  store_be32(&option[8], prefix.preferred_lifetime);
  store_address(&option[16], prefix.prefix);
}

std::size_t length_of(const ndp_route& route) noexcept {
  return route_head + (route.length == 0 ? 0 : route.length <= 64 ? 8 : 16);
}

void emit_route(std::span<std::byte>& out, const ndp_route& route) noexcept {
  assert(route.prefix.is_v6() && route.length <= 128);
  const std::span<std::byte> option = begin_option(out, kind::route_information, length_of(route));
  option[2] = std::byte{route.length};
  option[3] = static_cast<std::byte>(static_cast<unsigned>(route.preference) << preference_shift);
  store_be32(&option[4], route.lifetime);
  const std::span<std::byte> prefix = option.subspan(route_head);
  std::ranges::copy(route.prefix.bytes().first(prefix.size()), prefix.begin());
}

void emit_name_server(std::span<std::byte>& out, const ndp_name_server& server) noexcept {
  const std::span<std::byte> option =
      begin_option(out, kind::name_servers, lifetime_header + address_length);
  store_be32(&option[4], server.lifetime);
  store_address(&option[lifetime_header], server.address);
}

/// A name has a length before each label, and a zero behind the last.
std::size_t length_of(const ndp_search_domain& domain) noexcept {
  return lifetime_header + (domain.name().size() + 2 + unit - 1) / unit * unit;
}

void emit_search_domain(std::span<std::byte>& out, const ndp_search_domain& domain) noexcept {
  const std::span<std::byte> option = begin_option(out, kind::search_domains, length_of(domain));
  store_be32(&option[4], domain.lifetime);
  std::size_t at = lifetime_header;
  std::string_view rest = domain.name();
  while (!rest.empty()) {
    const std::string_view label = rest.substr(0, rest.find('.'));
    option[at++] = static_cast<std::byte>(label.size());
    for (const char c : label) option[at++] = static_cast<std::byte>(c);
    rest.remove_prefix(std::min(rest.size(), label.size() + 1));
  }
}

}  // namespace

parsed<ndp_options> ndp_options::parse(std::span<const std::byte> bytes) noexcept {
  ndp_options options;
  while (!bytes.empty()) {
    if (bytes.size() < 2) return std::unexpected{parse_error::truncated};
    const std::size_t length = std::to_integer<std::size_t>(bytes[1]) * unit;
    if (length == 0) return std::unexpected{parse_error::malformed};
    if (length > bytes.size()) return std::unexpected{parse_error::truncated};
    read_option(options, bytes.first(length));
    bytes = bytes.subspan(length);
  }
  return options;
}

std::size_t ndp_options::size() const noexcept {
  std::size_t size =
      prefixes.size() * prefix_length + name_servers.size() * (lifetime_header + address_length);
  if (source_link_layer) size += link_layer_length;
  if (target_link_layer) size += link_layer_length;
  if (mtu) size += mtu_length;
  for (const ndp_search_domain& domain : search_domains) size += length_of(domain);
  for (const ndp_route& route : routes) size += length_of(route);
  return size;
}

void ndp_options::emit(std::span<std::byte> out) const noexcept {
  assert(out.size() >= size());
  if (source_link_layer) emit_link_layer(out, kind::source_link_layer, *source_link_layer);
  if (target_link_layer) emit_link_layer(out, kind::target_link_layer, *target_link_layer);
  if (mtu) store_be32(&begin_option(out, kind::mtu, mtu_length)[4], *mtu);
  for (const ndp_prefix& prefix : prefixes) emit_prefix(out, prefix);
  for (const ndp_name_server& server : name_servers) emit_name_server(out, server);
  for (const ndp_search_domain& domain : search_domains) emit_search_domain(out, domain);
  for (const ndp_route& route : routes) emit_route(out, route);
}

}  // namespace pentad::wire
