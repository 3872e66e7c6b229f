#pragma once

/// The quintuple that identifies a connection: protocol, local address, local port, remote address,
/// remote port.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "pentad/base/endpoint.hpp"
#include "pentad/base/hash.hpp"
#include "pentad/base/ip_protocol.hpp"
#include "pentad/base/result.hpp"
#include "pentad/base/text_writer.hpp"

namespace pentad {

/// Ordered by protocol, then local, then remote endpoint.
struct five_tuple {
  /// The most characters that its text can have.
  static constexpr std::size_t text_capacity = 6 + 1 + 2 * endpoint::text_capacity + 3;

  ip_protocol protocol{};
  endpoint local{};
  endpoint remote{};

  /// Reads `tcp 10.9.0.1:41000 > 10.9.0.2:6667`, or `icmp 10.9.0.1 > 10.9.0.2` when the protocol
  /// has no ports. parse(format(x)) is x. Errors: `errc::malformed_tuple`, or that of the part
  /// which is wrong (`parse_ip_protocol`, `endpoint::parse`).
  [[nodiscard]] static result<five_tuple> parse(std::string_view text);

  /// The same connection as its other end names it.
  [[nodiscard]] constexpr five_tuple swapped() const noexcept { return {protocol, remote, local}; }

  /// A hash on which all five values act. A table whose keys strangers choose gives it a secret
  /// seed.
  [[nodiscard]] constexpr std::uint64_t hash(std::uint64_t seed = 0) const noexcept {
    seed = local.address.hash(seed);
    seed = remote.address.hash(seed);
    return hash_finish(hash_step(seed, std::uint64_t{local.port} << 32 |
                                           std::uint64_t{remote.port} << 16 |
                                           static_cast<std::uint64_t>(protocol)));
  }

  friend constexpr auto operator<=>(const five_tuple&, const five_tuple&) noexcept = default;
};

/// Writes the text that `five_tuple::parse` reads.
void format_to(text_writer& out, const five_tuple& x) noexcept;
[[nodiscard]] std::string to_string(const five_tuple& x);

/// `{"protocol":"tcp","local":{"address":"10.9.0.1","port":41000},"remote":{...}}` on one line. The
/// address is its usual text, and a port is there even when the protocol has none.
[[nodiscard]] std::string to_json(const five_tuple& x);

}  // namespace pentad

template <>
struct std::hash<pentad::five_tuple> {
  [[nodiscard]] std::size_t operator()(const pentad::five_tuple& x) const noexcept {
    return static_cast<std::size_t>(x.hash());
  }
};
