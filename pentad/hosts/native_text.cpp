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

refusal add_gateway(std::string_view value, card_text& to) {
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
  card_text& card = to.cards.back();
  if (key == "ip" || key == "ip6") return add_address(key, value, card.addresses);
  if (key == "host") return add_address(key, value, card.host_addresses);
  if (key == "gw") return add_gateway(value, card);
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
  if (key == "tap") return name(card.tap);
  if (key == "packet") return name(card.packet);
  if (key == "dhcp") {
    card.dhcp = true;
    return name(card.lease_file);
  }
  if (key == "record") return name(to.record);
  return "there is no option '" + std::string(key) + "'";
}

bool names_a_card(std::string_view key) { return key == "tap" || key == "packet"; }

bool may_repeat(std::string_view key) {
  return key.starts_with("ip") || key == "host" || key == "gw" || key == "dns" || key == "dhcp" ||
         names_a_card(key);
}

// What only the whole of a card can tell.
refusal check(const card_text& card) {
  if (card.interface().empty()) return "tap=NAME or packet=INTERFACE is missing";
  if (!card.packet.empty() && !card.host_addresses.empty()) {
    return "host= is for Linux's end of a TAP device";
  }
  if (card.addresses.empty() && !card.is_configured_by_others()) {
    return "ip=ADDRESS/LENGTH, dhcp or slaac is missing";
  }
  for (const ip_address& gateway : card.gateways) {
    const auto reaches = [&](const link_address& each) {
      return native::prefix{each.address, each.prefix_length}.contains(gateway);
    };
    if (gateway.is_link_local() || std::ranges::any_of(card.addresses, reaches)) continue;
    return quoted("gw", to_string(gateway)) + " is on the link of no address of this host";
  }
  for (const link_address& each : card.host_addresses) {
    if (std::ranges::find(card.addresses, each.address, &link_address::address) !=
        card.addresses.end()) {
      return quoted("host", to_string(each)) + " is this host's own address, not Linux's";
    }
  }
  return {};
}

refusal check(const native_text& whole) {
  for (auto each = whole.cards.begin(); each != whole.cards.end(); ++each) {
    if (refusal wrong = check(*each)) {
      return whole.cards.size() == 1 ? wrong : each->interface() + ": " + *wrong;
    }
    if (std::find_if(whole.cards.begin(), each, [&](const card_text& other) {
          return other.interface() == each->interface();
        }) != each) {
      return each->interface() + " is there twice";
    }
  }
  return {};
}

}  // namespace

std::expected<native_text, std::string> native_text::parse(std::string_view text) {
  native_text parsed;
  parsed.cards.emplace_back();
  std::vector<std::string_view> seen;
  if (text.ends_with(',')) return std::unexpected("it ends with a comma");
  while (!text.empty()) {
    std::string_view value = take_until(text, ',');
    const std::string_view option = value;
    const std::string_view key = take_until(value, '=');
    if (option == "dhcp" || option == "slaac") {
      card_text& card = parsed.cards.back();
      (option == "dhcp" ? card.dhcp : card.slaac) = true;
      continue;
    }
    if (key.size() == option.size()) {
      return std::unexpected("'" + std::string(option) + "' is not KEY=VALUE");
    }
    if (!may_repeat(key) && std::ranges::find(seen, key) != seen.end()) {
      return std::unexpected(std::string(key) + "= is there twice");
    }
    seen.push_back(key);
    if (names_a_card(key) && !parsed.cards.back().interface().empty()) parsed.cards.emplace_back();
    if (refusal wrong = set_option(key, value, parsed)) return std::unexpected(*wrong);
  }
  if (refusal wrong = check(parsed)) return std::unexpected(*wrong);
  return parsed;
}

std::string to_string(const link_address& address) {
  return to_string(address.address) + "/" + std::to_string(address.prefix_length);
}

}  // namespace pentad
