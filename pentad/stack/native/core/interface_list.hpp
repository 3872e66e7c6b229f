// The interfaces of a host and the addresses it has on them. Packets to any of its addresses are
// taken from any interface (the weak host model of RFC 1122, section 3.3.4.2, as Linux has it).
#pragma once

#include <memory>
#include <vector>

#include "pentad/stack/native/core/interface.hpp"

namespace pentad::native {

class interface_list {
 public:
  /// With the loopback.
  interface_list(context& shared, next_hop_watcher& next_hops);

  interface& add(const interface_settings& settings);

  interface& loopback() noexcept { return *interfaces_.front(); }
  const interface& loopback() const noexcept { return *interfaces_.front(); }
  /// Null if there is none with this index.
  interface* find(std::uint32_t index) noexcept;
  const std::vector<std::unique_ptr<interface>>& all() const noexcept { return interfaces_; }

  /// Whether this host has the address and may use it.
  bool is_local(const ip_address& address) const noexcept;

  /// The address that packets to `destination` come from when they leave by `out`; unspecified if
  /// there is none.
  ip_address choose_source(const ip_address& destination, const interface& out) const noexcept;

  /// The address with the scope that it has in a packet that came in by `from`. What comes in by
  /// the loopback is from this host, and its scope is that of the interface that has the address.
  ip_address scoped_by(const ip_address& bare, const interface& from) const noexcept;

  /// Of all real interfaces, whether an address is still being checked.
  bool has_tentative_address() const noexcept;

 private:
  context& context_;
  next_hop_watcher& next_hops_;
  std::vector<std::unique_ptr<interface>> interfaces_;  // at the place of their index
};

}  // namespace pentad::native
