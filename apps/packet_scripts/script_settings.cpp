#include "apps/packet_scripts/script_settings.hpp"

#include <algorithm>
#include <array>

#include "apps/packet_scripts/shell_commands.hpp"
#include "pentad/base/decimal.hpp"
#include "pentad/base/ip_literal.hpp"

namespace pentad::packet_scripts {
namespace {

std::uint32_t number_of(const script_option& option, std::uint32_t most) {
  const auto value = parse_decimal(option.value, most);
  if (!value) throw malformed(option.at, "--" + option.name + " needs a number");
  return *value;
}

ip_address address_of(const script_option& option) {
  const auto address = parse_ip_literal(option.value);
  if (!address) throw malformed(option.at, "--" + option.name + " needs an address");
  return *address;
}

ip_version version_of(const script_option& option) {
  // Mapped addresses are IPv4 on the wire.
  if (option.value.starts_with("ipv4")) return ip_version::v4;
  if (option.value == "ipv6") return ip_version::v6;
  throw malformed(option.at, "--ip_version is ipv4, ipv6 or ipv4-mapped-ipv6");
}

// As the runner of Linux's scripts has them.
void use(ip_version version, host_settings& host) {
  if (version == ip_version::v4) {
    host.local = ip_address::v4(192, 168, 0, 1);
    host.remote = ip_address::v4(192, 0, 2, 1);
    host.mtu = 1500;
  } else {
    host.local = *parse_ip_literal("fd3d:a0b:17d6::1");
    host.remote = *parse_ip_literal("fd3d:fa7b:d17d::1");
    host.mtu = 1520;  // so that segments are as long as with IPv4
  }
}

// What has no meaning for a link that is not there.
bool means_nothing(std::string_view name) {
  constexpr std::array<std::string_view, 7> names{
      "gateway_ip", "netmask_ip", "speed", "dry_run", "verbose", "mss", "send_omit_free"};
  return std::ranges::find(names, name) != names.end();
}

void apply(const script_option& option, script_settings& settings) {
  const std::string_view name = option.name;
  if (name == "tolerance_usecs") {
    settings.tolerance = std::chrono::microseconds(number_of(option, 1'000'000'000));
  } else if (name == "tcp_ts_tick_usecs") {
    constexpr std::uint32_t tick = 1000;  // RFC 7323 leaves it open
    if (number_of(option, UINT32_MAX) != tick) throw unsupported("other ticks of timestamps");
    settings.checks_timestamps = true;
  } else if (name == "mtu") {
    settings.host.mtu = std::max(1280U, number_of(option, 65535));
  } else if (name == "local_ip") {
    settings.host.local = address_of(option);
  } else if (name == "remote_ip") {
    settings.host.remote = address_of(option);
  } else if (name != "ip_version" && !means_nothing(name)) {
    throw unsupported("--" + option.name);
  }
}

}  // namespace

script_settings settings_of(const script& read, ip_version version) {
  script_settings settings;
  apply_defaults(settings.host);
  for (const script_option& each : read.options) {
    if (each.name == "ip_version") version = version_of(each);
  }
  use(version, settings.host);
  for (const script_option& each : read.options) apply(each, settings);
  if (settings.host.local.version() != version || settings.host.remote.version() != version) {
    throw unsupported("addresses of another version than --ip_version");
  }
  return settings;
}

}  // namespace pentad::packet_scripts
