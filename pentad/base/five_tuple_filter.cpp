#include "pentad/base/five_tuple_filter.hpp"

#include "pentad/base/decimal.hpp"
#include "pentad/base/error.hpp"
#include "pentad/base/host_port.hpp"
#include "pentad/base/tuple_text.hpp"

namespace pentad {

namespace {

constexpr std::string_view any = "*";

constexpr bool needs_ports(const std::optional<ip_protocol>& protocol) noexcept {
  return !protocol || has_ports(*protocol);
}

/// An address or `*`, without a port.
result<std::optional<ip_address>> parse_address(std::string_view text) {
  if (text == any) return std::nullopt;
  const auto address = ip_address::parse(text);
  if (!address) return failure(address.error());
  return *address;
}

/// Where there are no ports, an address alone stands for that address and any port.
result<endpoint_filter> parse_end(const std::optional<ip_protocol>& protocol,
                                  std::string_view text) {
  const auto parts = split_host_port(text);
  if (!parts && needs_ports(protocol)) return failure(errc::malformed_address);
  const auto address = parse_address(parts ? parts->host : text);
  if (!address) return failure(address.error());
  endpoint_filter end{.address = *address};
  if (!parts) return end;
  const bool is_v6 = end.address && end.address->is_v6();
  if (is_v6 != parts->bracketed) return failure(errc::malformed_address);
  if (parts->port != any) {
    const auto port = parse_decimal(parts->port, UINT16_MAX);
    if (!port) return failure(errc::malformed_address);
    end.port = static_cast<std::uint16_t>(*port);
  }
  return end;
}

void format_end(text_writer& out, const std::optional<ip_protocol>& protocol,
                const endpoint_filter& end) noexcept {
  const bool with_port = needs_ports(protocol) || end.port;
  const bool bracketed = with_port && end.address && end.address->is_v6();
  if (bracketed) out.put('[');
  if (end.address) {
    format_to(out, *end.address);
  } else {
    out.put(any);
  }
  if (bracketed) out.put(']');
  if (!with_port) return;
  out.put(':');
  if (end.port) {
    out.put_decimal(*end.port);
  } else {
    out.put(any);
  }
}

}  // namespace

result<five_tuple_filter> five_tuple_filter::parse(std::string_view text) {
  const auto parts = split_tuple_text(text);
  if (!parts) return failure(errc::malformed_tuple);
  five_tuple_filter filter;
  if (parts->protocol != any) {
    const auto protocol = parse_ip_protocol(parts->protocol);
    if (!protocol) return failure(protocol.error());
    filter.protocol = *protocol;
  }
  const auto local = parse_end(filter.protocol, parts->local);
  if (!local) return failure(local.error());
  filter.local = *local;
  const auto remote = parse_end(filter.protocol, parts->remote);
  if (!remote) return failure(remote.error());
  filter.remote = *remote;
  return filter;
}

void format_to(text_writer& out, const five_tuple_filter& x) noexcept {
  if (x.protocol) {
    format_to(out, *x.protocol);
  } else {
    out.put(any);
  }
  out.put(' ');
  format_end(out, x.protocol, x.local);
  out.put(" > ");
  format_end(out, x.protocol, x.remote);
}

std::string to_string(const five_tuple_filter& x) { return text_of<five_tuple::text_capacity>(x); }

}  // namespace pentad
