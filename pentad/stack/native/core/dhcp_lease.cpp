#include "pentad/stack/native/core/dhcp_lease.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "pentad/wire/address_bytes.hpp"
#include "pentad/wire/domain_list.hpp"

namespace pentad::native {
namespace {

using option = wire::dhcpv4_option;
using std::chrono::seconds;

constexpr std::size_t address_size = 4;

/// Without a mask that of the address's class (RFC 950, section 2.1), as servers of old mean it.
std::optional<unsigned> prefix_length(const wire::dhcpv4_view& message, const ip_address& address) {
  const auto mask = message.address(option::subnet_mask);
  if (!mask) {
    const auto first = std::to_integer<unsigned>(address.bytes()[0]);
    return first < 128 ? 8U : first < 192 ? 16U : 24U;
  }
  const std::uint32_t bits = load_be32(mask->bytes().data());
  const auto length = static_cast<unsigned>(std::countl_one(bits));
  if (length == 0 || (length < 32 && bits << length != 0)) return std::nullopt;
  return length;
}

bool can_be_ours(const prefix& given) noexcept {
  const ip_address& address = given.address;
  return !address.is_unspecified() && !address.is_multicast() && !address.is_loopback() &&
         !given.is_broadcast(address);
}

duration lifetime(std::uint32_t count) noexcept {
  return count == UINT32_MAX ? duration::max() : duration(seconds(count));
}

void read_times(const wire::dhcpv4_view& message, dhcp_lease& lease) {
  if (lease.valid == duration::max()) {
    lease.renew_after = lease.rebind_after = duration::max();
    return;
  }
  // RFC 2131, section 4.4.5, also where the server's times are in a wrong order.
  lease.renew_after = lease.valid / 2;
  lease.rebind_after = lease.valid / 8 * 7;
  if (const auto given = message.number(option::rebinding_time)) {
    lease.rebind_after = std::min(lifetime(*given), lease.valid);
  }
  if (const auto given = message.number(option::renewal_time)) lease.renew_after = lifetime(*given);
  lease.renew_after = std::min(lease.renew_after, lease.rebind_after);
}

/// RFC 3442: the length of a prefix, as many bytes of it as matter, and a router.
void read_classless_routes(std::span<const std::byte> bytes, std::uint32_t interface,
                           std::vector<route>& routes) {
  while (!bytes.empty() && routes.size() < dhcp_lease::most_routes) {
    const auto length = std::to_integer<unsigned>(bytes[0]);
    const std::size_t significant = (length + 7) / 8;
    if (length > 32 || bytes.size() < 1 + significant + address_size) return;
    std::array<std::byte, address_size> destination{};
    std::ranges::copy(bytes.subspan(1, significant), destination.begin());
    routes.push_back({.destination = {ip_address::v4(destination), length},
                      .gateway = wire::load_v4(&bytes[1 + significant]),
                      .interface = interface});
    bytes = bytes.subspan(1 + significant + address_size);
  }
}

/// RFC 3442: who has classless routes does not look at the routers.
void read_routes(const wire::dhcpv4_view& message, std::uint32_t interface,
                 std::vector<route>& routes) {
  std::array<std::byte, dhcp_lease::most_routes * 9> room{};
  if (const auto given = message.value(option::classless_routes, room)) {
    return read_classless_routes(*given, interface, routes);
  }
  const auto routers = message.value(option::routers, room);
  if (!routers) return;
  for (std::size_t at = 0; at + address_size <= routers->size(); at += address_size) {
    if (routes.size() == dhcp_lease::most_routes) return;
    routes.push_back({.destination = {ip_address::any(ip_version::v4), 0},
                      .gateway = wire::load_v4(&(*routers)[at]),
                      .interface = interface});
  }
}

bool is_in_host_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

/// Who has a list to search does not look at the one domain.
void read_domains(const wire::dhcpv4_view& message, std::vector<std::string>& domains) {
  std::array<std::byte, 1024> room{};
  if (const auto list = message.value(option::domain_search, room)) {
    wire::domain_list_reader reader(*list);
    while (const auto each = reader.next()) {
      if (domains.size() == dhcp_lease::most_domains) break;
      domains.emplace_back(each->name());
    }
  }
  const auto given = message.value(option::domain_name, std::span(room).first(255));
  if (!domains.empty() || !given) return;
  std::string domain;
  for (const std::byte each : *given) domain.push_back(static_cast<char>(each));
  while (domain.ends_with('\0')) domain.pop_back();
  if (!domain.empty() && std::ranges::all_of(domain, is_in_host_name)) domains.push_back(domain);
}

void read_names(const wire::dhcpv4_view& message, dhcp_lease& lease) {
  std::array<std::byte, 255> room{};
  if (const auto given = message.value(option::name_servers, room)) {
    for (std::size_t at = 0; at + address_size <= given->size(); at += address_size) {
      if (lease.name_servers.size() == dhcp_lease::most_name_servers) break;
      lease.name_servers.push_back(wire::load_v4(&(*given)[at]));
    }
  }
  read_domains(message, lease.domains);
}

}  // namespace

std::optional<dhcp_lease> dhcp_lease::read(const wire::dhcpv4_view& message,
                                           std::uint32_t interface) {
  const auto server = message.address(option::server_identifier);
  const auto valid = message.number(option::lease_time);
  const auto length = prefix_length(message, message.offered());
  if (!server || !valid || *valid == 0 || !length) return std::nullopt;
  dhcp_lease lease;
  lease.address = {message.offered(), *length};
  if (!can_be_ours(lease.address)) return std::nullopt;
  lease.server = *server;
  lease.valid = lifetime(*valid);
  read_times(message, lease);
  read_routes(message, interface, lease.routes);
  read_names(message, lease);
  constexpr std::uint32_t least_mtu = 68;  // RFC 2132, section 5.1
  if (const auto mtu = message.number(option::interface_mtu); mtu && *mtu >= least_mtu) {
    lease.mtu = *mtu;
  }
  return lease;
}

}  // namespace pentad::native
