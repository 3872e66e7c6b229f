#include "pentad/stack/native/core/raw_ports.hpp"

#include <algorithm>

#include "pentad/stack/native/core/icmp_meaning.hpp"
#include "pentad/stack/native/core/port_sending.hpp"
#include "pentad/wire/icmpv4.hpp"
#include "pentad/wire/icmpv6.hpp"
#include "pentad/wire/pseudo_header.hpp"

namespace pentad::native {
namespace {

std::unexpected<std::error_code> error(std::errc what) noexcept {
  return std::unexpected(std::make_error_code(what));
}

constexpr std::size_t icmp_header = 8;
constexpr std::size_t checksum_of_icmp = 2;
constexpr std::size_t identifier_of_echo = 4;

std::uint8_t echo_request(ip_version version) noexcept {
  return version == ip_version::v4 ? static_cast<std::uint8_t>(wire::icmpv4_type::echo_request)
                                   : static_cast<std::uint8_t>(wire::icmpv6_type::echo_request);
}

std::uint8_t echo_reply(ip_version version) noexcept {
  return version == ip_version::v4 ? static_cast<std::uint8_t>(wire::icmpv4_type::echo_reply)
                                   : static_cast<std::uint8_t>(wire::icmpv6_type::echo_reply);
}

std::uint8_t type_of(std::span<const std::byte> message) noexcept {
  return std::to_integer<std::uint8_t>(message[0]);
}

/// Where the checksum of a packet's protocol lies, with which IPv6's pseudo-header is covered.
std::optional<std::size_t> checksum_place(const raw_settings& settings) noexcept {
  if (settings.version == ip_version::v4) return std::nullopt;
  if (settings.protocol == ip_protocol::icmpv6) return checksum_of_icmp;
  return settings.checksum_offset;
}

wire::internet_sum sum_of(const ip_address& source, const ip_address& destination,
                          ip_protocol protocol, std::span<const std::byte> content) noexcept {
  wire::internet_sum sum = wire::pseudo_header(source, destination, protocol).sum(content.size());
  sum.add(content);
  return sum;
}

/// RFC 3542, section 3.1: what is wrong is dropped. As of ICMP, where each program would have to.
bool has_good_checksum(const raw_settings& settings, const incoming_packet& arrived,
                       std::span<const std::byte> content) noexcept {
  if (arrived.checksum_is_known_good) return true;
  if (checksum_place(settings)) {
    return sum_of(arrived.source, arrived.destination, arrived.protocol, content).folded() ==
           0xffff;
  }
  return !settings.only_echo || wire::internet_sum{content}.folded() == 0xffff;
}

/// The checksum that a sender on this machine has left to a NIC that there was none of.
void fill_in(packet& copy, std::size_t header, ip_protocol protocol) noexcept {
  if (copy.offload().checksum != checksum_state::partial) return;
  copy.set_offload({});
  const std::span<std::byte> content = copy.bytes().subspan(header);
  const std::size_t place = protocol == ip_protocol::tcp ? 16 : 6;
  if (content.size() < place + 2) return;
  const std::uint16_t checksum = wire::internet_sum{content}.checksum();
  store_be16(&content[place], checksum == 0 ? 0xffff : checksum);
}

}  // namespace

bool raw_port::wants(const incoming_packet& arrived,
                     std::span<const std::byte> content) const noexcept {
  if (settings_.protocol != arrived.protocol ||
      settings_.version != arrived.destination.version()) {
    return false;
  }
  const bool is_open = local_.address.is_unspecified();
  if (!is_open && local_.address != arrived.destination) return false;
  if (remote_ && remote_->address != arrived.source) return false;
  if (!hears_interface(arrived.interface)) return false;
  if (arrived.destination.is_multicast() &&
      !hears(arrived.destination, arrived.source, arrived.interface)) {
    return false;
  }
  if (settings_.types && (content.empty() || !settings_.types->test(type_of(content)))) {
    return false;
  }
  if (settings_.only_echo &&
      (content.size() < icmp_header || type_of(content) != echo_reply(settings_.version) ||
       load_be16(&content[identifier_of_echo]) != local_.port)) {
    return false;
  }
  return has_good_checksum(settings_, arrived, content);
}

bool raw_port::wants(const path_error& about) const noexcept {
  if (settings_.protocol != about.protocol || settings_.version != about.destination.version()) {
    return false;
  }
  if (!local_.address.is_unspecified() && local_.address != about.source) return false;
  if (remote_ && remote_->address != about.destination) return false;
  // Without a peer nobody could say which packet it was about.
  if (!remote_ && !options_.errors) return false;
  return !settings_.only_echo || load_be16(&about.transport[identifier_of_echo]) == local_.port;
}

result<void> raw_port::bind(const ip_address& local) {
  if (local.version() != settings_.version) return error(std::errc::address_family_not_supported);
  if (!local.is_unspecified() && !local.is_multicast() && !owner_.output_.is_broadcast(local) &&
      !owner_.output_.is_local(local)) {
    return error(std::errc::address_not_available);
  }
  local_.address = bound_ = local;
  return {};
}

result<void> raw_port::connect(const endpoint& remote) {
  const ip_address to = remote.address.unmapped();
  if (to.version() != settings_.version) return error(std::errc::address_family_not_supported);
  if (remote_) disconnect();
  const auto way = way_of(owner_.output_, *this, {}, to);
  if (!way) return std::unexpected(way.error());
  local_.address = way->source;
  remote_ = endpoint(to, 0);
  return {};
}

void raw_port::disconnect() noexcept {
  remote_.reset();
  local_.address = bound_;
}

result<void> raw_port::send(const port_message& message, instant now) {
  return owner_.send(*this, message, now);
}

void raw_port::close() noexcept { owner_.close(*this); }

result<raw_port*> raw_ports::open(const raw_settings& settings) {
  if (ports_.size() >= context_.settings.udp.most_ports) {
    return error(std::errc::too_many_files_open);
  }
  std::uint16_t identifier = 0;
  if (settings.only_echo) {
    const auto chosen = choose_identifier();
    if (!chosen) return std::unexpected(chosen.error());
    identifier = *chosen;
  }
  std::unique_ptr<raw_port> made(new raw_port(*this, news_, settings, identifier));
  return ports_.emplace_back(std::move(made)).get();
}

void raw_ports::close(raw_port& closed) noexcept {
  std::erase_if(ports_, [&](const auto& each) { return each.get() == &closed; });
}

result<std::uint16_t> raw_ports::choose_identifier() {
  constexpr std::uint32_t count = 0xffff;
  const std::uint32_t start = context_.numbers.below(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto number = static_cast<std::uint16_t>(1 + (start + i) % count);
    if (std::ranges::none_of(ports_, [&](const auto& each) {
          return each->settings_.only_echo && each->local_.port == number;
        })) {
      return number;
    }
  }
  return error(std::errc::address_in_use);
}

bool raw_ports::give(const packet& whole, std::size_t header, const incoming_packet& arrived) {
  bool was_heard = false;
  const std::span<const std::byte> content = whole.bytes().subspan(header);
  for (const auto& each : ports_) {
    if (!each->wants(arrived, content)) continue;
    give(*each, whole, header, arrived);
    was_heard = true;
  }
  return was_heard;
}

void raw_ports::give(raw_port& to, const packet& whole, std::size_t header,
                     const incoming_packet& arrived) {
  packet copy = context_.packets.copy(whole);
  if (!copy) {
    ++context_.counters.out_of_packets;
    return;
  }
  copy.set_passage(whole.passage());
  fill_in(copy, header, arrived.protocol);
  if (!to.settings_.header_included) copy.remove_prefix(header);
  to.enqueue({.payload = std::move(copy),
              .source = {arrived.source, 0},
              .destination = {arrived.destination, 0},
              .interface = arrived.interface,
              .time_to_live = arrived.time_to_live,
              .traffic_class = arrived.traffic_class});
}

void raw_ports::failed(const path_error& about) {
  for (const auto& each : ports_) {
    if (!each->wants(about)) continue;
    if (about.what == path_error::kind::too_big) {
      output_.lower_path_mtu(about.destination, about.mtu);
    }
    const auto bytes = each->settings_.header_included ? about.whole : about.transport;
    each->refuse(told_of(about, {about.destination, 0}, bytes), true);
  }
}

/// Puts in what the stack has to: the number of an echo request, and checksums.
result<void> raw_ports::complete(const raw_port& from, const path& way, const ip_address& to,
                                 std::span<std::byte> content) const {
  const raw_settings& settings = from.settings_;
  std::optional<std::size_t> place = checksum_place(settings);
  if (settings.only_echo) {
    const bool is_request = content.size() >= icmp_header && content[1] == std::byte{0} &&
                            type_of(content) == echo_request(settings.version);
    if (!is_request) return error(std::errc::invalid_argument);
    store_be16(&content[identifier_of_echo], from.local_.port);
    place = checksum_of_icmp;
  }
  if (!place) return {};
  if (content.size() < *place + 2) return error(std::errc::invalid_argument);
  store_be16(&content[*place], 0);
  const std::uint16_t checksum =
      settings.version == ip_version::v4
          ? wire::internet_sum{content}.checksum()
          : sum_of(way.source, to, settings.protocol, content).checksum();
  store_be16(&content[*place], checksum);
  return {};
}

result<void> raw_ports::send(raw_port& from, const port_message& message, instant now) {
  const raw_settings& settings = from.settings_;
  if (!message.to && !from.remote_) return error(std::errc::not_connected);
  const ip_address to = (message.to ? *message.to : *from.remote_).address.unmapped();
  if (to.version() != settings.version) return error(std::errc::address_family_not_supported);
  const auto way = way_of(output_, from, message, to);
  if (!way) return std::unexpected(way.error());
  const std::size_t ip_header = settings.header_included ? 0 : (to.is_v4() ? 20U : 40U);
  const std::size_t most = to.is_v4() ? 65535 - ip_header : 65535;
  if (message.payload.size() > most) return error(std::errc::message_size);
  const packet_length length = length_on(*way, from, ip_header + message.payload.size());
  if (length.refused) return error(std::errc::message_size);
  interface& out = *output_.interfaces().find(way->interface);
  if (!from.may_send(out)) return error(std::errc::operation_would_block);
  packet made = context_.packets.take(message.payload.size());
  if (!made) {
    ++context_.counters.out_of_packets;
    return error(std::errc::no_buffer_space);
  }
  made.append(message.payload);
  const std::uint64_t before = out.frames_queued();
  if (settings.header_included) {
    made.set_passage({.sender = message.sender});
    const auto sent = output_.send_with_header(std::move(made), to, message.interface);
    if (!sent) return sent;
  } else {
    const auto done = complete(from, *way, to, made.bytes());
    if (!done) return done;
    output_.send(packet_of(from, message, *way, to, settings.protocol, std::move(made), length.fits,
                           output_.is_broadcast(to)),
                 now);
  }
  from.sent(out, before);
  return {};
}

}  // namespace pentad::native
