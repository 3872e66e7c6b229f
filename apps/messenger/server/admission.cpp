#include "apps/messenger/server/admission.hpp"

#include <algorithm>
#include <chrono>

namespace pentad::messenger {
namespace {

ip_address counted(const ip_address& address) noexcept {
  return ip_network::around(address, address.is_v4() ? 32 : 64).address;
}

line_rate connection_rate(const limits& limit) noexcept {
  if (limit.connections_per_minute == 0) return {};
  return {limit.connection_burst, duration{std::chrono::minutes{1}} / limit.connections_per_minute};
}

}  // namespace

admission::answer admission::enter(const ip_address& address, instant now, const limits& limit) {
  const line_rate rate = connection_rate(limit);
  if (known_.size() >= forget_at_) forget_quiet(now);
  record& from = known_[counted(address)];
  ++from.clients;
  if (from.clients > limit.clients_per_address) return answer::too_many;
  // One that is refused takes no token: who tries again and again gets in when it is time.
  if (!from.connections.ready(now, rate)) return answer::too_fast;
  from.connections.take(now, rate);
  return answer::welcome;
}

void admission::leave(const ip_address& address) noexcept {
  const auto found = known_.find(counted(address));
  if (found != known_.end() && found->second.clients > 0) --found->second.clients;
}

/// What remains is as much as there are clients and fresh rates, so the cost of this is shared by
/// as many connections.
void admission::forget_quiet(instant now) {
  std::erase_if(known_, [&](const auto& each) {
    return each.second.clients == 0 && each.second.connections.full(now);
  });
  forget_at_ = std::max<std::size_t>(1024, 2 * known_.size());
}

}  // namespace pentad::messenger
