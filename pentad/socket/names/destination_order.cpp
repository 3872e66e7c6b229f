#include "pentad/socket/names/destination_order.hpp"

#include <algorithm>
#include <compare>

#include "pentad/base/address_scope.hpp"
#include "pentad/base/ip_literal.hpp"

namespace pentad::names {
namespace {

struct policy {
  ip_address prefix;
  unsigned length;
  int precedence;
  int label;
};

constexpr ip_address literal(std::string_view text) { return parse_ip_literal(text).value(); }

// RFC 6724, section 2.1, the longest prefixes first.
constexpr policy policies[] = {
    {literal("::1"), 128, 50, 0},   {literal("::ffff:0:0"), 96, 35, 4},
    {literal("::"), 96, 1, 3},      {literal("2001::"), 32, 5, 5},
    {literal("2002::"), 16, 30, 2}, {literal("3ffe::"), 16, 1, 12},
    {literal("fec0::"), 10, 1, 11}, {literal("fc00::"), 7, 3, 13},
    {literal("::"), 0, 40, 1},
};

const policy& policy_of(const ip_address& address) noexcept {
  constexpr const policy& of_v4 = policies[1];  // an IPv4 address counts as a mapped one
  if (address.is_v4()) return of_v4;
  return *std::ranges::find_if(policies, [&](const policy& each) {
    return common_prefix_length(each.prefix, address) >= each.length;
  });
}

// What decides, in the order of the rules; the smaller rank is tried first.
struct rank {
  bool unusable;             // rule 1
  bool other_scope;          // rule 2
  bool other_label;          // rule 5
  int negative_precedence;   // rule 6
  unsigned scope;            // rule 8
  int negative_common_bits;  // rule 9

  friend auto operator<=>(const rank&, const rank&) = default;
};

// Rule 9 compares at most the prefix of the source's network. No socket tells how long that is: it
// is 64 bits in IPv6 (RFC 4291, section 2.5.4), while in IPv4 any guess would undo the order in
// which a server spreads its load.
int common_bits(const ip_address& destination, const ip_address& source) noexcept {
  if (destination.is_v4() || source.is_v4()) return 0;
  return static_cast<int>(std::min(64U, common_prefix_length(destination, source)));
}

rank rank_of(const destination& to) noexcept {
  const ip_address address = to.address.unmapped();
  const policy& own = policy_of(address);
  const bool usable = to.source.has_value();
  const ip_address source = to.source.value_or(address).unmapped();
  return {.unusable = !usable,
          .other_scope = scope_of(source) != scope_of(address),
          .other_label = policy_of(source).label != own.label,
          .negative_precedence = -own.precedence,
          .scope = scope_of(address),
          .negative_common_bits = usable ? -common_bits(address, source) : 0};
}

}  // namespace

void order_destinations(std::span<destination> destinations) {
  // By insertion: they are few, and those that are alike must stay in order.
  for (auto next = destinations.begin(); next != destinations.end(); ++next) {
    const auto sorted = std::ranges::subrange(destinations.begin(), next);
    std::rotate(std::ranges::upper_bound(sorted, rank_of(*next), {}, rank_of), next, next + 1);
  }
}

}  // namespace pentad::names
