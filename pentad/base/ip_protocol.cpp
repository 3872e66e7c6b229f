#include "pentad/base/ip_protocol.hpp"

#include "pentad/base/decimal.hpp"
#include "pentad/base/error.hpp"

namespace pentad {

namespace {

struct protocol_name {
  ip_protocol protocol;
  std::string_view name;
};

constexpr protocol_name protocol_names[] = {
    {ip_protocol::tcp, "tcp"},
    {ip_protocol::udp, "udp"},
    {ip_protocol::icmp, "icmp"},
    {ip_protocol::icmpv6, "icmpv6"},
};

}  // namespace

result<ip_protocol> parse_ip_protocol(std::string_view text) {
  for (const auto& [protocol, name] : protocol_names) {
    if (name == text) return protocol;
  }
  const auto number = parse_decimal(text, UINT8_MAX);
  if (!number) return failure(errc::malformed_protocol);
  return static_cast<ip_protocol>(*number);
}

void format_to(text_writer& out, ip_protocol protocol) noexcept {
  for (const auto& [named, name] : protocol_names) {
    if (named == protocol) {
      out.put(name);
      return;
    }
  }
  out.put_decimal(static_cast<std::uint32_t>(protocol));
}

std::string to_string(ip_protocol protocol) { return text_of<6>(protocol); }

}  // namespace pentad
