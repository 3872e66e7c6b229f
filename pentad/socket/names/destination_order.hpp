// Which address of a host to try first (RFC 6724, section 6).
#pragma once

#include <optional>
#include <span>

#include "pentad/base/ip_address.hpp"

namespace pentad::names {

struct destination {
  ip_address address;
  std::optional<ip_address> source{};  ///< from which it would be reached; none: it would not
};

/// Sorts them, those that are alike in the order in which they came. Of the rules, 1, 2, 5, 6, 8,
/// 9 and 10: a socket does not tell which of its addresses are deprecated, mobile or tunnelled.
void order_destinations(std::span<destination> destinations);

}  // namespace pentad::names
