#pragma once

/// A set of quintuples, written like one of them with `*` where any value will do.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pentad/base/five_tuple.hpp"
#include "pentad/base/result.hpp"
#include "pentad/base/text_writer.hpp"

namespace pentad {

/// One end in a filter; a value that is not there matches all.
struct endpoint_filter {
  std::optional<ip_address> address{};
  std::optional<std::uint16_t> port{};

  [[nodiscard]] constexpr bool matches(const endpoint& x) const noexcept {
    return (!address || *address == x.address) && (!port || *port == x.port);
  }

  friend constexpr bool operator==(const endpoint_filter&,
                                   const endpoint_filter&) noexcept = default;
};

/// Without values it matches every quintuple.
struct five_tuple_filter {
  std::optional<ip_protocol> protocol{};
  endpoint_filter local{};
  endpoint_filter remote{};

  /// Reads `udp [fe80::1%veth0]:53 > *:*`, `tcp *:* > 10.0.0.1:*`, `* *:* > *:*`, or
  /// `icmp 10.9.0.1 > *` when the protocol has no ports. parse(format(x)) is x.
  /// Errors: those of `five_tuple::parse`.
  [[nodiscard]] static result<five_tuple_filter> parse(std::string_view text);

  [[nodiscard]] constexpr bool matches(const five_tuple& x) const noexcept {
    return (!protocol || *protocol == x.protocol) && local.matches(x.local) &&
           remote.matches(x.remote);
  }

  friend constexpr bool operator==(const five_tuple_filter&,
                                   const five_tuple_filter&) noexcept = default;
};

/// Writes the text that `five_tuple_filter::parse` reads, at most `five_tuple::text_capacity`
/// characters.
void format_to(text_writer& out, const five_tuple_filter& x) noexcept;
[[nodiscard]] std::string to_string(const five_tuple_filter& x);

}  // namespace pentad
