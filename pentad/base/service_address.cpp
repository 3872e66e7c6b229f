#include "pentad/base/service_address.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "pentad/base/decimal.hpp"
#include "pentad/base/error.hpp"
#include "pentad/base/host_port.hpp"
#include "pentad/base/ip_literal.hpp"
#include "pentad/base/unix_endpoint.hpp"

namespace pentad {

namespace {

struct scheme_prefix {
  service_scheme scheme;
  std::string_view text;
};

constexpr std::array scheme_prefixes{
    scheme_prefix{service_scheme::tcp, "tcp://"},
    scheme_prefix{service_scheme::udp, "udp://"},
    scheme_prefix{service_scheme::unix_stream, "unix:"},
    scheme_prefix{service_scheme::unix_datagram, "unixgram:"},
    scheme_prefix{service_scheme::irc, "irc://"},
};

bool is_letter_or_digit(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c);
}

/// Part of a letter that ASCII has not. Which of them a name may have, the resolver knows (IDNA).
bool is_beyond_ascii(char c) noexcept { return static_cast<unsigned char>(c) >= 0x80; }

/// RFC 1123 section 2.1, and the underscore that service names in local networks have.
bool is_label(std::string_view text) noexcept {
  constexpr std::size_t longest = 63;
  return !text.empty() && text.size() <= longest && !text.starts_with('-') &&
         !text.ends_with('-') && std::ranges::all_of(text, [](char c) {
           return is_letter_or_digit(c) || is_beyond_ascii(c) || c == '-' || c == '_';
         });
}

/// A number as inet_aton(3) takes it. Resolvers read a name that ends in one as an IPv4 address in
/// an old notation, where 010 is 8 and 127.1 is 127.0.0.1.
bool is_number(std::string_view label) noexcept {
  if (label.starts_with("0x") || label.starts_with("0X")) {
    return std::ranges::all_of(label.substr(2), [](char c) {
      return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
  }
  return std::ranges::all_of(label, is_digit);
}

bool is_host_name(std::string_view text) noexcept {
  constexpr std::size_t longest = 253;
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.size() > longest) return false;
  for (;;) {
    const std::size_t dot = text.find('.');
    const std::string_view label = text.substr(0, dot);
    if (!is_label(label)) return false;
    if (dot == std::string_view::npos) return !is_number(label);
    text.remove_prefix(dot + 1);
  }
}

/// An IPv6 address whose scope may be a name; whether there is such an interface is not asked.
bool is_ipv6_text(std::string_view text) noexcept {
  const std::size_t percent = text.find('%');
  if (percent != std::string_view::npos && is_interface_name(text.substr(percent + 1))) {
    text = text.substr(0, percent);
  }
  const auto address = parse_ip_literal(text);
  return address && address->is_v6();
}

bool is_host(const host_port& parts) noexcept {
  if (parts.bracketed) return is_ipv6_text(parts.host);
  return is_host_name(parts.host) || parse_ip_literal(parts.host);
}

/// RFC 2812 section 1.3: no space, comma, BEL or line end. Other control characters would only
/// upset the terminal.
bool is_channel(std::string_view text) noexcept {
  return !text.empty() && std::ranges::none_of(text, [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == ',' || c == '\x7f';
  });
}

result<service_address> parse_unix(service_scheme scheme, std::string_view path) {
  if (const auto endpoint = unix_endpoint::parse(path); !endpoint) return failure(endpoint.error());
  return service_address{.scheme = scheme, .path = path};
}

result<service_address> parse_ip(service_scheme scheme, std::string_view text) {
  service_address address{.scheme = scheme};
  if (scheme == service_scheme::irc) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return failure(errc::malformed_address);
    address.channel = text.substr(slash + 1);
    if (!is_channel(address.channel)) return failure(errc::malformed_address);
    text = text.substr(0, slash);
  }
  const auto parts = split_host_port(text);
  if (!parts || !is_host(*parts)) return failure(errc::malformed_address);
  const auto port = parse_decimal(parts->port, UINT16_MAX);
  if (!port) return failure(errc::malformed_address);
  address.host = parts->host;
  address.port = static_cast<std::uint16_t>(*port);
  return address;
}

std::string_view prefix_of(service_scheme scheme) noexcept {
  return std::ranges::find(scheme_prefixes, scheme, &scheme_prefix::scheme)->text;
}

}  // namespace

result<service_address> service_address::parse(std::string_view text) {
  for (const auto& [scheme, prefix] : scheme_prefixes) {
    if (!text.starts_with(prefix)) continue;
    const std::string_view rest = text.substr(prefix.size());
    return service_address{.scheme = scheme}.is_unix() ? parse_unix(scheme, rest)
                                                       : parse_ip(scheme, rest);
  }
  return failure(errc::malformed_address);
}

std::string to_string(const service_address& x) {
  std::string text{prefix_of(x.scheme)};
  if (x.is_unix()) return text.append(x.path);
  const bool bracketed = x.host.find(':') != std::string_view::npos;
  if (bracketed) text += '[';
  text += x.host;
  if (bracketed) text += ']';
  text += ':';
  text += std::to_string(x.port);
  if (x.scheme == service_scheme::irc) text.append("/").append(x.channel);
  return text;
}

}  // namespace pentad
