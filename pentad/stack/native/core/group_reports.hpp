// The packets of IGMP and MLD, in and out.
#pragma once

#include <span>

#include "pentad/stack/native/core/interface.hpp"

namespace pentad::native {

/// A message of IGMP that came in by `link`.
void receive_igmp(context& shared, interface& link, const incoming_packet& arrived);

/// A message of MLD that came in by `link`, with a good checksum.
void receive_mld(context& shared, interface& link, const incoming_packet& arrived);

/// Reports `records` in as many packets as it takes; none without records.
void send_group_report(context& shared, interface& link, ip_version version,
                       std::span<const group_state> records);

/// Tells of one group in an older protocol.
void send_group_notice(context& shared, interface& link, const wire::group_notice& notice);

}  // namespace pentad::native
