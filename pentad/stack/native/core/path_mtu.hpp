// How long packets may be on the way to a destination, as routers there have said (RFC 1191, RFC
// 8201).
#pragma once

#include <optional>

#include "pentad/base/lru_map.hpp"
#include "pentad/stack/native/core/address_hash.hpp"
#include "pentad/stack/native/core/context.hpp"

namespace pentad::native {

struct path_mtu {
  std::uint32_t bytes = 0;
  /// IPv4: the path takes less than this host believes, so routers must be let to fragment.
  bool let_fragment = false;
  instant until{};
};

class path_mtu_cache {
 public:
  explicit path_mtu_cache(context& shared)
      : context_(shared),
        paths_(shared.settings.path_mtu.most, address_hash{shared.numbers.key()}) {}

  /// Null where nothing is known, which is the rule.
  const path_mtu* find(const ip_address& destination);

  /// A router says that the path takes no more than `mtu`; whoever believes it has checked that the
  /// router has seen a packet of this host. Never raises what is known. Returns what holds now; 0
  /// if the claim cannot be true.
  std::uint32_t lower(const ip_address& destination, std::uint32_t mtu);

  std::size_t size() const noexcept { return paths_.size(); }

 private:
  context& context_;
  lru_map<ip_address, path_mtu, address_hash> paths_;
};

/// What a path may take if a router only says that a packet of `size` bytes was too long (RFC 1191,
/// section 7).
std::uint32_t next_plateau(std::uint32_t size) noexcept;

}  // namespace pentad::native
