// The interfaces of a core, as programs see them.
#pragma once

#include <string>
#include <vector>

#include "pentad/stack/native/core/core.hpp"
#include "pentad/stack/network_interface.hpp"

namespace pentad::native {

/// Programs count interfaces from 1 on, as the core does its NICs; the loopback, which is 0 there,
/// comes after all that there could be.
inline constexpr std::uint32_t loopback_number = 65535;

constexpr std::uint32_t interface_number(std::uint32_t core_index) noexcept {
  return core_index == interface::loopback_index ? loopback_number : core_index;
}

/// `names` are those of the interfaces of `network`, at the place of their index in the core.
std::vector<network_interface> list_interfaces(const core& network,
                                               const std::vector<std::string>& names);

}  // namespace pentad::native
