#include "pentad/base/five_tuple.hpp"

#include <array>

#include "pentad/base/error.hpp"
#include "pentad/base/host_port.hpp"
#include "pentad/base/tuple_text.hpp"

namespace pentad {

namespace {

/// Where there are no ports, an address alone stands for the endpoint with port 0. A port that was
/// set all the same is kept, so that every tuple survives being written and read.
result<endpoint> parse_end(ip_protocol protocol, std::string_view text) {
  if (has_ports(protocol) || split_host_port(text)) return endpoint::parse(text);
  const auto address = ip_address::parse(text);
  if (!address) return failure(address.error());
  return endpoint{*address, 0};
}

void format_end(text_writer& out, ip_protocol protocol, const endpoint& end) noexcept {
  if (has_ports(protocol) || end.port != 0) {
    format_to(out, end);
  } else {
    format_to(out, end.address);
  }
}

}  // namespace

result<five_tuple> five_tuple::parse(std::string_view text) {
  const auto parts = split_tuple_text(text);
  if (!parts) return failure(errc::malformed_tuple);
  const auto protocol = parse_ip_protocol(parts->protocol);
  if (!protocol) return failure(protocol.error());
  const auto local = parse_end(*protocol, parts->local);
  if (!local) return failure(local.error());
  const auto remote = parse_end(*protocol, parts->remote);
  if (!remote) return failure(remote.error());
  return five_tuple{*protocol, *local, *remote};
}

void format_to(text_writer& out, const five_tuple& x) noexcept {
  format_to(out, x.protocol);
  out.put(' ');
  format_end(out, x.protocol, x.local);
  out.put(" > ");
  format_end(out, x.protocol, x.remote);
}

std::string to_string(const five_tuple& x) { return text_of<five_tuple::text_capacity>(x); }

std::string to_json(const five_tuple& x) {
  constexpr std::size_t keys_and_protocol = 48;
  std::array<char, keys_and_protocol + 2 * endpoint::json_capacity> buffer;
  text_writer writer{buffer};
  writer.put(R"({"protocol":")");
  format_to(writer, x.protocol);
  writer.put(R"(","local":)");
  format_json_to(writer, x.local);
  writer.put(R"(,"remote":)");
  format_json_to(writer, x.remote);
  writer.put('}');
  return std::string{writer.text()};
}

}  // namespace pentad
