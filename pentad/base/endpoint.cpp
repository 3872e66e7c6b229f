#include "pentad/base/endpoint.hpp"

#include <array>

#include "pentad/base/decimal.hpp"
#include "pentad/base/error.hpp"
#include "pentad/base/host_port.hpp"

namespace pentad {

result<endpoint> endpoint::parse(std::string_view text) {
  const auto parts = split_host_port(text);
  if (!parts) return failure(errc::malformed_address);
  const auto port = parse_decimal(parts->port, UINT16_MAX);
  if (!port) return failure(errc::malformed_address);
  const auto address = ip_address::parse(parts->host);
  if (!address) return failure(address.error());
  if (address->is_v6() != parts->bracketed) return failure(errc::malformed_address);
  return endpoint{*address, static_cast<std::uint16_t>(*port)};
}

void format_to(text_writer& out, const endpoint& x) noexcept {
  const bool bracketed = x.address.is_v6();
  if (bracketed) out.put('[');
  format_to(out, x.address);
  if (bracketed) out.put(']');
  out.put(':');
  out.put_decimal(x.port);
}

std::string to_string(const endpoint& x) { return text_of<endpoint::text_capacity>(x); }

// The text of an address has no character that JSON escapes: see is_interface_name.
void format_json_to(text_writer& out, const endpoint& x) noexcept {
  out.put(R"({"address":")");
  format_to(out, x.address);
  out.put(R"(","port":)");
  out.put_decimal(x.port);
  out.put('}');
}

std::string to_json(const endpoint& x) {
  std::array<char, endpoint::json_capacity> buffer;
  text_writer writer{buffer};
  format_json_to(writer, x);
  return std::string{writer.text()};
}

}  // namespace pentad
