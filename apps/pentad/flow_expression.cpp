#include "apps/pentad/flow_expression.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace pentad::command {
namespace {

void add(std::string& all, const std::string& condition) {
  if (condition.empty()) return;
  if (!all.empty()) all += " and ";
  all += condition;
}

// The language knows no scopes.
std::string without_scope(const ip_address& address) {
  if (address.is_v4()) return to_string(address);
  std::array<std::byte, 16> bytes;
  std::ranges::copy(address.bytes(), bytes.begin());
  return to_string(ip_address::v6(bytes));
}

std::string end_condition(std::string_view side, const endpoint_filter& end) {
  std::string conditions;
  const std::string of(side);
  if (end.address) add(conditions, of + " host " + without_scope(*end.address));
  if (end.port) add(conditions, of + " port " + std::to_string(*end.port));
  return conditions;
}

std::string one_way(const endpoint_filter& source, const endpoint_filter& destination) {
  std::string conditions = end_condition("src", source);
  add(conditions, end_condition("dst", destination));
  return conditions;
}

std::string protocol_condition(ip_protocol protocol) {
  switch (protocol) {
    case ip_protocol::tcp:
      return "tcp";
    case ip_protocol::udp:
      return "udp";
    case ip_protocol::icmp:
      return "icmp";
    case ip_protocol::icmpv6:
      return "icmp6";
  }
  const std::string number = std::to_string(static_cast<unsigned>(protocol));
  return "(ip proto " + number + " or ip6 proto " + number + ")";
}

}  // namespace

std::string flow_expression(const five_tuple_filter& flow) {
  std::string expression;
  if (flow.protocol) expression = protocol_condition(*flow.protocol);
  const std::string there = one_way(flow.local, flow.remote);
  if (there.empty()) return expression;
  add(expression, "((" + there + ") or (" + one_way(flow.remote, flow.local) + "))");
  return expression;
}

}  // namespace pentad::command
