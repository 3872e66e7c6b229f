#include "pentad/hosts/native_text.hpp"

#include <algorithm>
#include <optional>

#include "pentad/base/decimal.hpp"
#include "pentad/hosts/option_text.hpp"
#include "pentad/stack/native/core/prefix.hpp"

namespace pentad {
namespace {

using refusal = std::optional<std::string>;  // what is wrong

std::string quoted(std::string_view key, std::string_view value) {
  return std::string(key).append("=").append(value);
}

bool is_of_one_host(const ip_address& address) {
  return !address.is_unspecified() && !address.is_multicast() && !address.is_loopback() &&
         !address.is_v4_mapped();
}

std::optional<link_address> parse_link_address(std::string_view text) {
  const std::string_view number = take_until(text, '/');
  const result<ip_address> address = ip_address::parse(number);
  if (!address || !is_of_one_host(*address)) return {};
  const auto length = parse_decimal(text, address->is_v4() ? 32 : 128);
  if (!length || native::prefix{*address, *length}.is_broadcast(*address)) return {};
  return link_address{*address, *length};
}

refusal add_address(std::string_view key, std::string_view value, std::vector<link_address>& to) {
  const bool any_version = key == "host";
  const bool is_v6 = key == "ip6";
  const std::optional<link_address> address = parse_link_address(value);
  if (address && (any_version || address->address.is_v4() != is_v6)) {
    to.push_back(*address);
    return {};
  }
  return quoted(key, value) + " is no address with the length of its prefix, such as " +
         (is_v6 ? "fd00::2/64" : "10.0.0.2/24");
}

refusal add_gateway(std::string_view value, native_text& to) {
  const result<ip_address> gateway = ip_address::parse(value);
  if (!gateway || !is_of_one_host(*gateway)) {
    return quoted("gw", value) + " is no address of a router";
  }
  const auto same_version = [&](const ip_address& each) {
    return each.version() == gateway->version();
  };
  if (std::ranges::any_of(to.gateways, same_version)) {
    return quoted("gw", value) + " is a second gateway of its version";
  }
  to.gateways.push_back(*gateway);
  return {};
}

refusal add_name_server(std::string_view value, native_text& to) {
  constexpr std::size_t most = 3;  // as in resolv.conf(5)
  const result<ip_address> server = ip_address::parse(value);
  if (!server || !is_of_one_host(*server)) {
    return quoted("dns", value) + " is no address of a name server";
  }
  if (to.name_servers.size() == most) return quoted("dns", value) + " is a fourth name server";
  to.name_servers.push_back(*server);
  return {};
}

template <class Value>
refusal set(Value& to, const std::optional<Value>& parsed, std::string_view key,
            std::string_view value, std::string_view what) {
  if (!parsed) return quoted(key, value).append(" is no ").append(what);
  to = *parsed;
  return {};
}

refusal set_congestion(std::string_view value, native_text& to) {
  std::optional<native::congestion_algorithm> named;
  if (value == "cubic") named = native::congestion_algorithm::cubic;
  if (value == "newreno") named = native::congestion_algorithm::new_reno;
  return set(to.congestion, named, "congestion", value, "congestion control: cubic or newreno");
}

refusal set_option(std::string_view key, std::string_view value, native_text& to) {
  constexpr std::string_view time = "time such as 20ms";
  constexpr std::string_view share = "probability such as 0.01 or 1%";
  const auto probability = [&](double& of) {
    return set(of, parse_probability(value), key, value, share);
  };
  const auto time_span = [&](duration& of) {
    return set(of, parse_duration(value), key, value, time);
  };
  const auto name = [&](std::string& of) -> refusal {
    of = value;
    if (value.empty()) return std::string(key) + "= is empty";
    return {};
  };
  if (key == "ip" || key == "ip6") return add_address(key, value, to.addresses);
  if (key == "host") return add_address(key, value, to.host_addresses);
  if (key == "gw") return add_gateway(value, to);
  if (key == "dns") return add_name_server(value, to);
  if (key == "loss") return probability(to.link.loss);
  if (key == "duplicate") return probability(to.link.duplicate);
  if (key == "corrupt") return probability(to.link.corrupt);
  if (key == "reorder") return probability(to.link.reorder);
  if (key == "delay") return time_span(to.link.delay);
  if (key == "jitter") return time_span(to.link.jitter);
  if (key == "rate") return set(to.link.rate, parse_rate(value), key, value, "rate such as 10mbit");
  if (key == "congestion") return set_congestion(value, to);
  if (key == "seed") return set(to.seed, parse_number(value), key, value, "whole number");
  if (key == "spin") return time_span(to.spin);
  if (key == "tap") return name(to.tap);
  if (key == "packet") return name(to.packet);
  if (key == "record") return name(to.record);
  return "there is no option '" + std::string(key) + "'";
}

bool may_repeat(std::string_view key) {
  return key.starts_with("ip") || key == "host" || key == "gw" || key == "dns";
}

// What only the whole can tell.
refusal check(const native_text& whole) {
  if (whole.interface().empty()) return "tap=NAME or packet=INTERFACE is missing";
  if (!whole.tap.empty() && !whole.packet.empty()) return "tap= and packet= exclude each other";
  if (!whole.packet.empty() && !whole.host_addresses.empty()) {
    return "host= is for Linux's end of a TAP device";
  }
  if (whole.addresses.empty() && !whole.is_configured_by_others()) {
    return "ip=ADDRESS/LENGTH, dhcp or slaac is missing";
  }
  for (const ip_address& gateway : whole.gateways) {
    const auto reaches = [&](const link_address& each) {
      return native::prefix{each.address, each.prefix_length}.contains(gateway);
    };
    if (gateway.is_link_local() || std::ranges::any_of(whole.addresses, reaches)) continue;
    return quoted("gw", to_string(gateway)) + " is on the link of no address of this host";
  }
  for (const link_address& each : whole.host_addresses) {
    if (std::ranges::find(whole.addresses, each.address, &link_address::address) !=
        whole.addresses.end()) {
      return quoted("host", to_string(each)) + " is this host's own address, not Linux's";
    }
  }
  return {};
}

}  // namespace

std::expected<native_text, std::string> native_text::parse(std::string_view text) {
  native_text parsed;
  std::vector<std::string_view> seen;
  if (text.ends_with(',')) return std::unexpected("it ends with a comma");
  while (!text.empty()) {
    std::string_view value = take_until(text, ',');
    const std::string_view option = value;
    const std::string_view key = take_until(value, '=');
    if (option == "dhcp" || option == "slaac") {
      (option == "dhcp" ? parsed.dhcp : parsed.slaac) = true;
      continue;
    }
    if (key.size() == option.size()) {
      return std::unexpected("'" + std::string(option) + "' is not KEY=VALUE");
    }
    if (!may_repeat(key) && std::ranges::find(seen, key) != seen.end()) {
      return std::unexpected(std::string(key) + "= is there twice");
    }
    seen.push_back(key);
    if (refusal wrong = set_option(key, value, parsed)) return std::unexpected(*wrong);
  }
  if (refusal wrong = check(parsed)) return std::unexpected(*wrong);
  return parsed;
}

std::string to_string(const link_address& address) {
  return to_string(address.address) + "/" + std::to_string(address.prefix_length);
}

}  // namespace pentad
