#include "pentad/stack/native/host_stack/native_datagram.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "pentad/stack/native/core/scope.hpp"
#include "pentad/stack/native/host_stack/native_stack.hpp"

namespace pentad::native {
namespace {

constexpr std::size_t most_segment = UINT16_MAX;

// As UDP_MAX_SEGMENTS of Linux.
constexpr std::size_t most_segments = 64;

ip_address on_interface(const ip_address& address, std::uint32_t interface) noexcept {
  return address.scope() == 0 ? scoped(address, interface) : address;
}

}  // namespace

result<owned_impl<datagram_impl>> native_datagram::open(native_stack& stack, ip_version version,
                                                        const datagram_options& options) {
  auto* made = new native_datagram(stack, {.version = version, .is_udp = true});
  owned_impl<datagram_impl> owned(made);
  made->options_ = stack.network().udp().defaults();
  made->v6_only_ = options.ipv6_only.value_or(false);
  if (const result<void> set = made->set(options); !set) return failure(set.error());
  return owned;
}

result<owned_impl<datagram_impl>> native_datagram::open_raw(native_stack& stack, ip_version version,
                                                            ip_protocol protocol,
                                                            const raw_options& options) {
  const result<raw_settings> settings = settings_of(version, protocol, options);
  if (!settings) return failure(settings.error());
  auto* made = new native_datagram(stack, {.version = version, .is_udp = false});
  owned_impl<datagram_impl> owned(made);
  const result<raw_port*> port = stack.network().raw().open(*settings);
  if (!port) return failure(port.error());
  made->adopt(**port, (*port)->options());
  if (const result<void> set = made->set(options.common); !set) return failure(set.error());
  return owned;
}

void native_datagram::adopt(datagram_port& port, const port_options& options) {
  port_ = &port;
  port.user = this;
  port.options() = options;
}

void native_datagram::event() {
  retry(reader_);
  retry(writer_);
  retry(errors_);
  retry(times_);
}

template <class Operation>
bool native_datagram::begin(Operation& started, parked& slot) {
  if (slot.waiting != nullptr) {
    started.error = EALREADY;
    return true;
  }
  if (attempt(started)) return true;
  slot.waiting = &started;
  slot.carry_out = [](native_datagram& self, operation& waiting) {
    return self.attempt(static_cast<Operation&>(waiting));
  };
  return false;
}

void native_datagram::retry(parked& slot) {
  if (slot.waiting == nullptr || !slot.carry_out(*this, *slot.waiting)) return;
  std::exchange(slot.waiting, nullptr)->end();
}

void native_datagram::halt(operation& stopped, parked& slot) noexcept {
  slot.waiting = nullptr;
  stopped.error = stopped.stop_error();
  stopped.end();
}

bool native_datagram::ends_with_error(operation& operation) noexcept {
  if (port_ == nullptr) return false;
  const std::error_code error = port_->take_error();
  operation.error = error.value();
  return operation.error != 0;
}

bool native_datagram::attempt(receive_datagram_operation& operation) {
  if (ends_with_error(operation)) return true;
  if (port_ == nullptr || !port_->has_datagrams()) return false;
  operation.received = take(operation.buffer);
  return true;
}

bool native_datagram::attempt(receive_datagrams_operation& operation) {
  if (ends_with_error(operation)) return true;
  if (port_ == nullptr || !port_->has_datagrams()) return false;
  for (datagram_slot& each : operation.slots) {
    if (!port_->has_datagrams()) break;
    each.received = take(each.buffer);
    ++operation.count;
  }
  return true;
}

received_datagram native_datagram::take(std::span<std::byte> buffer) {
  const std::optional<arrived_datagram> arrived = port_->receive();
  const std::span<const std::byte> bytes = arrived->payload.bytes();
  const std::size_t count = std::min(bytes.size(), buffer.size());
  if (count != 0) std::memcpy(buffer.data(), bytes.data(), count);
  received_datagram received;
  received.bytes = buffer.first(count);
  received.size = bytes.size();
  received.source = arrived->source;
  // As Linux tells it: a group's address has the interface that it was heard on.
  const ip_address& to = arrived->destination.address;
  received.destination =
      to.is_v6() && to.is_multicast()
          ? ip_address::v6(wire::load_bytes<16>(to.bytes().data()), arrived->interface)
          : to;
  received.interface = interface_number(arrived->interface);
  received.hop_limit = arrived->time_to_live;
  received.traffic_class = arrived->traffic_class;
  if (port_->options().traced) {
    received.times = times_of(arrived->payload.passage(), stack_.tracer().now());
    received_ = received.times;
  }
  if (coalesces_) take_more(received, buffer);
  return received;
}

// Datagrams that follow and are as long as the first, and one that is shorter (udp(7), UDP_GRO).
void native_datagram::take_more(received_datagram& first, std::span<std::byte> buffer) {
  if (first.truncated() || first.size == 0) return;
  const std::size_t each = first.size;
  for (std::size_t count = 1; count < most_segments; ++count) {
    const std::size_t used = first.bytes.size();
    if (used % each != 0 || !continues(first, buffer.size() - used)) return;
    if (port_->next()->payload.size() > each) return;
    const std::optional<arrived_datagram> next = port_->receive();
    const std::span<const std::byte> bytes = next->payload.bytes();
    std::memcpy(buffer.data() + used, bytes.data(), bytes.size());
    first.bytes = buffer.first(used + bytes.size());
    first.size = first.bytes.size();
    first.segment_size = each;
  }
}

bool native_datagram::continues(const received_datagram& first, std::size_t room) const noexcept {
  const arrived_datagram* const next = port_->next();
  if (next == nullptr) return false;
  const std::size_t size = next->payload.bytes().size();
  return size != 0 && size <= room && first.source == socket_address(next->source) &&
         first.interface == interface_number(next->interface) &&
         first.hop_limit == next->time_to_live && first.traffic_class == next->traffic_class &&
         without_scope(*first.destination) == without_scope(next->destination.address);
}

bool native_datagram::attempt(send_datagram_operation& operation) {
  if (ends_with_error(operation)) return true;
  const result<void> sent = send(operation.outgoing);
  stack_.schedule();
  if (sent) return true;
  if (sent.error() == std::errc::operation_would_block) return false;
  operation.error = sent.error().value();
  return true;
}

bool native_datagram::attempt(send_datagrams_operation& operation) {
  if (ends_with_error(operation)) return true;
  stack_.schedule();
  while (!operation.rest.empty()) {
    outgoing_datagram next = operation.rest.front();
    const result<void> sent = send(next);
    if (!sent) {
      if (sent.error() == std::errc::operation_would_block) return false;
      operation.error = sent.error().value();
      return true;
    }
    operation.advance(1);
  }
  return true;
}

// What was sent of many segments is taken off, so that the rest can be sent later.
result<void> native_datagram::send(outgoing_datagram& datagram) {
  if (port_ == nullptr) {
    if (const result<void> held = hold_port(); !held) return held;
  }
  if (datagram.segment_size == 0) return send_one(datagram, datagram.bytes);
  if (!kind_.is_udp) return failure(std::errc::operation_not_supported);
  if (datagram.segment_size > most_segment ||
      datagram.bytes.size() > datagram.segment_size * most_segments) {
    return failure(std::errc::invalid_argument);
  }
  do {
    const std::size_t count = std::min(datagram.segment_size, datagram.bytes.size());
    const result<void> sent = send_one(datagram, datagram.bytes.first(count));
    if (!sent) return sent;
    datagram.bytes = datagram.bytes.subspan(count);
  } while (!datagram.bytes.empty());
  return {};
}

result<void> native_datagram::send_one(const outgoing_datagram& datagram,
                                       std::span<const std::byte> bytes) {
  if (!datagram.to && !port_->remote()) return failure(std::errc::destination_address_required);
  result<port_message> message = message_of(datagram);
  if (!message) return failure(message.error());
  message->payload = bytes;
  const bool traced = port_->options().traced;
  if (traced) {
    message->sender = path_tracer::mark(tracer_number_, static_cast<std::uint32_t>(next_number_));
    traced_.given(next_number_++, stack_.tracer().now());
  }
  const result<void> sent = port_->send(*message, stack_.now());
  if (!sent && traced) {
    traced_.take_back();
    --next_number_;
  }
  return sent;
}

result<port_message> native_datagram::message_of(const outgoing_datagram& datagram) const {
  port_message message;
  if (datagram.interface != 0) {
    const auto index = stack_.core_index(datagram.interface);
    if (!index) return failure(std::errc::no_such_device);
    message.interface = *index;
  }
  if (datagram.to) {
    if (!datagram.to->is_ip()) return failure(std::errc::address_family_not_supported);
    message.to = datagram.to->ip();
    message.to->address = on_interface(message.to->address.unmapped(), message.interface);
  }
  if (datagram.from) {
    message.from = on_interface(datagram.from->unmapped(), message.interface);
    const bool is_v4 = message.to ? message.to->address.is_v4() : port_->local().address.is_v4();
    if (message.from->is_v4() != is_v4) return failure(std::errc::invalid_argument);
  }
  message.time_to_live = datagram.hop_limit;
  message.traffic_class = datagram.traffic_class;
  return message;
}

bool native_datagram::attempt(receive_error_operation& operation) {
  const bool hears = port_ != nullptr ? port_->options().errors : options_.errors;
  if (!hears) {
    operation.error = EOPNOTSUPP;
    return true;
  }
  const std::optional<port_error> told = port_ != nullptr ? port_->take_kept_error() : std::nullopt;
  if (!told) return false;
  const std::size_t count = std::min(told->bytes.size(), operation.buffer.size());
  std::copy_n(told->bytes.begin(), count, operation.buffer.begin());
  operation.received = {.code = told->code,
                        .is_local = told->is_local,
                        .type = told->type,
                        .icmp_code = told->icmp_code,
                        .mtu = told->mtu,
                        .reporter = told->reporter,
                        .destination = socket_address(told->destination),
                        .bytes = operation.buffer.first(count)};
  return true;
}

bool native_datagram::attempt(sent_message_operation& operation) {
  if (tracer_number_ == 0) {
    operation.error = EOPNOTSUPP;
    return true;
  }
  const std::optional<sent_message> complete = traced_.pop();
  if (!complete) return false;
  operation.sent = *complete;
  return true;
}

void native_datagram::passed(std::uint32_t position, passed_hop hop, wall_time when) {
  traced_.passed(position, hop, when);
  if (hop == passed_hop::transmitted) retry(times_);
}

void native_datagram::trace(bool on) {
  if (on == (tracer_number_ != 0)) return;
  if (on) {
    tracer_number_ = stack_.tracer().add(*this);
  } else {
    stack_.tracer().remove(std::exchange(tracer_number_, 0));
  }
  stack_.observe_as_needed();
}

// A socket that sends before it was bound has a port that nobody chose.
result<void> native_datagram::hold_port() {
  return bind(endpoint(ip_address::any(kind_.version), 0));
}

result<void> native_datagram::bind(const socket_address& local) {
  if (!local.is_ip() || local.ip().address.version() != kind_.version) {
    return failure(std::errc::address_family_not_supported);
  }
  if (!kind_.is_udp) return static_cast<raw_port*>(port_)->bind(local.ip().address);
  if (port_ != nullptr) return failure(std::errc::invalid_argument);  // as bind(2)
  const result<udp_port*> port =
      stack_.network().udp().bind(local.ip(), {.v6_only = v6_only_,
                                               .reuse_address = options_.reuse_address,
                                               .reuse_port = options_.reuse_port,
                                               .device = options_.device});
  if (!port) return failure(port.error());
  adopt(**port, options_);
  return {};
}

result<void> native_datagram::connect(const socket_address& remote) {
  if (!remote.is_ip()) return failure(std::errc::address_family_not_supported);
  if (port_ == nullptr) {
    if (const result<void> held = hold_port(); !held) return held;
  }
  return port_->connect(remote.ip());
}

result<void> native_datagram::disconnect() {
  if (port_ != nullptr) port_->disconnect();
  return {};
}

result<group_request> native_datagram::request_of(const multicast_group& group) const {
  const bool fits = group.address.version() == kind_.version &&
                    (!group.source || group.source->version() == kind_.version);
  if (!fits) return failure(std::errc::invalid_argument);
  group_request request{.group = group.address, .source = group.source};
  if (group.interface != 0) {
    const auto index = stack_.core_index(group.interface);
    // The loopback has no groups of its own.
    if (!index || *index == interface::loopback_index) return failure(std::errc::no_such_device);
    request.interface = *index;
  }
  return request;
}

result<void> native_datagram::join(const multicast_group& group) {
  const result<group_request> request = request_of(group);
  if (!request) return failure(request.error());
  if (port_ == nullptr) {
    if (const result<void> held = hold_port(); !held) return held;
  }
  const result<void> joined = port_->join(*request);
  stack_.schedule();  // routers are told
  return joined;
}

result<void> native_datagram::leave(const multicast_group& group) {
  const result<group_request> request = request_of(group);
  if (!request) return failure(request.error());
  if (port_ == nullptr) return failure(std::errc::address_not_available);
  const result<void> left = port_->leave(*request);
  stack_.schedule();
  return left;
}

result<void> native_datagram::set(const datagram_options& options) {
  port_options changed = port_ != nullptr ? port_->options() : options_;
  const result<void> done = apply(options, kind_, stack_, changed);
  if (!done) return done;
  (port_ != nullptr ? port_->options() : options_) = changed;
  if (options.ipv6_only && port_ == nullptr) v6_only_ = *options.ipv6_only;
  coalesces_ = options.coalesce.value_or(coalesces_);
  if (options.path_tracing) trace(*options.path_tracing);
  return {};
}

result<socket_address> native_datagram::local() const {
  if (port_ == nullptr) return endpoint(ip_address::any(kind_.version), 0);
  return port_->local();
}

result<socket_address> native_datagram::remote() const {
  if (port_ == nullptr || !port_->remote()) return failure(std::errc::not_connected);
  return *port_->remote();
}

result<std::uint32_t> native_datagram::path_mtu() const {
  if (port_ == nullptr || !port_->remote()) return failure(std::errc::not_connected);
  const result<path> way =
      stack_.network().network().find_path(port_->remote()->address, port_->local().address);
  if (!way) return failure(way.error());
  return way->mtu;
}

void native_datagram::release() noexcept {
  for (parked* slot : {&reader_, &writer_, &errors_, &times_}) {
    if (operation* waiting = std::exchange(slot->waiting, nullptr)) {
      waiting->error = ECANCELED;
      waiting->end();
    }
  }
  if (tracer_number_ != 0) trace(false);
  if (port_ != nullptr) {
    port_->close();
    stack_.schedule();  // it has left its groups
  }
  delete this;
}

}  // namespace pentad::native
