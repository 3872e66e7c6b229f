#include "pentad/stack/native/core/dhcp_client.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "pentad/wire/address_bytes.hpp"
#include "pentad/wire/udp.hpp"

namespace pentad::native {
namespace {

using std::chrono::seconds;
using wire::dhcpv4_type;

constexpr ip_address everybody = ip_address::v4(255, 255, 255, 255);
constexpr ip_address nowhere = ip_address::any(ip_version::v4);

constexpr duration first_wait = seconds(4);   // RFC 2131, section 4.1
constexpr unsigned most_doublings = 4;        // up to 64 s
constexpr unsigned most_requests = 4;         // of one offer, then all servers are asked again
constexpr duration reboot_wait = seconds(1);  // a program waits
constexpr unsigned most_reboots = 3;
constexpr duration after_decline = seconds(10);  // RFC 2131, section 3.1, 5
constexpr duration after_refusal = seconds(1);
constexpr duration least_extension_wait = seconds(60);  // RFC 2131, section 4.4.5

/// Not that of the hardware alone: Linux may ask for itself with the same (RFC 2132, section 9.14).
std::array<std::byte, 13> identifier_of(const mac_address& mac) noexcept {
  std::array<std::byte, 13> made{std::byte{0}};
  constexpr std::string_view name = "pentad";
  std::ranges::transform(name, &made[1], [](char c) { return static_cast<std::byte>(c); });
  std::ranges::copy(mac.bytes(), &made[1 + name.size()]);
  return made;
}

}  // namespace

dhcp_client::dhcp_client(context& shared, ip_output& output, interface& link,
                         const lease_settings& wanted)
    : context_(shared), output_(output), link_(link), wanted_(wanted) {
  timer_.owner = this;
  timer_.fire = [](timer_node& node) { static_cast<timer&>(node).owner->fire(); };
  link_.set_dhcp(this);
  link_.watch(*this);
}

dhcp_client::~dhcp_client() { context_.timers.erase(timer_); }

void dhcp_client::start() {
  if (wanted_.remembered) return reboot();
  begin_after(duration::zero());
}

void dhcp_client::begin_after(duration pause) {
  state_ = state::waiting;
  context_.arm(timer_, pause);
}

void dhcp_client::fire() {
  switch (state_) {
    case state::waiting:
      return discover();
    case state::rebooting:
      return attempts_ < most_reboots ? retransmit() : discover();
    case state::selecting:
      return retransmit();
    case state::requesting:
      return attempts_ < most_requests ? retransmit() : discover();
    case state::checking:
    case state::over:
      return;
    case state::bound:
    case state::renewing:
    case state::rebinding:
      return extend();
  }
}

void dhcp_client::begin(state with) {
  state_ = with;
  began_ = context_.now;
  transaction_ = static_cast<std::uint32_t>(context_.numbers.next());
  attempts_ = 0;
  retransmit();
}

/// RFC 2131, section 4.4.2: a server that knows of the address says whether it is still right, one
/// that knows nothing is silent.
void dhcp_client::reboot() {
  lease_.address.address = *wanted_.remembered;
  begin(state::rebooting);
}

void dhcp_client::discover() {
  lease_ = {};
  begin(state::selecting);
}

/// Says again what has not been answered.
void dhcp_client::retransmit() {
  const bool selects = state_ == state::selecting;
  wire::dhcpv4_request sent = message(selects ? dhcpv4_type::discover : dhcpv4_type::request);
  sent.broadcast = true;
  if (!selects) sent.requested = lease_.address.address;
  if (state_ == state::requesting) sent.server = lease_.server;
  sent_ = context_.now;
  context_.arm(timer_, back_off());
  ++attempts_;
  send_to_all(sent);
}

/// RFC 2131, section 4.1: twice as long each time, up to a second more or less.
duration dhcp_client::back_off() noexcept {
  if (state_ == state::rebooting) return reboot_wait;
  const duration base = first_wait * (1U << std::min(attempts_, most_doublings));
  constexpr std::uint32_t steps = 2000;
  return base - seconds(1) + std::chrono::milliseconds(context_.numbers.below(steps + 1));
}

void dhcp_client::receive(std::span<const std::byte> bytes) {
  const auto heard = wire::dhcpv4_view::parse(bytes);
  if (!heard) {
    ++context_.counters.malformed_dhcp;
    return;
  }
  std::array<std::byte, 255> room{};
  const auto client = heard->value(wire::dhcpv4_option::client_identifier, room);
  // RFC 6842: a server that repeats the identifier of a client means that one.
  const bool is_for_us = heard->is_reply() && heard->mac() == link_.mac() &&
                         (!client || std::ranges::equal(*client, identifier_of(link_.mac())));
  const auto type = heard->type();
  if (!is_for_us || !type || heard->transaction() != transaction_) {
    ++context_.counters.ignored_dhcp;
    return;
  }
  const bool asks = state_ == state::rebooting || state_ == state::requesting ||
                    state_ == state::renewing || state_ == state::rebinding;
  if (*type == dhcpv4_type::refusal && asks) return refused();
  const bool fits = (*type == dhcpv4_type::offer && state_ == state::selecting) ||
                    (*type == dhcpv4_type::acknowledgement && asks);
  auto read = fits ? dhcp_lease::read(*heard, link_.index()) : std::nullopt;
  if (!read) {
    ++context_.counters.ignored_dhcp;
    return;
  }
  *type == dhcpv4_type::offer ? accept(std::move(*read)) : acknowledged(std::move(*read));
}

/// The first offer is as good as any.
void dhcp_client::accept(dhcp_lease&& offer) {
  lease_ = std::move(offer);
  state_ = state::requesting;
  attempts_ = 0;
  retransmit();
}

void dhcp_client::acknowledged(dhcp_lease&& granted) {
  const bool was_bound = is_bound();
  const bool is_same = was_bound && granted.address.address == lease_.address.address &&
                       granted.address.length == lease_.address.length;
  if (was_bound && !is_same) drop_lease();
  lease_ = std::move(granted);
  asked_ = sent_;
  if (is_same) return use_lease();
  context_.timers.erase(timer_);
  state_ = state::checking;
  link_.add_checked_address(lease_.address, context_.settings.dhcp.check);
  if (const local_address* own = link_.find(lease_.address.address)) {
    if (own->state != address_state::tentative) settled(own->address(), own->state);
  }
}

/// RFC 2131, section 3.1, 4: all begins anew, and not as fast as a server can refuse.
void dhcp_client::refused() {
  if (state_ == state::rebooting) return discover();
  if (is_bound()) drop_lease();
  begin_after(after_refusal);
}

void dhcp_client::settled(const ip_address& address, address_state how) {
  if (address != lease_.address.address) return;
  const bool is_taken = how == address_state::duplicate;
  if (is_taken && (state_ == state::checking || is_bound())) return decline();
  if (state_ == state::checking && how == address_state::assigned) use_lease();
}

/// RFC 2131, section 3.1, 5, before the address was used, and RFC 5227, section 2.4, afterwards.
void dhcp_client::decline() {
  wire::dhcpv4_request sent = message(dhcpv4_type::decline);
  sent.requested = lease_.address.address;
  sent.server = lease_.server;
  send_to_all(sent);
  drop_lease();
  begin_after(after_decline);
}

bool dhcp_client::release() {
  context_.timers.erase(timer_);
  if (wanted_.keep || !is_bound()) return false;
  state_ = state::over;
  began_ = context_.now;
  transaction_ = static_cast<std::uint32_t>(context_.numbers.next());
  wire::dhcpv4_request sent = message(dhcpv4_type::release);
  sent.client = lease_.address.address;
  sent.server = lease_.server;
  send_to_server(sent);
  return true;
}

void dhcp_client::use_lease() {
  for (const route& each : routes_) output_.remove_route(each);
  routes_ = lease_.routes;
  routes_.insert(routes_.begin(),
                 {.destination = lease_.address, .gateway = {}, .interface = link_.index()});
  for (const route& each : routes_) output_.add_route(each);
  link_.limit_mtu(ip_version::v4, lease_.mtu.value_or(link_.mtu()));
  state_ = state::bound;
  ++context_.configurations;
  arm_bound();
}

void dhcp_client::drop_lease() {
  for (const route& each : std::exchange(routes_, {})) output_.remove_route(each);
  link_.remove_address(lease_.address.address);
  lease_ = {};
  ++context_.configurations;
}

instant dhcp_client::lease_time(duration after) const noexcept {
  return after == duration::max() ? never : later(asked_, after);
}

/// Arms for what comes next: to renew, to rebind, or the end.
void dhcp_client::arm_bound() {
  const instant renew = lease_time(lease_.renew_after);
  if (renew == never) return context_.timers.erase(timer_);
  context_.arm(timer_, std::max(renew - context_.now, duration::zero()));
}

/// RFC 2131, section 4.4.5.
void dhcp_client::extend() {
  const instant end = lease_time(lease_.valid);
  const instant rebind = lease_time(lease_.rebind_after);
  if (context_.now >= end) {
    drop_lease();
    return discover();
  }
  if (state_ == state::bound) {
    transaction_ = static_cast<std::uint32_t>(context_.numbers.next());
    began_ = context_.now;
  }
  state_ = context_.now >= rebind ? state::rebinding : state::renewing;
  const instant limit = state_ == state::renewing ? rebind : end;
  const duration wait = std::max((limit - context_.now) / 2, least_extension_wait);
  context_.arm(timer_, std::min(wait, limit - context_.now));
  sent_ = context_.now;
  wire::dhcpv4_request sent = message(dhcpv4_type::request);
  sent.client = lease_.address.address;
  state_ == state::renewing ? send_to_server(sent) : send_to_all(sent);
}

wire::dhcpv4_request dhcp_client::message(dhcpv4_type type) const noexcept {
  const auto passed = std::chrono::duration_cast<seconds>(context_.now - began_).count();
  wire::dhcpv4_request made;
  made.type = type;
  made.transaction = transaction_;
  made.seconds = static_cast<std::uint16_t>(std::min<std::int64_t>(passed, UINT16_MAX));
  made.mac = link_.mac();
  return made;
}

packet dhcp_client::datagram_of(const wire::dhcpv4_request& sent, const ip_address& source,
                                const ip_address& destination) {
  const auto identifier = identifier_of(link_.mac());
  wire::dhcpv4_request whole = sent;
  whole.client_identifier = identifier;
  packet made = context_.packets.take(whole.size());
  if (!made) {
    ++context_.counters.out_of_packets;
    return made;
  }
  whole.emit(made.append(whole.size()));
  const wire::internet_sum payload{made.bytes()};
  wire::udp_header{wire::dhcpv4_client_port, wire::dhcpv4_server_port}.emit(
      made.prepend(wire::udp_header::size()),
      wire::pseudo_header(source, destination, ip_protocol::udp), payload);
  ++context_.counters.dhcp_sent;
  return made;
}

// Past the routes and the cache of neighbours: there may be no address to go with yet.
void dhcp_client::send_to_all(const wire::dhcpv4_request& sent) {
  const ip_address source = sent.client.is_unspecified() ? nowhere : sent.client;
  packet made = datagram_of(sent, source, everybody);
  if (!made) return;
  wire::ipv4_header{.source = source,
                    .destination = everybody,
                    .protocol = ip_protocol::udp,
                    .time_to_live = context_.settings.hop_limit,
                    .payload_size = static_cast<std::uint16_t>(made.size())}
      .emit(made.prepend(wire::ipv4_header::size()));
  ++context_.counters.packets_sent;
  link_.transmit(std::move(made), mac_address::broadcast(), wire::ethertype::ipv4);
}

void dhcp_client::send_to_server(const wire::dhcpv4_request& sent) {
  outgoing_packet out;
  out.source = sent.client;
  out.destination = lease_.server;
  out.protocol = ip_protocol::udp;
  out.time_to_live = context_.settings.hop_limit;
  out.interface = link_.index();
  out.payload = datagram_of(sent, out.source, out.destination);
  if (out.payload) output_.send(std::move(out), context_.now);
}

}  // namespace pentad::native
