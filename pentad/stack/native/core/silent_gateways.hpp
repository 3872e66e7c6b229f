// Routers that do not answer for themselves any more: others are preferred to them (RFC 4861,
// section 6.3.6; RFC 4191, section 3.2).
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "pentad/base/ip_address.hpp"

namespace pentad::native {

class silent_gateways {
 public:
  static constexpr std::size_t most = 64;

  struct gateway {
    ip_address address;
    std::uint32_t interface = 0;
    std::uint64_t turn = 0;

    bool is(const ip_address& other, std::uint32_t by) const noexcept {
      return interface == by && address == other;
    }
  };

  /// It has not answered, perhaps again. Returns whether anything is new.
  bool add(const ip_address& address, std::uint32_t interface) {
    const auto found = find(address, interface);
    if (found != all_.end()) {
      found->turn = ++turns_;
      return all_.size() > 1;  // it is the turn of another
    }
    if (all_.size() == most) return false;
    all_.push_back({address, interface, ++turns_});
    return true;
  }

  /// It has answered. Returns whether anything is new.
  bool remove(const ip_address& address, std::uint32_t interface) noexcept {
    const auto found = find(address, interface);
    if (found == all_.end()) return false;
    all_.erase(found);
    return true;
  }

  /// 0 for one that answers as far as is known, and more the later it was found to be silent: where
  /// all are, they take turns.
  std::uint64_t turn_of(const ip_address& address, std::uint32_t interface) const noexcept {
    const auto found = std::ranges::find_if(
        all_, [&](const gateway& each) { return each.is(address, interface); });
    return found != all_.end() ? found->turn : 0;
  }

  const std::vector<gateway>& all() const noexcept { return all_; }

 private:
  std::vector<gateway>::iterator find(const ip_address& address, std::uint32_t interface) noexcept {
    return std::ranges::find_if(all_,
                                [&](const gateway& each) { return each.is(address, interface); });
  }

  std::vector<gateway> all_;
  std::uint64_t turns_ = 0;
};

}  // namespace pentad::native
