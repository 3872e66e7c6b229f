#include "pentad/stack/native/host_stack/native_stack.hpp"

#include <algorithm>
#include <array>

#include "pentad/stack/native/host_stack/native_flows.hpp"
#include "pentad/stack/native/host_stack/native_listener.hpp"
#include "pentad/stack/native/host_stack/native_socket.hpp"
#include "pentad/stack/native/host_stack/native_stream.hpp"

namespace pentad::native {

class native_stack::card_slot final : public nic_ready {
 public:
  card_slot(native_stack& of, nic& card, std::uint32_t number) noexcept
      : stack_(of), card_(card), number_(number) {
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

  bool has_sent_all() const noexcept { return kept_ == 0 && !stack_.core_.has_output(number_); }

  /// True if there may be more.
  bool take_in(instant now) {
    if (!waits_) return false;
    const std::size_t count = card_.receive(arrived_);
    waits_ = count == arrived_.size();
    if (count != 0) stack_.core_.input(number_, std::span(arrived_).first(count), now);
    return waits_;
  }

  /// Sends until the core has nothing more or the card is full.
  void send_out(instant now) {
    while (!blocked_) {
      if (kept_ == 0) {
        kept_ = stack_.core_.output(number_, frames_, now);
        first_ = 0;
        if (kept_ == 0) return;
      }
      const std::size_t taken = card_.transmit(std::span(frames_).subspan(first_, kept_));
      first_ += taken;
      kept_ -= taken;
      blocked_ = kept_ != 0;
    }
  }

 private:
  native_stack& stack_;
  nic& card_;
  std::uint32_t number_;
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

native_stack::native_stack(event_loop& loop, packet_pool& packets, const core_settings& configured,
                           const tcp_settings& configured_tcp)
    : loop_(loop),
      core_(configured, packets),
      loans_(packets),
      tcp_(core_.network(), packets, core_.timers(), configured_tcp, configured.seed),
      in_(*this, &native_stack::take_in),
      out_(*this, &native_stack::send_out) {
  core_.attach(ip_protocol::tcp, tcp_, &tcp_);
  timer_.stack = this;
  timer_.fire = [](timer_node& node) { static_cast<deadline&>(node).stack->in_.push(); };
}

native_stack::~native_stack() { loop_.timers().erase(timer_); }

void native_stack::add(nic& card, interface_settings configured) {
  const nic_capabilities can = card.capabilities();
  configured.mac = card.address();
  configured.mtu = static_cast<std::uint32_t>(card.mtu());
  configured.offloads = {.transmit_checksum = can.transmit_checksum,
                         .segment_tcp_v4 = can.segment_tcp_v4,
                         .segment_tcp_v6 = can.segment_tcp_v6,
                         .segment_limit = can.segment_limit};
  const std::uint32_t number = core_.add_interface(configured, now());
  cards_.push_back(std::make_unique<card_slot>(*this, card, number));
  schedule();
}

bool native_stack::is_settled() const noexcept {
  return tcp_.is_settled() &&
         std::ranges::all_of(cards_, [](const auto& each) { return each->has_sent_all(); });
}

result<std::vector<flow>> native_stack::flows() { return flows_of(tcp_, core_.udp()); }

void native_stack::schedule() noexcept { out_.push(); }

void native_stack::take_in() {
  const instant time = now();
  bool more = false;
  for (const auto& card : cards_) more |= card->take_in(time);
  core_.advance(time);
  tell_programs();
  if (more) in_.push();
  out_.push();
}

void native_stack::send_out() {
  const instant time = now();
  for (const auto& card : cards_) card->send_out(time);
  tell_programs();
  arm();
}

void native_stack::tell_programs() {
  while (connection* news = tcp_.next_connection_event()) {
    if (news->user != nullptr) static_cast<native_stream*>(news->user)->event();
  }
  while (listener* news = tcp_.next_listener_event()) {
    static_cast<native_listener*>(news->user)->event();
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
  if (const result<void> known = apply_options(options, nullptr); !known) {
    return failure(known.error());
  }
  const ip_version version = family == address_family::v4 ? ip_version::v4 : ip_version::v6;
  return owned_impl<unconnected_impl>(new native_socket(*this, version, options));
}

result<owned_impl<datagram_impl>> native_stack::open_datagram(address_family,
                                                              const datagram_options&) {
  return failure(std::errc::operation_not_supported);
}

result<owned_impl<datagram_impl>> native_stack::open_raw(ip_version, ip_protocol,
                                                         const raw_options&) {
  return failure(std::errc::operation_not_supported);
}

result<owned_impl<packet_impl>> native_stack::open_packets(const packet_options&) {
  return failure(std::errc::operation_not_supported);
}

result<std::vector<network_interface>> native_stack::interfaces() {
  return failure(std::errc::operation_not_supported);
}

}  // namespace pentad::native
