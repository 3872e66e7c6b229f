#pragma once

/// The mixing behind the hashes of addresses, endpoints and quintuples: a few cycles for each
/// 64-bit word, and every bit of every word reaches every bit of the hash.

#include <cstdint>

namespace pentad {

/// Folds one word into a running hash. The shift carries the product's strong high half down,
/// so that the next multiplication spreads it again.
[[nodiscard]] constexpr std::uint64_t hash_step(std::uint64_t hash, std::uint64_t word) noexcept {
  hash = (hash ^ word) * 0x9e37'79b9'7f4a'7c15U;
  return hash ^ (hash >> 32);
}

/// Ends a running hash: the 64-bit finaliser of MurmurHash3.
[[nodiscard]] constexpr std::uint64_t hash_finish(std::uint64_t hash) noexcept {
  hash = (hash ^ (hash >> 33)) * 0xff51'afd7'ed55'8ccdU;
  hash = (hash ^ (hash >> 33)) * 0xc4ce'b9fe'1a85'ec53U;
  return hash ^ (hash >> 33);
}

}  // namespace pentad
