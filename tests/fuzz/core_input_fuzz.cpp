/// Whatever frames come in, in whatever order and at whatever times: the core survives them, holds
/// no more memory than its bounds allow, sends frames that are well formed, and gives all memory
/// back. A case is a sequence of records: two bytes of kind and length, then the bytes of one
/// frame.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>

#include "pentad/stack/native/core/core.hpp"

namespace {

using namespace std::chrono_literals;
using pentad::instant;
using pentad::ip_address;
using pentad::mac_address;
using pentad::packet;
using pentad::packet_pool;
namespace native = pentad::native;
namespace wire = pentad::wire;

void require(bool condition) {
  if (!condition) std::abort();
}

constexpr mac_address our_mac{2, 0, 0, 0, 0, 1};
constexpr mac_address peer_mac{2, 0, 0, 0, 0, 2};
constexpr ip_address us = ip_address::v4(10, 0, 0, 1);
constexpr ip_address peer = ip_address::v4(10, 0, 0, 2);
constexpr ip_address group = ip_address::v4(239, 1, 2, 3);

ip_address v6_host(std::uint8_t number) {
  std::array<std::byte, 16> bytes{std::byte{0x20}, std::byte{0x01}, std::byte{0x0d},
                                  std::byte{0xb8}};
  bytes[15] = std::byte{number};
  return ip_address::v6(bytes);
}

constexpr std::size_t fragment_bytes = 64 * 2048;

native::core_settings small_bounds() {
  native::core_settings settings;
  settings.seed = 1;
  settings.duplicates = {.solicitations = 1, .arp_probes = 1};
  settings.neighbours.most = 16;
  settings.neighbours.pending_bytes = 8 * 2048;
  settings.neighbours.all_pending_bytes = 32 * 2048;
  settings.reassembly.most_bytes = fragment_bytes;
  settings.reassembly.most_bytes_per_source = fragment_bytes / 2;
  settings.reassembly.most_packets = 16;
  settings.path_mtu.most = 16;
  settings.icmp.most_destinations = 16;
  settings.udp.receive_buffer = 8 * 2048;
  return settings;
}

/// What kind of record it is, by its low bits; the others say what the NIC knows of the frame.
enum class record : std::uint8_t { frame, to_us, ipv4, ipv6, time_passes, send_v4, send_v6, read };

class session {
 public:
  session() : host_(small_bounds(), pool_) {
    native::interface_settings nic;
    nic.mac = our_mac;
    nic.addresses = {{us, 24}, {v6_host(1), 64}};
    nic.gateways = {ip_address::v4(10, 0, 0, 254)};
    nic.dhcp = nic.router_discovery = true;
    host_.add_interface(nic, now_);
    pass(10s);
    v4_ = host_.udp().bind({ip_address::any(pentad::ip_version::v4), 53}).value();
    v6_ = host_.udp().bind({ip_address::any(pentad::ip_version::v6), 54}, true).value();
    require(v4_->connect({peer, 53}).has_value());
    v4_->options().errors = true;
    v6_->options().errors = true;
    v6_->options().mtu = native::path_mtu_mode::always;
    group_ = host_.udp().bind({group, 53}, {.reuse_address = true}).value();
    require(group_->join({.group = group, .source = peer}).has_value());
    icmp_ = host_.raw().open({.protocol = pentad::ip_protocol::icmp, .only_echo = true}).value();
    icmp_->options().errors = true;
    raw_ = host_.raw()
               .open({.version = pentad::ip_version::v6,
                      .protocol = pentad::ip_protocol{253},
                      .checksum_offset = 2})
               .value();
    whole_ =
        host_.raw().open({.protocol = pentad::ip_protocol::udp, .header_included = true}).value();
    for (native::datagram_port* each : ports()) each->options().receive_buffer = 8 * 2048;
  }

  void take(std::uint8_t kind, std::span<const std::byte> content) {
    switch (static_cast<record>(kind & 7)) {
      case record::frame:
        return hear(kind, content, std::nullopt);
      case record::to_us:
        return hear(kind, content, wire::ethertype::arp);
      case record::ipv4:
        return hear(kind, content, wire::ethertype::ipv4);
      case record::ipv6:
        return hear(kind, content, wire::ethertype::ipv6);
      case record::time_passes:
        return pass((kind >> 3) * 1s + content.size() * 10ms);
      case record::send_v4:
        (void)v4_->send(content, now_);
        (void)icmp_->send({.payload = content, .to = pentad::endpoint(peer, 0)}, now_);
        return;
      case record::send_v6:
        (void)v6_->send_to(content, {v6_host(kind >> 3), 53}, now_);
        (void)raw_->send({.payload = content, .to = pentad::endpoint(v6_host(kind >> 3), 0)}, now_);
        return;
      case record::read:
        for (native::datagram_port* each : ports()) read(*each);
        return;
    }
  }

  void check() {
    host_.advance(now_);
    drain();
    require(host_.fragments().bytes() <= fragment_bytes);
    require(host_.fragments().size() <= 16);
    require(host_.path_mtus().size() <= 16);
    native::neighbour_cache& neighbours = host_.interfaces().find(1)->neighbours();
    require(neighbours.size() <= 16 && neighbours.pending_bytes() <= 32 * 2048);
    constexpr std::size_t own = 3;  // and one of a lease
    require(host_.interfaces().find(1)->addresses().size() <=
            own + 1 + native::router_discovery::most_addresses);
    // An empty queue takes one datagram of any size.
    constexpr std::size_t queued = std::max(std::size_t{8} * 2048, packet_pool::large_buffer);
    for (const native::datagram_port* each : ports()) require(each->queued_memory() <= queued);
  }

 private:
  std::array<native::datagram_port*, 6> ports() { return {v4_, v6_, group_, icmp_, raw_, whole_}; }

  static void read(native::datagram_port& from) {
    while (from.receive()) {
    }
    while (const auto told = from.take_kept_error()) require(told->bytes.size() <= 1280);
    (void)from.take_error();
  }

  void hear(std::uint8_t kind, std::span<const std::byte> content,
            std::optional<wire::ethertype> type) {
    packet frame = pool_.take(content.size());
    require(static_cast<bool>(frame));
    frame.append(content);
    if (type) {
      wire::ethernet_header{our_mac, peer_mac, *type}.emit(
          frame.prepend(wire::ethernet_header::size()));
    }
    pentad::packet_offload offload;
    offload.checksum = static_cast<pentad::checksum_state>((kind >> 3) % 3);
    frame.set_offload(offload);
    host_.input(1, std::move(frame), now_);
  }

  void pass(pentad::duration how_long) {
    const instant end = now_ + how_long;
    while (host_.next_deadline() <= end) {
      now_ = std::max(now_, host_.next_deadline());
      host_.advance(now_);
      drain();
    }
    now_ = end;
    host_.advance(now_);
  }

  void drain() {
    std::array<packet, 8> frames;
    while (const std::size_t given = host_.output(1, frames, now_)) {
      for (const packet& each : std::span(frames).first(given)) check_frame(each);
    }
  }

  static void check_frame(const packet& sent) {
    const auto frame = wire::ethernet_view::parse(sent.bytes());
    require(frame && frame->source() == our_mac);
    require(sent.size() <= 1514);
    if (frame->type() == wire::ethertype::ipv4) {
      const auto view = wire::ipv4_view::parse(frame->payload());
      require(view && !view->source().is_loopback() && !view->destination().is_loopback());
    } else if (frame->type() == wire::ethertype::ipv6) {
      const auto view = wire::ipv6_view::parse(frame->payload());
      require(view && !view->source().is_loopback() && !view->destination().is_loopback());
    }
  }

  packet_pool pool_;
  native::core host_;
  instant now_{1s};
  native::udp_port* v4_ = nullptr;
  native::udp_port* v6_ = nullptr;
  native::udp_port* group_ = nullptr;
  native::raw_port* icmp_ = nullptr;
  native::raw_port* raw_ = nullptr;
  native::raw_port* whole_ = nullptr;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::span<const std::byte> rest = std::as_bytes(std::span(data, size));
  session one;
  while (rest.size() >= 2) {
    const auto kind = std::to_integer<std::uint8_t>(rest[0]);
    const std::size_t length = std::min(std::to_integer<std::size_t>(rest[1]) * 6, rest.size() - 2);
    one.take(kind, rest.subspan(2, length));
    rest = rest.subspan(2 + length);
  }
  one.check();
  return 0;
}
