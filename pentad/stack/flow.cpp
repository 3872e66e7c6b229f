#include "pentad/stack/flow.hpp"

#include <array>
#include <span>

#include "pentad/base/json_object.hpp"

namespace pentad {
namespace {

// In the order of their enumerations.
constexpr std::array<std::string_view, 4> kinds{"stream", "datagram", "sequenced", "raw"};
constexpr std::array<std::string_view, 12> states{
    "listen",     "syn-sent", "syn-received", "established", "fin-wait-1", "fin-wait-2",
    "close-wait", "closing",  "last-ack",     "time-wait",   "closed",     "unconnected"};
constexpr std::array<std::string_view, 2> stacks{"kernel", "native"};

template <class Enumeration>
std::optional<Enumeration> find(std::span<const std::string_view> names, std::string_view text) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) return static_cast<Enumeration>(i);
  }
  return {};
}

std::string json_of(const socket_address& end) {
  if (end.is_ip()) return to_json(end.ip());
  return json_object().add("path", end.unix_path().path()).text();
}

std::string json_of(const std::vector<flow_process>& processes) {
  std::string text = "[";
  for (const flow_process& each : processes) {
    if (text.size() > 1) text += ',';
    text += json_object().add("id", each.id).add("name", each.name).text();
  }
  return text += ']';
}

std::optional<std::int64_t> nanoseconds(const std::optional<duration>& time) {
  return time ? std::optional<std::int64_t>(time->count()) : std::nullopt;
}

void add_info(json_object& object, const stream_info& info) {
  object.add("receive_queue", info.receive_queue)
      .add("send_queue", info.send_queue)
      .add("rtt", nanoseconds(info.rtt))
      .add("rtt_variance", nanoseconds(info.rtt_variance))
      .add("segment_size", info.segment_size)
      .add("congestion_window", info.congestion_window)
      .add("in_flight", info.in_flight)
      .add("retransmits", info.retransmits)
      .add("delivery_rate", info.delivery_rate)
      .add("bytes_acknowledged", info.bytes_acknowledged)
      .add("bytes_received", info.bytes_received);
}

void add_hops(json_object& object, const flow_hops& hops) {
  object.add("socket_to_stack", nanoseconds(hops.socket_to_stack))
      .add("stack_to_nic", nanoseconds(hops.stack_to_nic))
      .add("nic_to_stack", nanoseconds(hops.nic_to_stack))
      .add("stack_to_program", nanoseconds(hops.stack_to_program));
}

std::optional<duration> between(const std::optional<wall_time>& from,
                                const std::optional<wall_time>& to) noexcept {
  // The clock may have been set back in between.
  if (!from || !to || *to < *from) return {};
  return *to - *from;
}

}  // namespace

flow_hops hops_of(const hop_times& sent, const hop_times& received) noexcept {
  return {.socket_to_stack = between(sent.given, sent.scheduled),
          .stack_to_nic = between(sent.scheduled, sent.transmitted),
          .nic_to_stack = between(received.arrived, received.queued),
          .stack_to_program = between(received.queued, received.read)};
}

std::string_view name_of(flow_kind kind) noexcept {
  return kinds.at(static_cast<std::size_t>(kind));
}
std::string_view name_of(flow_state state) noexcept {
  return states.at(static_cast<std::size_t>(state));
}
std::string_view name_of(flow_stack stack) noexcept {
  return stacks.at(static_cast<std::size_t>(stack));
}
std::optional<flow_kind> parse_flow_kind(std::string_view text) noexcept {
  return find<flow_kind>(kinds, text);
}
std::optional<flow_state> parse_flow_state(std::string_view text) noexcept {
  return find<flow_state>(states, text);
}
std::optional<flow_stack> parse_flow_stack(std::string_view text) noexcept {
  return find<flow_stack>(stacks, text);
}

std::optional<five_tuple> flow::tuple() const {
  if (!protocol || local.is_unix()) return {};
  const endpoint& own = local.ip();
  if (remote) return five_tuple{*protocol, own, remote->ip()};
  return five_tuple{*protocol, own, endpoint(ip_address::any(own.address.version()), 0)};
}

std::string to_json(const flow& x) {
  json_object object;
  object.add("stack", name_of(x.stack)).add("kind", name_of(x.kind));
  object.add("protocol", x.protocol ? to_string(*x.protocol) : "unix");
  object.add_json("local", json_of(x.local));
  if (const std::optional<five_tuple> tuple = x.tuple()) {
    object.add_json("remote", to_json(tuple->remote));
  } else if (x.remote) {
    object.add_json("remote", json_of(*x.remote));
  }
  object.add("state", name_of(x.state));
  add_info(object, x.info);
  add_hops(object, x.hops);
  object.add("waiting", x.waiting).add("backlog", x.backlog).add("interface", x.interface);
  object.add("inode", x.inode).add("peer_inode", x.peer_inode);
  if (!x.processes.empty()) object.add_json("processes", json_of(x.processes));
  return object.text();
}

}  // namespace pentad
