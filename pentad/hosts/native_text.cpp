#include "pentad/hosts/native_text.hpp"

#include <charconv>

#include "pentad/base/error.hpp"

namespace pentad {
namespace {

// `10.0.0.2/24`
result<link_address> parse_link_address(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return failure(errc::malformed_host);
  const result<ip_address> address = ip_address::parse(text.substr(0, slash));
  const std::string_view digits = text.substr(slash + 1);
  unsigned length = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  const bool is_number = error == std::errc() && end == digits.data() + digits.size();
  if (!address || !is_number || length > (address->is_v4() ? 32U : 128U)) {
    return failure(errc::malformed_host);
  }
  return link_address{*address, length};
}

}  // namespace

result<native_text> native_text::parse(std::string_view text) {
  native_text parsed;
  while (!text.empty()) {
    const std::string_view option = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), option.size() + 1));
    const std::size_t equals = option.find('=');
    if (equals == std::string_view::npos) return failure(errc::malformed_host);
    const std::string_view key = option.substr(0, equals);
    const std::string_view value = option.substr(equals + 1);
    if (key == "tap" && !value.empty()) {
      parsed.tap = value;
    } else if (key == "gw") {
      const result<ip_address> gateway = ip_address::parse(value);
      if (!gateway) return failure(errc::malformed_host);
      parsed.gateways.push_back(*gateway);
    } else if (key == "ip" || key == "ip6" || key == "host") {
      const result<link_address> address = parse_link_address(value);
      if (!address) return failure(address.error());
      (key == "host" ? parsed.host_addresses : parsed.addresses).push_back(*address);
    } else {
      return failure(errc::malformed_host);
    }
  }
  if (parsed.tap.empty() || parsed.addresses.empty()) return failure(errc::malformed_host);
  return parsed;
}

}  // namespace pentad
