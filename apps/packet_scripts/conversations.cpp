#include "apps/packet_scripts/conversations.hpp"

namespace pentad::packet_scripts {
namespace {

// Added to the peer's numbers, so that all of them wrap around soon after the SYN.
constexpr std::uint32_t peer_numbers = 0xffff'fe00;

using kind = tcp_option::kind;

}  // namespace

conversation& conversations::with(std::uint16_t port, std::uint16_t remote_port) {
  conversation& found = all_[{port, remote_port}];
  found.ports = {port, remote_port};
  return found;
}

void conversations::connects(std::uint16_t port, std::uint16_t remote_port) {
  current_ = &with(port, remote_port);
  current_->is_closed = false;
}

void conversations::closes(std::uint16_t port, std::uint16_t remote_port) {
  with(port, remote_port).is_closed = true;
}

conversation& conversations::current() {
  if (current_ == nullptr) {
    const std::uint16_t port = listening_port_ != 0 ? listening_port_ : default_port;
    current_ = &with(port, next_remote_port_++);
  }
  return *current_;
}

conversation& conversations::of(const std::optional<port_pair>& written) {
  if (!written) return current();
  current_ = &with(written->destination, written->source);
  return *current_;
}

// A SYN after the end of the connection before is another peer's, or the same from another port.
conversation& conversations::for_syn() {
  if (current_ != nullptr && current_->is_closed && listening_port_ != 0) current_ = nullptr;
  return current();
}

bytes conversations::arriving(const packet_event& told) {
  if (const auto* tcp = std::get_if<tcp_packet>(&told.packet)) return arriving_tcp(*tcp);
  if (const auto* icmp = std::get_if<icmp_packet>(&told.packet)) return arriving_icmp(*icmp);
  const auto& udp = std::get<udp_packet>(told.packet);
  const conversation& on = of(udp.ports);
  return make_udp(endpoint(remote_, on.ports.destination), endpoint(local_, on.ports.source),
                  udp.size);
}

bytes conversations::arriving_tcp(tcp_packet told) {
  const bool is_syn = told.flags.has(wire::tcp_syn) && !told.flags.has(wire::tcp_ack);
  conversation& on = is_syn && !told.ports ? for_syn() : of(told.ports);
  told.first += peer_numbers;
  if (told.flags.has(wire::tcp_ack)) told.acknowledgment += on.own_numbers;
  for (tcp_option& each : *told.options) {
    if (each.what == kind::sack) {
      for (std::uint32_t& edge : each.numbers) edge += on.own_numbers;
    } else if (each.what == kind::timestamps && each.numbers[1] != 0) {
      const auto exact = on.own_times.find(each.numbers[1]);
      each.numbers[1] =
          exact != on.own_times.end() ? exact->second : each.numbers[1] + on.own_time.value_or(0);
    }
  }
  return make_tcp(endpoint(remote_, on.ports.destination), endpoint(local_, on.ports.source), told);
}

bytes conversations::arriving_icmp(const icmp_packet& told) {
  const conversation& on = current();
  return make_icmp(told, endpoint(local_, on.ports.source), endpoint(remote_, on.ports.destination),
                   told.quoted_first + on.own_numbers);
}

bool conversations::has_ports(const live_packet& sent, const std::optional<port_pair>& wanted) {
  return !wanted ||
         (wanted->source == sent.source.port && wanted->destination == sent.destination.port);
}

tcp_packet conversations::seen(const live_packet& sent, const tcp_packet& expected) {
  conversation& on = with(sent.source.port, sent.destination.port);
  if (sent.tcp.flags.has(wire::tcp_syn) && expected.flags.has(wire::tcp_syn)) {
    on.own_numbers = sent.tcp.first - expected.first;
  }
  tcp_packet text = seen(sent);
  if (!expected.options) return text;
  for (tcp_option& each : *text.options) {
    if (each.what != kind::timestamps || each.numbers.size() != 2) continue;
    for (const tcp_option& named : *expected.options) {
      if (named.what != kind::timestamps) continue;
      const std::uint32_t on_wire = each.numbers[0] + on.own_time.value_or(0);
      if (!on.own_time) {
        on.own_time = on_wire - named.numbers[0];
        each.numbers[0] = named.numbers[0];
      }
      on.own_times[named.numbers[0]] = on_wire;
    }
  }
  return text;
}

tcp_packet conversations::seen(const live_packet& sent) {
  conversation& on = with(sent.source.port, sent.destination.port);
  tcp_packet text = sent.tcp;
  text.mark = traffic_class_mark{traffic_class_mark::kind::whole, sent.traffic_class};
  text.ports = port_pair{sent.source.port, sent.destination.port};
  if (text.flags.has(wire::tcp_syn) && on.own_numbers == 0) on.own_numbers = text.first;
  text.first -= on.own_numbers;
  text.acknowledgment -= text.flags.has(wire::tcp_ack) ? peer_numbers : 0;
  for (tcp_option& each : *text.options) {
    if (each.what == kind::sack) {
      for (std::uint32_t& edge : each.numbers) edge -= peer_numbers;
    } else if (each.what == kind::timestamps && each.numbers.size() == 2 && on.own_time) {
      each.numbers[0] -= *on.own_time;
    }
  }
  return text;
}

}  // namespace pentad::packet_scripts
