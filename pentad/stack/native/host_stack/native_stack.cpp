#include "pentad/stack/native/host_stack/native_stack.hpp"

#include <algorithm>
#include <array>

#include "pentad/nic/coalescing.hpp"
#include "pentad/stack/native/host_stack/native_datagram.hpp"
#include "pentad/stack/native/host_stack/native_flows.hpp"
#include "pentad/stack/native/host_stack/native_listener.hpp"
#include "pentad/stack/native/host_stack/native_packets.hpp"
#include "pentad/stack/native/host_stack/native_socket.hpp"
#include "pentad/stack/native/host_stack/native_stream.hpp"

namespace pentad::native {

class native_stack::card_slot final : public nic_ready {
 public:
  card_slot(native_stack& of, nic& card, std::uint32_t number) noexcept
      : stack_(of),
        card_(card),
        number_(number),
        frames_at_a_time_(std::clamp<std::size_t>(batch_bytes / card.mtu(), 1, batch)) {
    card_.set_ready(this);
  }
  ~card_slot() { card_.set_ready(nullptr); }

  void receivable() noexcept override {
    waits_ = true;
    stack_.in_.push();
  }

  void transmittable() noexcept override {
    blocked_ = false;
    stack_.out_.push();
  }

  bool is_blocked() const noexcept { return blocked_; }
  bool has_sent_all() const noexcept { return kept_ == 0 && !stack_.core_.has_output(number_); }

  /// True if there may be more.
  bool take_in(instant now) {
    if (!waits_) return false;
    const std::size_t count = card_.receive(arrived_);
    waits_ = count == arrived_.size();
    if (count == 0) return waits_;
    std::span<packet> frames = std::span(arrived_).first(count);
    stack_.note_arrival(number_, frames);
    // Raw sockets hear packets as they came.
    if (stack_.core_.raw().empty()) frames = frames.first(coalesce(frames));
    stack_.core_.input(number_, frames, now);
    return waits_;
  }

  /// Sends a batch at most. True if there may be more that the card has room for: others come
  /// first, so that what is on its way stays in the cache.
  bool send_out(instant now) {
    if (blocked_) return false;
    if (kept_ == 0) {
      pull_batch(now);
      stack_.show(number_, frame_way::outgoing, std::span(frames_).first(kept_));
    }
    if (kept_ == 0) return false;
    const std::size_t taken = transmit(std::span(frames_).subspan(first_, kept_));
    first_ += taken;
    kept_ -= taken;
    blocked_ = kept_ != 0;
    return !blocked_ && stack_.core_.has_output(number_);
  }

 private:
  void pull_batch(instant now) {
    first_ = kept_ = 0;
    std::size_t bytes = 0;
    while (kept_ < batch && bytes < batch_bytes) {
      const std::size_t wanted = std::min(frames_at_a_time_, batch - kept_);
      const std::span<packet> room = std::span(frames_).subspan(kept_, wanted);
      const std::size_t given = stack_.core_.output(number_, room, now);
      for (const packet& each : room.first(given)) bytes += each.size();
      kept_ += given;
      if (given < wanted) break;
    }
  }

  std::size_t transmit(std::span<packet> frames) {
    if (!stack_.tracer_.is_on()) return card_.transmit(frames);
    std::array<std::uint64_t, batch> senders;
    std::ranges::transform(frames, senders.begin(),
                           [](const packet& each) { return each.passage().sender; });
    // Before the card has them: a far host may have answered when it comes back.
    const wall_time now = stack_.tracer_.now();
    const std::size_t taken = card_.transmit(frames);
    for (const std::uint64_t each : std::span(senders).first(taken)) {
      if (each != 0) stack_.tracer_.passed(each, passed_hop::transmitted, now);
    }
    return taken;
  }

  native_stack& stack_;
  nic& card_;
  std::uint32_t number_;
  std::size_t frames_at_a_time_;  // however long they are, no more bytes than a batch has
  bool waits_ = false;
  bool blocked_ = false;
  std::array<packet, batch> arrived_;  // empty but while they are handed to the core
  std::array<packet, batch> frames_;   // pulled from the core, not taken by the card yet
  std::size_t first_ = 0;
  std::size_t kept_ = 0;
};

native_stack::step::step(native_stack& of, void (native_stack::*what)()) noexcept
    : stack_(of), work_(what) {
  run = [](ready_node& node) {
    auto& self = static_cast<step&>(node);
    self.pushed_ = false;
    (self.stack_.*self.work_)();
  };
}

void native_stack::step::push() noexcept {
  if (pushed_) return;
  pushed_ = true;
  stack_.loop_.push(*this);
}

void native_stack::step::release() noexcept {
  if (std::exchange(is_held_, false)) stack_.loop_.push(*this);
}

native_stack::native_stack(event_loop& loop, packet_pool& packets, const core_settings& configured,
                           const tcp_settings& configured_tcp)
    : loop_(loop),
      core_(configured, packets),
      loans_(packets),
      tcp_(core_.network(), packets, core_.timers(), configured_tcp, configured.seed),
      tracer_(loop),
      in_(*this, &native_stack::take_in),
      out_(*this, &native_stack::send_out) {
  core_.attach(ip_protocol::tcp, tcp_, &tcp_);
  timer_.stack = this;
  timer_.fire = [](timer_node& node) { static_cast<deadline&>(node).stack->in_.push(); };
}

native_stack::~native_stack() { loop_.timers().erase(timer_); }

void native_stack::add(nic& card, interface_settings configured, std::string name) {
  const nic_capabilities can = card.capabilities();
  configured.mac = card.address();
  configured.mtu = static_cast<std::uint32_t>(card.mtu());
  configured.offloads = {.transmit_checksum = can.transmit_checksum,
                         .segment_tcp_v4 = can.segment_tcp_v4,
                         .segment_tcp_v6 = can.segment_tcp_v6,
                         .segment_limit = can.segment_limit};
  const std::uint32_t number = core_.add_interface(configured, now());
  names_.push_back(name.empty() ? "eth" + std::to_string(number - 1) : std::move(name));
  cards_.push_back(std::make_unique<card_slot>(*this, card, number));
  schedule();
}

bool native_stack::is_settled() const noexcept {
  return tcp_.is_settled() && !core_.waits_for_neighbours() && !core_.has_group_news() &&
         std::ranges::all_of(cards_, [](const auto& each) { return each->has_sent_all(); });
}

result<std::vector<flow>> native_stack::flows() {
  std::vector<flow> flows = flows_of(tcp_, core_.udp());
  add_flows_of(core_.raw(), flows);
  return flows;
}

bool native_stack::release_leases() {
  const bool is_to_send = core_.release_leases(now());
  schedule();
  return is_to_send;
}

void native_stack::schedule() noexcept { out_.push(); }

void native_stack::take_in() {
  const instant time = now();
  bool more = false;
  // What is read for programs while they are told asks for a window update: they run before that.
  out_.hold();
  for (const auto& card : cards_) more |= card->take_in(time);
  core_.advance(time);
  tell_programs();
  if (more) in_.push();
  out_.release();
  loop_.hold_time();
}

void native_stack::send_out() {
  const instant time = now();
  bool more = false;
  for (const auto& card : cards_) more |= card->send_out(time);
  // No card has asked transports to send, not even by the loopback.
  if (std::ranges::all_of(cards_, &card_slot::is_blocked)) core_.advance(time);
  tell_programs();
  if (more) out_.push();
  arm();
  loop_.hold_time();
}

void native_stack::tell_programs() {
  if (std::exchange(configurations_, core_.configurations()) != core_.configurations()) {
    configured_.set();
  }
  while (connection* news = tcp_.next_connection_event()) {
    if (news->user != nullptr) static_cast<native_stream*>(news->user)->event();
  }
  while (listener* news = tcp_.next_listener_event()) {
    static_cast<native_listener*>(news->user)->event();
  }
  const auto tell = [](port_news& news) {
    while (!news.empty()) static_cast<native_datagram*>(news.next()->user)->event();
  };
  tell(core_.udp().news());
  tell(core_.raw().news());
}

void native_stack::observe_as_needed() noexcept {
  const bool is_needed = tracer_.is_on() || !listeners_.empty();
  core_.observe(is_needed ? this : nullptr);
  tcp_.observe(tracer_.is_on() ? this : nullptr);
}

void native_stack::scheduled(std::uint64_t sender) {
  tracer_.passed(sender, passed_hop::scheduled, tracer_.now());
}

void native_stack::queued(packet& arrived) {
  packet_passage passage = arrived.passage();
  passage.queued = tracer_.now().time_since_epoch().count();
  arrived.set_passage(passage);
}

// The loopback is wire and NIC of both ends.
void native_stack::turned(packet& passing, bool is_copy) {
  if (tracer_.is_on()) {
    const wall_time now = tracer_.now();
    if (const std::uint64_t sender = passing.passage().sender; sender != 0) {
      tracer_.passed(sender, passed_hop::transmitted, now);
    }
    passing.set_passage({.arrived = now.time_since_epoch().count()});
  }
  if (is_copy) return;
  show(interface::loopback_index, frame_way::outgoing, std::span(&passing, 1));
  show(interface::loopback_index, frame_way::incoming, std::span(&passing, 1));
}

void native_stack::note_arrival(std::uint32_t core_index, std::span<packet> frames) {
  if (tracer_.is_on()) {
    const std::int64_t now = tracer_.now().time_since_epoch().count();
    for (packet& each : frames) each.set_passage({.arrived = now});
  }
  show(core_index, frame_way::incoming, frames);
}

void native_stack::add_listener(native_packets& heard) {
  listeners_.push_back(&heard);
  observe_as_needed();
}

void native_stack::remove_listener(native_packets& heard) noexcept {
  std::erase(listeners_, &heard);
  observe_as_needed();
}

void native_stack::show(std::uint32_t core_index, frame_way way, std::span<const packet> frames) {
  if (listeners_.empty()) return;
  for (const packet& frame : frames) {
    for (native_packets* each : listeners_) each->see(core_index, way, frame);
  }
}

void native_stack::arm() noexcept {
  const instant next = core_.next_deadline();
  if (timer_.armed()) {
    if (timer_.at == next) return;
    loop_.timers().erase(timer_);
  }
  if (next == never) return;
  timer_.at = next;
  loop_.timers().insert(timer_);
}

result<owned_impl<unconnected_impl>> native_stack::open_stream(address_family family,
                                                               const stream_options& options) {
  if (family == address_family::local) return failure(std::errc::address_family_not_supported);
  if (family == address_family::v4 && options.ipv6_only) {
    return failure(std::errc::operation_not_supported);
  }
  // Tracing begins when there is a connection, and the own stack keeps a copy of what it sends.
  if (options.path_tracing || options.zero_copy) return failure(std::errc::operation_not_supported);
  if (const result<void> known = apply_options(options, nullptr); !known) {
    return failure(known.error());
  }
  const ip_version version = family == address_family::v4 ? ip_version::v4 : ip_version::v6;
  return owned_impl<unconnected_impl>(new native_socket(*this, version, options));
}

result<owned_impl<datagram_impl>> native_stack::open_datagram(address_family family,
                                                              const datagram_options& options) {
  if (family == address_family::local) return failure(std::errc::address_family_not_supported);
  const ip_version version = family == address_family::v4 ? ip_version::v4 : ip_version::v6;
  return native_datagram::open(*this, version, options);
}

result<owned_impl<datagram_impl>> native_stack::open_raw(ip_version version, ip_protocol protocol,
                                                         const raw_options& options) {
  return native_datagram::open_raw(*this, version, protocol, options);
}

result<owned_impl<packet_impl>> native_stack::open_packets(const packet_options& options) {
  return native_packets::open(*this, options);
}

result<std::vector<network_interface>> native_stack::interfaces() {
  return list_interfaces(core_, names_);
}

std::optional<std::uint32_t> native_stack::find_interface(std::string_view name) const noexcept {
  const auto found = std::ranges::find(names_, name);
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - names_.begin());
}

std::optional<std::uint32_t> native_stack::core_index(std::uint32_t number) const noexcept {
  if (number == loopback_number) return interface::loopback_index;
  if (number == 0 || number >= names_.size()) return std::nullopt;
  return number;
}

}  // namespace pentad::native
