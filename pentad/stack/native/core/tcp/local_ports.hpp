// The local addresses and ports that sockets hold, so that no two hold the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "pentad/base/endpoint.hpp"

namespace pentad::native {

/// Whose port it is. Two holders are in each other's way when one of them would take what is meant
/// for the other, unless both have agreed to share (SO_REUSEPORT).
struct port_holder {
  endpoint local;
  bool v6_only = false;
  bool shares = false;

  friend bool operator==(const port_holder&, const port_holder&) = default;
};

class local_ports {
 public:
  bool is_free(const port_holder& wanted) const noexcept {
    const auto [first, last] = holders_.equal_range(wanted.local.port);
    for (auto each = first; each != last; ++each) {
      if (collide(each->second, wanted)) return false;
    }
    return true;
  }

  void hold(const port_holder& added) { holders_.emplace(added.local.port, added); }

  void release(const port_holder& removed) noexcept {
    const auto [first, last] = holders_.equal_range(removed.local.port);
    for (auto each = first; each != last; ++each) {
      if (each->second != removed) continue;
      holders_.erase(each);
      return;
    }
  }

  std::size_t size() const noexcept { return holders_.size(); }

 private:
  static bool collide(const port_holder& a, const port_holder& b) noexcept {
    if (a.shares && b.shares) return false;
    const ip_address& one = a.local.address;
    const ip_address& other = b.local.address;
    if (one.version() == other.version()) {
      return one == other || one.is_unspecified() || other.is_unspecified();
    }
    // All of IPv6 is all of IPv4, too, unless it was told otherwise (RFC 3493, section 5.3).
    const port_holder& v6 = one.is_v6() ? a : b;
    return v6.local.address.is_unspecified() && !v6.v6_only;
  }

  std::unordered_multimap<std::uint16_t, port_holder> holders_;
};

}  // namespace pentad::native
