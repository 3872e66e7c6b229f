// Neighbour discovery as hosts do it (RFC 4861, sections 7.2 and 7.3; RFC 4862, section 5.4).
#pragma once

#include <optional>

#include "pentad/base/mac_address.hpp"
#include "pentad/stack/native/core/interface.hpp"
#include "pentad/wire/icmpv6.hpp"
#include "pentad/wire/ndp.hpp"

namespace pentad::native {

/// A solicitation or advertisement of a neighbour that came in by `link`: answers it and learns
/// from it. Those of routers are for who listens to them.
void receive_ndp(context& shared, interface& link, const wire::icmpv6_view& message,
                 const wire::ndp_envelope& envelope);

/// Asks who has `target`, or whether the one who is known still has it.
void solicit_by_ndp(context& shared, interface& link, const ip_address& target,
                    const std::optional<mac_address>& known);

/// Asks the routers of the link to say who they are.
void solicit_routers(context& shared, interface& link);

/// Asks whether anybody has an address that this host does not use yet.
void probe_by_ndp(context& shared, interface& link, const ip_address& tentative);

}  // namespace pentad::native
