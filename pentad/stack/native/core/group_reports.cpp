#include "pentad/stack/native/core/group_reports.hpp"

#include <algorithm>

#include "pentad/stack/native/core/scope.hpp"
#include "pentad/wire/ipv6.hpp"
#include "pentad/wire/pseudo_header.hpp"
#include "pentad/wire/router_alert.hpp"

namespace pentad::native {
namespace {

/// RFC 3376, section 4; RFC 3810, section 5: they do not leave the link.
constexpr std::uint8_t hops = 1;
constexpr std::uint8_t internetwork_control = 0xc0;

constexpr std::size_t headers_v4 = wire::ipv4_router_alert_header_size;
constexpr std::size_t headers_v6 = wire::ipv6_header::size() + wire::ipv6_router_alert_size;

/// RFC 3376, section 4.2.13; RFC 3810, section 5.2.13: from nowhere if there is no such address.
ip_address source_of(const interface& link, const ip_address& destination) noexcept {
  const ip_address own = link.address_for(scoped(destination, link.index()));
  return own.is_v4() || own.is_link_local() ? own : ip_address::any(ip_version::v6);
}

void add_header(packet& message, const ip_address& source, const ip_address& destination) {
  const auto size = static_cast<std::uint16_t>(message.size());
  if (destination.is_v4()) {
    wire::emit_with_router_alert(message.prepend(headers_v4),
                                 wire::ipv4_header{.source = source,
                                                   .destination = destination,
                                                   .protocol = wire::igmp_protocol,
                                                   .time_to_live = hops,
                                                   .traffic_class = internetwork_control,
                                                   .dont_fragment = true,
                                                   .payload_size = size});
    return;
  }
  const std::span<std::byte> headers = message.prepend(headers_v6);
  wire::ipv6_header{.source = source,
                    .destination = destination,
                    .next_header = wire::ipv6_router_alert_protocol,
                    .hop_limit = hops,
                    .payload_size = static_cast<std::uint16_t>(size + wire::ipv6_router_alert_size)}
      .emit(headers);
  wire::emit_router_alert(headers.subspan(wire::ipv6_header::size()), ip_protocol::icmpv6);
}

/// Sends a message of `size` bytes, which `emit` writes with the sum of its pseudo-header.
template <class Emit>
void send(context& shared, interface& link, const ip_address& destination, std::size_t size,
          Emit emit) {
  packet made = shared.packets.take(size);
  if (!made) {
    ++shared.counters.out_of_packets;
    return;
  }
  const ip_address source = source_of(link, destination);
  wire::internet_sum pseudo;
  if (destination.is_v6()) {
    pseudo = wire::pseudo_header(source, destination, ip_protocol::icmpv6).sum(size);
  }
  emit(made.append(size), pseudo);
  add_header(made, source, destination);
  ++shared.counters.packets_sent;
  ++shared.counters.group_reports_sent;
  link.send(std::move(made), destination);
}

void send_records(context& shared, interface& link, ip_version version,
                  std::span<const wire::group_record> records) {
  if (records.empty()) return;
  send(shared, link, wire::report_destination(version), wire::group_report_size(records),
       [&](std::span<std::byte> out, const wire::internet_sum& pseudo) {
         wire::emit_group_report(out, version, records, pseudo);
       });
}

}  // namespace

void receive_igmp(context& shared, interface& link, const incoming_packet& arrived) {
  const std::span<const std::byte> message = arrived.payload.bytes();
  const bool is_intact =
      arrived.checksum_is_known_good || wire::internet_sum{message}.folded() == 0xffff;
  joined_groups& groups = link.groups(ip_version::v4);
  if (const auto query = wire::group_query::parse(ip_version::v4, message); query && is_intact) {
    // RFC 3376, section 9.1: what routers did not have to look at may come from beyond the link.
    if (arrived.router_alert || query->protocol == wire::group_protocol::first) {
      ++shared.counters.group_queries;
      return groups.heard(*query);
    }
  } else if (const auto notice = wire::group_notice::parse(ip_version::v4, message);
             notice && is_intact) {
    return groups.heard(*notice);
  }
  ++shared.counters.ignored_group_messages;
}

void receive_mld(context& shared, interface& link, const incoming_packet& arrived) {
  // RFC 3810, sections 5.1.14 and 5.2.13: from this link alone.
  if (arrived.time_to_live != hops || !arrived.source.is_link_local() || !arrived.router_alert) {
    ++shared.counters.ignored_group_messages;
    return;
  }
  const std::span<const std::byte> message = arrived.payload.bytes();
  joined_groups& groups = link.groups(ip_version::v6);
  if (const auto query = wire::group_query::parse(ip_version::v6, message)) {
    ++shared.counters.group_queries;
    groups.heard(*query);
  } else if (const auto notice = wire::group_notice::parse(ip_version::v6, message)) {
    groups.heard(*notice);
  } else {
    ++shared.counters.ignored_group_messages;
  }
}

// A record with more sources than a packet has room for becomes several (RFC 3376, section 4.2.16);
// none of those that this host makes excludes sources.
void send_group_report(context& shared, interface& link, ip_version version,
                       std::span<const group_state> records) {
  const std::size_t headers = version == ip_version::v4 ? headers_v4 : headers_v6;
  const std::size_t room = std::min<std::size_t>(link.mtu(), 1500) - headers;
  const std::size_t address_size = version == ip_version::v4 ? 4 : 16;
  const std::size_t most_sources =
      (room - wire::group_report_header_size - wire::group_record_header_size(version)) /
      address_size;
  std::vector<wire::group_record> batch;
  const auto add = [&](const wire::group_record& record) {
    if (wire::group_report_size(batch) + record.size() > room) {
      send_records(shared, link, version, batch);
      batch.clear();
    }
    batch.push_back(record);
  };
  for (const group_state& each : records) {
    std::span<const ip_address> sources = each.sources;
    do {
      const auto taken = sources.first(std::min(sources.size(), most_sources));
      add({each.type, each.group, taken});
      sources = sources.subspan(taken.size());
    } while (!sources.empty());
  }
  send_records(shared, link, version, batch);
}

void send_group_notice(context& shared, interface& link, const wire::group_notice& notice) {
  const bool left = notice.what == wire::group_notice::kind::left;
  const ip_address destination =
      left ? wire::leave_destination(notice.group.version()) : notice.group;
  send(shared, link, destination, notice.size(),
       [&](std::span<std::byte> out, const wire::internet_sum& pseudo) {
         notice.emit(out, pseudo);
       });
}

}  // namespace pentad::native
