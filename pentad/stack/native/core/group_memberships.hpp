// The multicast groups that one socket hears, of whom and on which interface (RFC 3376, section 3;
// RFC 4607).
#pragma once

#include <optional>
#include <vector>

#include "pentad/base/ip_address.hpp"
#include "pentad/base/result.hpp"

namespace pentad::native {

struct group_request {
  ip_address group;
  std::optional<ip_address> source = {};  ///< only what this one sends
  std::uint32_t interface = 0;            ///< 0: where the group's route leads
};

class group_memberships {
 public:
  static constexpr std::size_t most_groups = 20;   ///< net.ipv4.igmp_max_memberships
  static constexpr std::size_t most_sources = 10;  ///< of one group: net.ipv4.igmp_max_msf

  /// Whether the group is new on its interface. `wanted.interface` is known. Errors, as ip(7) has
  /// them: `address_in_use` for a group that is joined, `address_not_available` for a source that
  /// is, `invalid_argument` for one source of a group that is heard from all, `no_buffer_space`
  /// beyond the bounds.
  result<bool> add(const group_request& wanted);

  /// The only sources that it is heard from; none if it is heard from all, or not at all.
  std::vector<ip_address> sources(const ip_address& group, std::uint32_t interface) const;

  /// Whether nothing of the group is left on its interface. Errors: `address_not_available`.
  result<bool> remove(const group_request& wanted);

  /// Whether a packet to `group` is wanted. As on Linux (IP_MULTICAST_ALL) a socket hears the
  /// groups that others of its host have joined; those that it has joined itself it hears from the
  /// sources that it wants.
  bool hears(const ip_address& group, const ip_address& source,
             std::uint32_t by_interface) const noexcept;

  struct membership {
    ip_address group;  ///< without a scope
    std::uint32_t interface = 0;
    std::vector<ip_address> sources;  ///< none: from all
  };
  const std::vector<membership>& all() const noexcept { return all_; }

 private:
  std::vector<membership>::iterator find(const ip_address& group, std::uint32_t interface) noexcept;

  std::vector<membership> all_;
};

}  // namespace pentad::native
