#include "apps/pentad/flow_filter.hpp"

#include <algorithm>

namespace pentad::command {
namespace {

constexpr std::string_view states =
    "listen, syn-sent, syn-received, established, fin-wait-1, fin-wait-2, close-wait, closing, "
    "last-ack, time-wait, closed and unconnected";

bool is_bound(const flow& x) noexcept {
  if (x.local.is_unix()) return !x.local.unix_path().is_unnamed();
  return x.kind == flow_kind::raw || x.local.ip().port != 0;
}

bool waits_for_anybody(const flow& x) noexcept {
  return x.state == flow_state::listen || (x.state == flow_state::unconnected && is_bound(x));
}

}  // namespace

std::expected<void, std::string> flow_filter::add(std::string_view text) {
  constexpr std::string_view state = "state=";
  constexpr std::string_view process = "process=";
  part made;
  if (text.starts_with(state)) {
    const std::string_view name = text.substr(state.size());
    made.state = parse_flow_state(name);
    if (!made.state) {
      return std::unexpected("'" + std::string(name) + "' is no state; those are " +
                             std::string(states));
    }
  } else if (text.starts_with(process)) {
    made.process = text.substr(process.size());
    if (made.process.empty()) return std::unexpected("process= lacks a name or number");
  } else {
    const result<five_tuple_filter> tuple = five_tuple_filter::parse(text);
    if (!tuple) {
      return std::unexpected("'" + std::string(text) +
                             "' is neither a quintuple such as 'tcp *:* > 10.9.0.2:*', nor "
                             "state=NAME, nor process=NAME");
    }
    made.tuple = *tuple;
  }
  parts_.push_back(std::move(made));
  return {};
}

bool flow_filter::part::matches(const flow& x) const {
  if (state) return x.state == *state;
  if (tuple) {
    const std::optional<five_tuple> own = x.tuple();
    return own && tuple->matches(*own);
  }
  return std::ranges::any_of(x.processes, [&](const flow_process& each) {
    return each.name == process || std::to_string(each.id) == process;
  });
}

bool flow_filter::matches(const flow& x) const {
  return (!listening_only_ || waits_for_anybody(x)) &&
         std::ranges::all_of(parts_, [&](const part& each) { return each.matches(x); });
}

}  // namespace pentad::command
