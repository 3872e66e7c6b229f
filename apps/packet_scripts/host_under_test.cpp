#include "apps/packet_scripts/host_under_test.hpp"

#include <array>

#include "pentad/base/ip_literal.hpp"
#include "pentad/wire/arp.hpp"
#include "pentad/wire/ethernet.hpp"
#include "pentad/wire/icmpv6.hpp"
#include "pentad/wire/ipv6.hpp"
#include "pentad/wire/ndp.hpp"

namespace pentad::packet_scripts {
namespace {

constexpr std::uint32_t interface_index = 1;
constexpr mac_address own_mac{2, 0, 0, 0, 0, 1};
constexpr mac_address gateway_mac{2, 0, 0, 0, 0, 2};

native::interface_settings interface_of(const host_settings& settings) {
  native::interface_settings made;
  made.mac = own_mac;
  made.mtu = settings.mtu;
  made.addresses = {{settings.local, settings.local.is_v4() ? 16U : 64U}};
  made.gateways = {settings.local.is_v4() ? ip_address::v4(192, 168, 255, 254)
                                          : *parse_ip_literal("fe80::fe")};
  return made;
}

native::core_settings core_of(native::core_settings settings) {
  settings.seed = 1;
  settings.duplicates.solicitations = 0;  // the address is nobody else's
  settings.groups.robustness = 0;         // scripts count what is sent
  return settings;
}

}  // namespace

host_under_test::host_under_test(const host_settings& settings)
    : settings_(settings),
      core_(core_of(settings.core), packets_),
      tcp_(core_.network(), packets_, core_.timers(), settings.tcp, 1) {
  core_.attach(ip_protocol::tcp, tcp_, &tcp_);
  core_.add_interface(interface_of(settings), now_);
  step(now_);
}

void host_under_test::step(instant time) {
  now_ = std::max(now_, time);
  do {
    core_.advance(now_);
    send_all();
  } while (core_.next_deadline() <= now_);
}

void host_under_test::send_all() {
  std::array<packet, 16> frames;
  while (const std::size_t given = core_.output(interface_index, frames, now_)) {
    for (packet& each : std::span(frames).first(given)) {
      const packet frame = std::move(each);
      hear(frame.bytes());
    }
  }
}

void host_under_test::arrives(std::span<const std::byte> content) {
  put_on_link(content, (content[0] >> 4) == std::byte{6});
  step(now_);
}

void host_under_test::put_on_link(std::span<const std::byte> content, bool is_v6) {
  packet frame = packets_.take(wire::ethernet_header::size() + content.size());
  wire::ethernet_header{own_mac, gateway_mac, is_v6 ? wire::ethertype::ipv6 : wire::ethertype::ipv4}
      .emit(frame.append(wire::ethernet_header::size()));
  frame.append(content);
  core_.input(interface_index, std::move(frame), now_);
}

void host_under_test::hear(std::span<const std::byte> frame) {
  const auto header = wire::ethernet_view::parse(frame);
  if (!header) return;
  switch (header->type()) {
    case wire::ethertype::arp:
      return answer_arp(header->payload());
    case wire::ethertype::ipv6:
      return hear_v6(header->payload());
    case wire::ethertype::ipv4:
      sent_.push_back({now_, {header->payload().begin(), header->payload().end()}});
  }
}

void host_under_test::answer_arp(std::span<const std::byte> content) {
  const auto asked = wire::arp_view::parse(content);
  if (!asked || asked->operation() != wire::arp_operation::request) return;
  packet frame = packets_.take(wire::ethernet_header::size() + wire::arp_packet::size());
  wire::ethernet_header{own_mac, gateway_mac, wire::ethertype::arp}.emit(
      frame.append(wire::ethernet_header::size()));
  wire::arp_packet{wire::arp_operation::reply, gateway_mac, asked->target_ip(), own_mac,
                   asked->sender_ip()}
      .emit(frame.append(wire::arp_packet::size()));
  core_.input(interface_index, std::move(frame), now_);
}

// Neighbours talk by ICMPv6, and hosts tell of their groups behind a hop-by-hop header.
void host_under_test::hear_v6(std::span<const std::byte> content) {
  const auto header = wire::ipv6_view::parse(content);
  if (!header || header->next_header() == ip_protocol{0}) return;
  if (header->next_header() == ip_protocol::icmpv6) {
    const wire::pseudo_header pseudo(header->source(), header->destination(), ip_protocol::icmpv6);
    const auto message = wire::icmpv6_view::parse(header->payload(), pseudo);
    if (!message) return;
    if (message->type() == wire::icmpv6_type::neighbor_solicitation) {
      return answer_solicitation(*header, *message);
    }
    if (static_cast<unsigned>(message->type()) > 129) return;
  }
  sent_.push_back({now_,
                   {header->payload().data() - wire::ipv6_header::size(),
                    header->payload().data() + header->payload().size()}});
}

void host_under_test::answer_solicitation(const wire::ipv6_view& header,
                                          const wire::icmpv6_view& message) {
  const auto asked = wire::neighbor_solicitation::parse(
      message, {header.source(), header.destination(), header.hop_limit(), false});
  if (!asked) return;
  const wire::neighbor_advertisement answer{asked->target, true, true, true, gateway_mac};
  std::vector<std::byte> reply(wire::ipv6_header::size() + answer.size());
  wire::ipv6_header ip{.source = asked->target,
                       .destination = header.source(),
                       .next_header = ip_protocol::icmpv6,
                       .hop_limit = wire::ndp_hop_limit};
  ip.payload_size = static_cast<std::uint16_t>(answer.size());
  ip.emit(reply);
  answer.emit(std::span(reply).subspan(wire::ipv6_header::size()),
              wire::pseudo_header(ip.source, ip.destination, ip_protocol::icmpv6));
  put_on_link(reply, true);
}

}  // namespace pentad::packet_scripts
