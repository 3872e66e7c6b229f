#include "pentad/stack/native/core/udp_ports.hpp"

#include <algorithm>

#include "pentad/stack/native/core/packet_memory.hpp"

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

/// What Linux's programs see (icmp(7), the table of icmp_err_convert).
std::errc meaning_of(path_error::kind what) noexcept {
  switch (what) {
    case path_error::kind::network_unreachable:
      return std::errc::network_unreachable;
    case path_error::kind::protocol_unreachable:
      return std::errc::no_protocol_option;
    case path_error::kind::port_unreachable:
      return std::errc::connection_refused;
    case path_error::kind::too_big:
      return std::errc::message_size;
    case path_error::kind::parameter_problem:
      return std::errc::protocol_error;
    case path_error::kind::host_unreachable:
    case path_error::kind::prohibited:
    case path_error::kind::time_exceeded:
      break;
  }
  return std::errc::host_unreachable;
}

constexpr std::size_t most_payload_v4 = 65507;
constexpr std::size_t most_payload_v6 = 65527;

}  // namespace

result<void> udp_port::connect(const endpoint& remote) { return owner_.connect(*this, remote); }

result<void> udp_port::send(std::span<const std::byte> payload, instant now) {
  if (!remote_) return error(std::errc::not_connected);
  return owner_.send(*this, payload, *remote_, now);
}

result<void> udp_port::send_to(std::span<const std::byte> payload, const endpoint& to,
                               instant now) {
  return owner_.send(*this, payload, to, now);
}

std::optional<received_datagram> udp_port::receive() noexcept {
  if (queue_.empty()) return std::nullopt;
  received_datagram taken = std::move(queue_.front());
  queue_.pop_front();
  queued_memory_ -= held_memory(taken.payload);
  return taken;
}

result<udp_port*> udp_ports::bind(const endpoint& local, bool v6_only) {
  if (!local.address.is_unspecified() && !local.address.is_multicast() &&
      !output_.is_broadcast(local.address) && !output_.is_local(local.address)) {
    return error(std::errc::address_not_available);
  }
  if (count_ >= context_.settings.udp.most_ports) return error(std::errc::too_many_files_open);
  endpoint chosen = local;
  if (chosen.port == 0) {
    const auto port = choose_port(local.address, v6_only);
    if (!port) return std::unexpected(port.error());
    chosen.port = *port;
  } else if (is_taken(chosen, v6_only, nullptr)) {
    return error(std::errc::address_in_use);
  }
  const udp_settings& settings = context_.settings.udp;
  std::unique_ptr<udp_port> made(
      new udp_port(*this, chosen, v6_only, settings.receive_buffer, context_.settings.hop_limit));
  ++count_;
  return by_number_[chosen.port].emplace_back(std::move(made)).get();
}

void udp_ports::close(udp_port& closed) noexcept {
  if (closed.has_news_) std::erase(events_, &closed);
  const auto found = by_number_.find(closed.local_.port);
  std::erase_if(found->second, [&](const auto& each) { return each.get() == &closed; });
  if (found->second.empty()) by_number_.erase(found);
  --count_;
}

udp_port* udp_ports::next_event() noexcept {
  if (events_.empty()) return nullptr;
  udp_port* const next = events_.front();
  events_.pop_front();
  next->has_news_ = false;
  return next;
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
  udp_port* const to = find(local, remote);
  if (to == nullptr) {
    ++context_.counters.ports_unreachable;
    return false;
  }
  const std::size_t size = view->payload().size();
  arrived.payload.remove_prefix(wire::udp_header::size());
  arrived.payload.truncate(size);
  enqueue(*to, {.payload = std::move(arrived.payload),
                .source = remote,
                .destination = local,
                .interface = arrived.interface,
                .time_to_live = arrived.time_to_live,
                .traffic_class = arrived.traffic_class});
  return true;
}

void udp_ports::failed(const path_error& about, instant) {
  const endpoint local(about.source, load_be16(about.transport.data()));
  const endpoint remote(about.destination, load_be16(&about.transport[2]));
  udp_port* const who = find(local, remote);
  if (who == nullptr) {
    ++context_.counters.implausible_icmp;
    return;
  }
  if (about.what == path_error::kind::too_big) {
    output_.lower_path_mtu(about.destination, about.mtu);
    return;  // longer datagrams are fragmented from now on
  }
  // Without a peer nobody could say which datagram it was about.
  if (!who->remote_) return;
  who->error_ = std::make_error_code(meaning_of(about.what));
  notify(*who);
}

udp_port* udp_ports::find(const endpoint& local, const endpoint& remote) noexcept {
  const auto found = by_number_.find(local.port);
  if (found == by_number_.end()) return nullptr;
  udp_port* best = nullptr;
  for (const auto& each : found->second) {
    if (!covers(each->local_.address, each->v6_only_, local.address)) continue;
    if (each->remote_ && *each->remote_ != remote) continue;
    // The exact address is better than one left open, and that of the same version than that of
    // both.
    const auto rank = [&](const udp_port& port) {
      if (port.local_.address == local.address) return 2;
      return port.local_.address.version() == local.address.version() ? 1 : 0;
    };
    if (best == nullptr || rank(*each) > rank(*best)) best = each.get();
  }
  return best;
}

bool udp_ports::is_taken(const endpoint& local, bool v6_only,
                         const udp_port* by_other_than) const noexcept {
  const auto found = by_number_.find(local.port);
  if (found == by_number_.end()) return false;
  return std::ranges::any_of(found->second, [&](const auto& each) {
    return each.get() != by_other_than &&
           (covers(each->local_.address, each->v6_only_, local.address) ||
            covers(local.address, v6_only, each->local_.address));
  });
}

/// RFC 6056, section 3.3.1: from a random port on the first that is free.
result<std::uint16_t> udp_ports::choose_port(const ip_address& local, bool v6_only) {
  const std::uint32_t first = context_.settings.udp.first_ephemeral_port;
  const std::uint32_t count = context_.settings.udp.last_ephemeral_port - first + 1;
  const std::uint32_t start = context_.numbers.below(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto port = static_cast<std::uint16_t>(first + (start + i) % count);
    if (!is_taken({local, port}, v6_only, nullptr)) return port;
  }
  return error(std::errc::address_in_use);
}

void udp_ports::enqueue(udp_port& to, received_datagram&& arrived) {
  const std::size_t memory = held_memory(arrived.payload);
  if (to.queued_memory_ + memory > to.most_queued_) {
    ++context_.counters.datagram_queue_full;
    return;
  }
  ++context_.counters.datagrams_received;
  to.queued_memory_ += memory;
  to.queue_.push_back(std::move(arrived));
  notify(to);
}

void udp_ports::notify(udp_port& who) {
  if (who.has_news_) return;
  who.has_news_ = true;
  events_.push_back(&who);
}

result<void> udp_ports::connect(udp_port& who, const endpoint& remote) {
  const ip_address to = remote.address.unmapped();
  const ip_address& own = who.local_.address;
  if (remote.port == 0 || to.is_unspecified()) return error(std::errc::invalid_argument);
  if (own.version() != to.version() && (!own.is_unspecified() || own.is_v4() || who.v6_only_)) {
    return error(std::errc::address_family_not_supported);
  }
  const ip_address source = own.is_unspecified() ? ip_address::any(to.version()) : own;
  const auto way = output_.find_path(to, source);
  if (!way) return std::unexpected(way.error());
  const endpoint chosen(way->source, who.local_.port);
  if (is_taken(chosen, who.v6_only_, &who)) return error(std::errc::address_in_use);
  who.local_ = chosen;
  who.remote_ = endpoint(to, remote.port);
  return {};
}

result<void> udp_ports::send(udp_port& from, std::span<const std::byte> payload,
                             const endpoint& to_endpoint, instant now) {
  const ip_address to = to_endpoint.address.unmapped();
  const ip_address& own = from.local_.address;
  if (to_endpoint.port == 0) return error(std::errc::invalid_argument);
  if (own.version() != to.version() && (!own.is_unspecified() || own.is_v4() || from.v6_only_)) {
    return error(std::errc::address_family_not_supported);
  }
  if (payload.size() > (to.is_v4() ? most_payload_v4 : most_payload_v6)) {
    return error(std::errc::message_size);
  }
  const bool is_broadcast = output_.is_broadcast(to);
  if (is_broadcast && !from.broadcast_allowed_) return error(std::errc::permission_denied);
  // A group may be listened to, but nothing comes from it.
  const bool has_source = !own.is_unspecified() && output_.is_local(own);
  const auto way = output_.find_path(to, has_source ? own : ip_address::any(to.version()));
  if (!way) return std::unexpected(way.error());

  const std::size_t size = wire::udp_header::size() + payload.size();
  packet made = context_.packets.take(size);
  if (!made) {
    ++context_.counters.out_of_packets;
    return error(std::errc::no_buffer_space);
  }
  const std::span<std::byte> bytes = made.append(size);
  const wire::udp_header header{.source_port = from.local_.port,
                                .destination_port = to_endpoint.port};
  const wire::pseudo_header pseudo(way->source, to, ip_protocol::udp);
  const std::size_t ip_header = to.is_v4() ? wire::ipv4_header::size() : wire::ipv6_header::size();
  const bool fits = ip_header + size <= way->mtu;
  if (way->checksum_offload && fits) {
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
  ++context_.counters.datagrams_sent;
  const bool to_group = to.is_multicast() || is_broadcast;
  output_.send({.payload = std::move(made),
                .source = way->source,
                .destination = to,
                .protocol = ip_protocol::udp,
                .time_to_live = to.is_multicast() ? from.group_time_to_live_ : from.time_to_live_,
                .traffic_class = from.traffic_class_,
                // As Linux does: what fits teaches the path MTU, what does not is fragmented.
                .dont_fragment = fits && !to_group},
               now);
  return {};
}

}  // namespace pentad::native
