#include "pentad/stack/native/core/udp_ports.hpp"

#include <algorithm>

#include "pentad/stack/native/core/icmp_meaning.hpp"
#include "pentad/stack/native/core/packet_memory.hpp"
#include "pentad/stack/native/core/port_sending.hpp"

namespace pentad::native {
namespace {

std::unexpected<std::error_code> error(std::errc what) noexcept {
  return std::unexpected(std::make_error_code(what));
}

/// Whether a port that is bound to `local` is on the way of packets to `address`, as the exact
/// address or as one that was left open.
bool covers(const ip_address& local, bool v6_only, const ip_address& address) noexcept {
  if (local == address) return true;
  if (!local.is_unspecified()) return false;
  return local.version() == address.version() || (local.is_v6() && !v6_only);
}

constexpr std::size_t most_payload_v4 = 65507;
constexpr std::size_t most_payload_v6 = 65527;

std::size_t headers_to(const ip_address& to) noexcept {
  return wire::udp_header::size() +
         (to.is_v4() ? wire::ipv4_header::size() : wire::ipv6_header::size());
}

}  // namespace

result<void> udp_port::connect(const endpoint& remote) { return owner_.connect(*this, remote); }

void udp_port::disconnect() noexcept {
  remote_.reset();
  local_.address = bound_;
}

result<void> udp_port::send(const port_message& message, instant now) {
  return owner_.send(*this, message, now);
}

void udp_port::close() noexcept { owner_.close(*this); }

bool udp_port::can_reach(const ip_address& to) const noexcept {
  const ip_address& own = local_.address;
  return own.version() == to.version() || (own.is_unspecified() && own.is_v6() && !v6_only_);
}

result<udp_port*> udp_ports::bind(const endpoint& local, const udp_binding& how) {
  if (!local.address.is_unspecified() && !local.address.is_multicast() &&
      !output_.is_broadcast(local.address) && !output_.is_local(local.address)) {
    return error(std::errc::address_not_available);
  }
  if (count_ >= context_.settings.udp.most_ports) return error(std::errc::too_many_files_open);
  endpoint chosen = local;
  if (chosen.port == 0) {
    const auto port = choose_port(local.address, how);
    if (!port) return std::unexpected(port.error());
    chosen.port = *port;
  } else if (is_taken(chosen, how, nullptr)) {
    return error(std::errc::address_in_use);
  }
  std::unique_ptr<udp_port> made(new udp_port(*this, news_, chosen, how.v6_only));
  made->options_.reuse_address = how.reuse_address;
  made->options_.reuse_port = how.reuse_port;
  made->options_.device = how.device;
  ++count_;
  return by_number_[chosen.port].emplace_back(std::move(made)).get();
}

void udp_ports::close(udp_port& closed) noexcept {
  const auto found = by_number_.find(closed.local_.port);
  std::erase_if(found->second, [&](const auto& each) { return each.get() == &closed; });
  if (found->second.empty()) by_number_.erase(found);
  --count_;
}

bool udp_ports::deliver(incoming_packet&& arrived, instant) {
  const auto check =
      arrived.checksum_is_known_good ? wire::checksum_check::skip : wire::checksum_check::verify;
  const wire::pseudo_header pseudo(arrived.source, arrived.destination, ip_protocol::udp);
  const auto view = wire::udp_view::parse(std::as_const(arrived.payload).bytes(), pseudo, check);
  // RFC 1122, section 4.1.3.4: what is wrong is dropped in silence. The NIC is never asked to put
  // datagrams together.
  if (!view || view->destination_port() == 0 ||
      arrived.payload.offload().segment != segmentation::none) {
    ++context_.counters.malformed_datagrams;
    return true;
  }
  const endpoint local(arrived.destination, view->destination_port());
  const endpoint remote(arrived.source, view->source_port());
  udp_port* const to = arrived.to_group ? nullptr : find(local, remote, arrived.interface);
  if (to == nullptr && !arrived.to_group) {
    ++context_.counters.ports_unreachable;
    return false;
  }
  const std::size_t size = view->payload().size();
  arrived.payload.remove_prefix(wire::udp_header::size());
  arrived.payload.truncate(size);
  arrived_datagram datagram{.payload = std::move(arrived.payload),
                            .source = remote,
                            .destination = local,
                            .interface = arrived.interface,
                            .time_to_live = arrived.time_to_live,
                            .traffic_class = arrived.traffic_class};
  if (to == nullptr) return deliver_to_all(std::move(datagram));
  ++context_.counters.datagrams_received;
  to->enqueue(std::move(datagram));
  return true;
}

/// What is for a group is for each port that hears it. Nobody is told if there is none.
bool udp_ports::deliver_to_all(arrived_datagram&& arrived) {
  const endpoint& group = arrived.destination;
  const auto wants = [&](const udp_port& port) {
    return covers(port.local_.address, port.v6_only_, group.address) &&
           (!port.remote_ || *port.remote_ == arrived.source) &&
           port.hears_interface(arrived.interface) &&
           (!group.address.is_multicast() ||
            port.hears(group.address, arrived.source.address, arrived.interface));
  };
  udp_port* last = nullptr;
  const auto found = by_number_.find(group.port);
  if (found != by_number_.end()) {
    for (const auto& each : found->second) {
      if (!wants(*each)) continue;
      if (udp_port* const before = std::exchange(last, each.get())) {
        packet copy = context_.packets.copy(arrived.payload);
        if (!copy) {
          ++context_.counters.out_of_packets;
          continue;
        }
        copy.set_passage(arrived.payload.passage());
        ++context_.counters.datagrams_received;
        before->enqueue({.payload = std::move(copy),
                         .source = arrived.source,
                         .destination = arrived.destination,
                         .interface = arrived.interface,
                         .time_to_live = arrived.time_to_live,
                         .traffic_class = arrived.traffic_class});
      }
    }
  }
  if (last == nullptr) {
    ++context_.counters.ports_unreachable;
    return true;
  }
  ++context_.counters.datagrams_received;
  last->enqueue(std::move(arrived));
  return true;
}

void udp_ports::failed(const path_error& about, instant) {
  const endpoint local(about.source, load_be16(about.transport.data()));
  const endpoint remote(about.destination, load_be16(&about.transport[2]));
  udp_port* const who = find(local, remote, 0);
  if (who == nullptr) {
    ++context_.counters.implausible_icmp;
    return;
  }
  const bool is_too_big = about.what == path_error::kind::too_big;
  // Longer datagrams are fragmented from now on, unless the port wants to do that itself.
  if (is_too_big) output_.lower_path_mtu(about.destination, about.mtu);
  const port_options& options = who->options();
  const bool cuts = options.mtu == path_mtu_mode::off || options.mtu == path_mtu_mode::want;
  // Without a peer nobody could say which datagram it was about.
  if (!options.errors && (!who->remote_ || (is_too_big && cuts))) return;
  const auto payload = about.transport.subspan(wire::udp_header::size());
  who->refuse(told_of(about, remote, payload), true);
}

udp_port* udp_ports::find(const endpoint& local, const endpoint& remote,
                          std::uint32_t by_interface) noexcept {
  const auto found = by_number_.find(local.port);
  if (found == by_number_.end()) return nullptr;
  // The exact address is better than one left open, and that of the same version than that of both;
  // a port with a peer of its own is better than one without.
  const auto rank = [&](const udp_port& port) -> int {
    if (!covers(port.local_.address, port.v6_only_, local.address)) return -1;
    if (port.remote_ && *port.remote_ != remote) return -1;
    if (by_interface != 0 && !port.hears_interface(by_interface)) return -1;
    const int fixed = (port.remote_ ? 4 : 0) + (port.options_.device ? 8 : 0);
    if (port.local_.address == local.address) return fixed + 2;
    return fixed + (port.local_.address.version() == local.address.version() ? 1 : 0);
  };
  udp_port* best = nullptr;
  int best_rank = -1;
  std::uint32_t sharers = 0;
  for (const auto& each : found->second) {
    const int own = rank(*each);
    if (own < 0 || own < best_rank) continue;
    sharers = own == best_rank && each->options_.reuse_port ? sharers + 1 : 1;
    best_rank = own;
    best = each.get();  // of those that share an address, the last
  }
  if (sharers < 2) return best;
  const std::uint64_t hash =
      table_siphash(key_).add(remote.address.bytes()).add(std::uint64_t{remote.port}).finish();
  auto chosen = static_cast<std::uint32_t>(hash % sharers);
  for (const auto& each : found->second) {
    if (rank(*each) == best_rank && chosen-- == 0) return each.get();
  }
  return best;
}

bool udp_ports::is_taken(const endpoint& local, const udp_binding& how,
                         const udp_port* by_other_than) const noexcept {
  const auto found = by_number_.find(local.port);
  if (found == by_number_.end()) return false;
  return std::ranges::any_of(found->second, [&](const auto& each) {
    const port_options& options = each->options();
    if (each.get() == by_other_than) return false;
    if (how.reuse_address && options.reuse_address) return false;
    if (how.reuse_port && options.reuse_port) return false;
    if (how.device && options.device && *how.device != *options.device) return false;
    return covers(each->local_.address, each->v6_only_, local.address) ||
           covers(local.address, how.v6_only, each->local_.address);
  });
}

/// RFC 6056, section 3.3.1: from a random port on the first that is free.
result<std::uint16_t> udp_ports::choose_port(const ip_address& local, const udp_binding& how) {
  const std::uint32_t first = context_.settings.udp.first_ephemeral_port;
  const std::uint32_t count = context_.settings.udp.last_ephemeral_port - first + 1;
  const std::uint32_t start = context_.numbers.below(count);
  const udp_binding alone{.v6_only = how.v6_only};
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto port = static_cast<std::uint16_t>(first + (start + i) % count);
    if (!is_taken({local, port}, alone, nullptr)) return port;
  }
  return error(std::errc::address_in_use);
}

result<void> udp_ports::connect(udp_port& who, const endpoint& remote) {
  const ip_address to = remote.address.unmapped();
  if (remote.port == 0 || to.is_unspecified()) return error(std::errc::invalid_argument);
  if (who.remote_) who.disconnect();
  if (!who.can_reach(to)) return error(std::errc::address_family_not_supported);
  const auto way = way_of(output_, who, {}, to);
  if (!way) return std::unexpected(way.error());
  const endpoint chosen(way->source, who.local_.port);
  const port_options& options = who.options();
  const udp_binding how{.v6_only = who.v6_only_,
                        .reuse_address = options.reuse_address,
                        .reuse_port = options.reuse_port,
                        .device = options.device};
  if (is_taken(chosen, how, &who)) return error(std::errc::address_in_use);
  who.local_ = chosen;
  who.remote_ = endpoint(to, remote.port);
  return {};
}

result<void> udp_ports::send(udp_port& from, const port_message& message, instant now) {
  if (!message.to && !from.remote_) return error(std::errc::not_connected);
  endpoint peer = message.to ? *message.to : *from.remote_;
  peer.address = peer.address.unmapped();
  const ip_address& to = peer.address;
  if (peer.port == 0) return error(std::errc::invalid_argument);
  if (!from.can_reach(to)) return error(std::errc::address_family_not_supported);
  if (message.payload.size() > (to.is_v4() ? most_payload_v4 : most_payload_v6)) {
    return error(std::errc::message_size);
  }
  const auto way = way_of(output_, from, message, to);
  if (!way) return std::unexpected(way.error());
  const packet_length length = length_on(*way, from, headers_to(to) + message.payload.size());
  if (length.refused) {
    from.refuse({.code = std::make_error_code(std::errc::message_size),
                 .is_local = true,
                 .mtu = length.most,
                 .destination = peer},
                false);
    return error(std::errc::message_size);
  }
  interface& out = *output_.interfaces().find(way->interface);
  if (!from.may_send(out)) return error(std::errc::operation_would_block);
  packet made = make(from, *way, peer, message.payload);
  if (!made) {
    ++context_.counters.out_of_packets;
    return error(std::errc::no_buffer_space);
  }
  ++context_.counters.datagrams_sent;
  const std::uint64_t before = out.frames_queued();
  output_.send(packet_of(from, message, *way, to, ip_protocol::udp, std::move(made), length.fits,
                         output_.is_broadcast(to)),
               now);
  from.sent(out, before);
  return {};
}

packet udp_ports::make(const udp_port& from, const path& way, const endpoint& to,
                       std::span<const std::byte> payload) {
  const std::size_t size = wire::udp_header::size() + payload.size();
  packet made = context_.packets.take(size);
  if (!made) return made;
  const std::span<std::byte> bytes = made.append(size);
  const wire::udp_header header{.source_port = from.local_.port, .destination_port = to.port};
  const wire::pseudo_header pseudo(way.source, to.address, ip_protocol::udp);
  if (way.checksum_offload && headers_to(to.address) + payload.size() <= way.mtu) {
    std::ranges::copy(payload, bytes.subspan(wire::udp_header::size()).begin());
    header.emit_for_offload(bytes, pseudo, payload.size());
    packet_offload offload;
    offload.checksum = checksum_state::partial;
    offload.checksum_offset = 6;
    made.set_offload(offload);
  } else {
    const auto sum = wire::copy_and_checksum(payload, bytes.subspan(wire::udp_header::size()));
    header.emit(bytes, pseudo, sum);
  }
  return made;
}

}  // namespace pentad::native
