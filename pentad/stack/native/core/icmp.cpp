#include "pentad/stack/native/core/icmp.hpp"

#include "pentad/stack/native/core/group_reports.hpp"
#include "pentad/stack/native/core/ndp.hpp"
#include "pentad/stack/native/core/scope.hpp"
#include "pentad/wire/ipv6_extensions.hpp"
#include "pentad/wire/quoted_packet.hpp"

namespace pentad::native {
namespace {

wire::checksum_check check_of(const incoming_packet& arrived) noexcept {
  return arrived.checksum_is_known_good ? wire::checksum_check::skip : wire::checksum_check::verify;
}

bool is_error_message(const wire::ipv4_view& packet) noexcept {
  return packet.protocol() == ip_protocol::icmp && !packet.payload().empty() &&
         is_error(static_cast<wire::icmpv4_type>(packet.payload()[0]));
}

/// Redirects count as errors here (RFC 4443, section 2.4 e.2).
bool is_error_message(const wire::ipv6_view& packet) noexcept {
  const auto end = wire::skip_extensions(packet.next_header(), packet.payload());
  if (!end || end->protocol != ip_protocol::icmpv6 || end->payload.empty()) return false;
  const auto type = static_cast<wire::icmpv6_type>(end->payload[0]);
  return is_error(type) || type == wire::icmpv6_type::redirect;
}

/// Whether the router can mean it: the packet did not fit into what it says fits (RFC 5927, section
/// 7.2).
bool is_plausible(const wire::icmpv4_view& message, path_error& error) noexcept {
  if (error.what != path_error::kind::too_big) return true;
  const auto quoted = wire::ipv4_view::parse_quoted(message.payload());
  if (!quoted) return false;
  error.mtu = message.next_hop_mtu();
  if (error.mtu == 0) error.mtu = next_plateau(quoted->total_length());
  return error.mtu >= 68 && error.mtu < quoted->total_length();
}

bool is_plausible(const wire::icmpv6_view& message, path_error& error) noexcept {
  if (error.what != path_error::kind::too_big) return true;
  const auto quoted = wire::ipv6_view::parse_quoted(message.payload());
  if (!quoted) return false;
  error.mtu = message.next_hop_mtu();
  const std::uint32_t size = std::uint32_t{quoted->payload_length()} + 40;
  return error.mtu >= 1280 && error.mtu < size;  // RFC 8201, section 4
}

}  // namespace

icmp::icmp(context& shared, ip_output& output, const transport_table& transports, raw_ports& raw)
    : context_(shared),
      output_(output),
      transports_(transports),
      raw_(raw),
      all_errors_(shared.settings.icmp.errors, shared.now),
      errors_by_destination_(shared.settings.icmp.most_destinations,
                             address_hash{shared.numbers.key()}) {}

void icmp::receive_v4(interface& from, incoming_packet&& arrived) {
  const auto message = wire::icmpv4_view::parse(arrived.payload.bytes(), check_of(arrived));
  if (!message) {
    ++context_.counters.malformed_icmp;
    return;
  }
  if (message->type() == wire::icmpv4_type::echo_request) {
    ++context_.counters.echo_requests;
    const auto reply = wire::icmpv4_header::echo_reply(message->identifier(), message->sequence());
    return echo(std::move(arrived), reply);
  }
  const auto meaning = meaning_of(*message);
  if (!meaning) {
    ++context_.counters.ignored_icmp;
    return;
  }
  path_error error{};
  error.what = *meaning;
  error.type = static_cast<std::uint8_t>(message->type());
  error.code = message->code();
  error.reporter = arrived.source;
  if (!is_plausible(*message, error)) {
    ++context_.counters.implausible_icmp;
    return;
  }
  report(from, ip_version::v4, message->payload(), error);
}

void icmp::receive_v6(interface& from, incoming_packet&& arrived, bool had_fragment_header) {
  const wire::pseudo_header pseudo(arrived.source, arrived.destination, ip_protocol::icmpv6);
  const auto message = wire::icmpv6_view::parse(arrived.payload.bytes(), pseudo, check_of(arrived));
  if (!message) {
    ++context_.counters.malformed_icmp;
    return;
  }
  switch (message->type()) {
    case wire::icmpv6_type::echo_request: {
      ++context_.counters.echo_requests;
      const auto reply =
          wire::icmpv6_header::echo_reply(message->identifier(), message->sequence());
      return echo(from, std::move(arrived), reply);
    }
    case wire::icmpv6_type::neighbor_solicitation:
    case wire::icmpv6_type::neighbor_advertisement:
    case wire::icmpv6_type::router_advertisement:
      if (from.is_loopback()) break;
      return receive_ndp(context_, from, *message,
                         {.source = arrived.source,
                          .destination = without_scope(arrived.destination),
                          .hop_limit = arrived.time_to_live,
                          .had_fragment_header = had_fragment_header});
    case wire::icmpv6_type::listener_query:
    case wire::icmpv6_type::listener_report:
    case wire::icmpv6_type::listener_done:
    case wire::icmpv6_type::listener_report_v2:
      return receive_mld(context_, from, arrived);
    default:
      break;
  }
  const auto meaning = meaning_of(*message);
  if (!meaning) {
    ++context_.counters.ignored_icmp;
    return;
  }
  path_error error{};
  error.what = *meaning;
  error.type = static_cast<std::uint8_t>(message->type());
  error.code = message->code();
  error.reporter = arrived.source;
  if (!is_plausible(*message, error)) {
    ++context_.counters.implausible_icmp;
    return;
  }
  report(from, ip_version::v6, message->payload(), error);
}

/// RFC 1122, section 3.2.2.6. As in Linux, a group gets no answer: its answers could hit somebody
/// all at once.
void icmp::echo(incoming_packet&& request, const wire::icmpv4_header& answer) {
  if (request.to_group || request.source.is_unspecified()) {
    ++context_.counters.ignored_icmp;
    return;
  }
  packet payload = std::move(request.payload);
  const std::span<std::byte> bytes = payload.bytes();
  const wire::internet_sum data{bytes.subspan(wire::icmpv4_header::size())};
  answer.emit(bytes, data);
  reply(std::move(payload), request.destination, request);
}

/// RFC 4443, section 4.2: also to groups, from an address of this host.
void icmp::echo(interface& from, incoming_packet&& request, const wire::icmpv6_header& answer) {
  const ip_address source = request.destination.is_multicast()
                                ? output_.interfaces().choose_source(request.source, from)
                                : request.destination;
  if (request.source.is_unspecified() || source.is_unspecified()) {
    ++context_.counters.ignored_icmp;
    return;
  }
  packet payload = std::move(request.payload);
  const std::span<std::byte> bytes = payload.bytes();
  const wire::internet_sum data{bytes.subspan(wire::icmpv6_header::size())};
  answer.emit(bytes, wire::pseudo_header(source, request.source, ip_protocol::icmpv6), data);
  reply(std::move(payload), source, request);
}

/// Sends the request's own memory back.
void icmp::reply(packet&& payload, const ip_address& source, const incoming_packet& to) {
  payload.set_offload({});
  outgoing_packet sent;
  sent.payload = std::move(payload);
  sent.source = source;
  sent.destination = to.source;
  sent.protocol = to.protocol;
  sent.time_to_live = source.is_v6() ? context_.hop_limit_v6 : context_.settings.hop_limit;
  sent.traffic_class = wire::with_ecn(to.traffic_class, wire::ip_ecn::not_capable);
  output_.send(std::move(sent), context_.now);
}

void icmp::report(const interface& from, ip_version version, std::span<const std::byte> quoted,
                  path_error error) {
  const auto about = wire::quoted_packet::parse(quoted, version);
  if (!about) {
    ++context_.counters.malformed_icmp;
    return;
  }
  error.source = output_.interfaces().scoped_by(about->tuple.local.address, from);
  // What this host tells itself comes by the loopback; then its own address says which link it is.
  const std::uint32_t link = from.is_loopback() ? error.source.scope() : from.index();
  error.destination = scoped(about->tuple.remote.address, link);
  error.protocol = about->tuple.protocol;
  error.transport = about->upper_layer;
  error.whole = quoted;
  if (!output_.is_local(error.source)) {
    ++context_.counters.implausible_icmp;
    return;
  }
  ++context_.counters.icmp_errors_received;
  if (transport* const whose = transports_.find(error.protocol)) {
    whose->failed(error, context_.now);
  }
  raw_.failed(error);
}

void icmp::answer(const wire::icmpv4_header& error, std::span<const std::byte> about,
                  bool to_group) {
  const auto packet_of_ip = wire::ipv4_view::parse_quoted(about);
  if (!packet_of_ip || to_group || packet_of_ip->fragment_offset() != 0) return;
  const ip_address to = packet_of_ip->source();
  if (to.is_unspecified() || to.is_multicast() || output_.is_broadcast(to)) return;
  if (is_error_message(*packet_of_ip) || !may_send_error(to)) return;
  send_error(make_icmp_error(context_, error, about), packet_of_ip->destination(), to,
             ip_protocol::icmp);
}

void icmp::answer(const wire::icmpv6_header& error, std::span<const std::byte> about, bool to_group,
                  std::uint32_t interface_index) {
  const auto packet_of_ip = wire::ipv6_view::parse_quoted(about);
  if (!packet_of_ip) return;
  const bool is_about_option =
      error.type == wire::icmpv6_type::parameter_problem &&
      error.code == static_cast<std::uint8_t>(wire::icmpv6_parameter_problem::unrecognized_option);
  if (to_group && !is_about_option) return;
  const ip_address to = scoped(packet_of_ip->source(), interface_index);
  if (to.is_unspecified() || to.is_multicast()) return;
  if (is_error_message(*packet_of_ip) || !may_send_error(to)) return;

  ip_address from = scoped(packet_of_ip->destination(), interface_index);
  if (!output_.is_local(from)) {
    const auto way = output_.find_path(to, ip_address::any(ip_version::v6));
    if (!way) return;
    from = way->source;
  }
  send_error(make_icmp_error(context_, error, about, from, to), from, to, ip_protocol::icmpv6);
}

bool icmp::may_send_error(const ip_address& to) {
  token_bucket* own = errors_by_destination_.find(to);
  if (own == nullptr) {
    own = &errors_by_destination_.insert(to, context_.settings.icmp.errors_per_destination,
                                         context_.now);
  }
  if (own->take(context_.now) && all_errors_.take(context_.now)) return true;
  ++context_.counters.icmp_errors_limited;
  return false;
}

void icmp::send_error(packet&& payload, const ip_address& source, const ip_address& destination,
                      ip_protocol protocol) {
  if (!payload) return;
  ++context_.counters.icmp_errors_sent;
  outgoing_packet sent;
  sent.payload = std::move(payload);
  sent.source = source;
  sent.destination = destination;
  sent.protocol = protocol;
  sent.time_to_live = source.is_v6() ? context_.hop_limit_v6 : context_.settings.hop_limit;
  sent.traffic_class = 0xc0;  // RFC 1812, section 4.3.2.5: internetwork control
  output_.send(std::move(sent), context_.now);
}

}  // namespace pentad::native
