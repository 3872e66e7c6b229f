// The hash of a quintuple for tables: with a secret key, so that a peer cannot choose its
// collisions.
#pragma once

#include <cstdint>

#include "pentad/base/byte_order.hpp"
#include "pentad/base/five_tuple.hpp"
#include "pentad/base/siphash.hpp"

namespace pentad::native {

inline std::uint64_t tuple_hash(siphash_key key, const five_tuple& tuple) noexcept {
  table_siphash hash(key);
  if (tuple.remote.address.is_v4()) {
    hash.add(std::uint64_t{load_be32(tuple.remote.address.bytes().data())} << 32 |
             load_be32(tuple.local.address.bytes().data()));
  } else {
    hash.add(tuple.remote.address.bytes()).add(tuple.local.address.bytes());
  }
  return hash.add(std::uint64_t{tuple.remote.port} << 16 | tuple.local.port).finish();
}

}  // namespace pentad::native
