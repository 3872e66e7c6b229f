// The hash of tables whose keys are addresses that strangers choose.
#pragma once

#include <cstddef>

#include "pentad/base/ip_address.hpp"
#include "pentad/base/siphash.hpp"

namespace pentad::native {

struct address_hash {
  siphash_key key;

  constexpr std::size_t operator()(const ip_address& address) const noexcept {
    return static_cast<std::size_t>(
        table_siphash(key).add(address.bytes()).add(std::uint64_t{address.scope()}).finish());
  }
};

}  // namespace pentad::native
