#include "apps/pentad/flow_json.hpp"

#include <nlohmann/json.hpp>

#include <concepts>
#include <cstdint>
#include <limits>

namespace pentad::command {
namespace {

using json = nlohmann::json;

const json* member(const json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

std::string_view text(const json& object, const char* name) {
  const json* const found = member(object, name);
  if (found == nullptr || !found->is_string()) return {};
  return found->get_ref<const std::string&>();
}

template <std::integral Number>
std::optional<Number> number(const json& object, const char* name) {
  const json* const found = member(object, name);
  if (found == nullptr || !found->is_number_unsigned()) return {};
  const auto value = found->get<std::uint64_t>();
  if (value > static_cast<std::uint64_t>(std::numeric_limits<Number>::max())) return {};
  return static_cast<Number>(value);
}

std::optional<duration> time(const json& object, const char* name) {
  const std::optional<duration::rep> count = number<duration::rep>(object, name);
  return count ? std::optional(duration(*count)) : std::nullopt;
}

std::optional<endpoint> end(const json& object, const char* name) {
  const json* const found = member(object, name);
  if (found == nullptr || !found->is_object()) return {};
  const result<ip_address> address = ip_address::parse(text(*found, "address"));
  const auto port = number<std::uint16_t>(*found, "port");
  if (!address || !port) return {};
  return endpoint(*address, *port);
}

stream_info info(const json& object) {
  stream_info made;
  made.receive_queue = number<std::uint64_t>(object, "receive_queue");
  made.send_queue = number<std::uint64_t>(object, "send_queue");
  made.rtt = time(object, "rtt");
  made.rtt_variance = time(object, "rtt_variance");
  made.segment_size = number<std::uint32_t>(object, "segment_size");
  made.congestion_window = number<std::uint64_t>(object, "congestion_window");
  made.in_flight = number<std::uint64_t>(object, "in_flight");
  made.retransmits = number<std::uint64_t>(object, "retransmits");
  made.delivery_rate = number<std::uint64_t>(object, "delivery_rate");
  made.bytes_acknowledged = number<std::uint64_t>(object, "bytes_acknowledged");
  made.bytes_received = number<std::uint64_t>(object, "bytes_received");
  return made;
}

flow_hops hops(const json& object) {
  return {.socket_to_stack = time(object, "socket_to_stack"),
          .stack_to_nic = time(object, "stack_to_nic"),
          .nic_to_stack = time(object, "nic_to_stack"),
          .stack_to_program = time(object, "stack_to_program")};
}

std::vector<flow_process> processes(const json& object) {
  std::vector<flow_process> made;
  const json* const found = member(object, "processes");
  if (found == nullptr || !found->is_array()) return made;
  for (const json& each : *found) {
    if (!each.is_object()) continue;
    const auto id = number<std::int32_t>(each, "id");
    if (id) made.push_back({*id, std::string(text(each, "name"))});
  }
  return made;
}

}  // namespace

std::optional<flow> parse_flow(std::string_view line) {
  const json object = json::parse(line, nullptr, false);
  if (!object.is_object()) return {};
  const auto kind = parse_flow_kind(text(object, "kind"));
  const auto state = parse_flow_state(text(object, "state"));
  const auto stack = parse_flow_stack(text(object, "stack"));
  const auto protocol = parse_ip_protocol(text(object, "protocol"));
  const std::optional<endpoint> local = end(object, "local");
  if (!kind || !state || !stack || !protocol || !local) return {};
  flow made;
  made.kind = *kind;
  made.state = *state;
  made.stack = *stack;
  made.protocol = *protocol;
  made.local = *local;
  const std::optional<endpoint> remote = end(object, "remote");
  if (remote && *remote != endpoint(ip_address::any(local->address.version()), 0)) {
    made.remote = *remote;
  }
  made.info = info(object);
  made.hops = hops(object);
  made.waiting = number<std::uint32_t>(object, "waiting");
  made.backlog = number<std::uint32_t>(object, "backlog");
  made.interface = number<std::uint32_t>(object, "interface");
  made.inode = number<std::uint64_t>(object, "inode");
  made.processes = processes(object);
  return made;
}

}  // namespace pentad::command
