// The address resolution protocol as hosts do it (RFC 826, RFC 1122 section 2.3.2, RFC 5227).
#pragma once

#include <optional>
#include <span>

#include "pentad/base/mac_address.hpp"
#include "pentad/stack/native/core/interface.hpp"

namespace pentad::native {

/// A packet that came in by `link`: answers it and learns from it.
void receive_arp(context& shared, interface& link, std::span<const std::byte> bytes);

/// Asks who has `target`, or whether the one who is known still has it.
void solicit_by_arp(context& shared, interface& link, const ip_address& target,
                    const std::optional<mac_address>& known);

/// Asks whether anybody has an address that this host does not use yet (RFC 5227, section 2.1.1).
void probe_by_arp(context& shared, interface& link, const ip_address& tentative);

/// Tells all that this host has the address (RFC 5227, section 2.3).
void announce_by_arp(context& shared, interface& link, const ip_address& address);

}  // namespace pentad::native
