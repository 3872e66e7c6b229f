#include "pentad/stack/native/core/duplicate_detection.hpp"

#include <algorithm>

#include "pentad/stack/native/core/arp.hpp"
#include "pentad/stack/native/core/interface.hpp"
#include "pentad/stack/native/core/ndp.hpp"

namespace pentad::native {

using std::chrono::seconds;

duplicate_detection::~duplicate_detection() {
  for (check& each : running_) context_.timers.erase(each);
}

void duplicate_detection::begin(const ip_address& tentative, unsigned probes) {
  check& begun = running_.emplace_back(*this, tentative, probes);
  begun.fire = [](timer_node& node) {
    auto& running = static_cast<check&>(node);
    running.owner.proceed(running);
  };
  // Hosts that are switched on together should not ask together (RFC 4862, section 5.4.2; RFC 5227,
  // section 2.1.1).
  context_.arm(begun, random_delay(duration::zero(), seconds(1)));
}

void duplicate_detection::conflict(const ip_address& address) noexcept {
  const auto found = std::ranges::find(running_, address, &check::address);
  if (found == running_.end()) return;
  ++context_.counters.duplicate_addresses;
  interface_.set_state(address, address_state::duplicate);
  finish(*found);
}

void duplicate_detection::proceed(check& running) {
  if (running.probes_left == 0) {
    interface_.set_state(running.address, address_state::assigned);
    if (running.address.is_v4()) announce_by_arp(context_, interface_, running.address);
    return finish(running);
  }
  --running.probes_left;
  if (running.address.is_v4()) {
    probe_by_arp(context_, interface_, running.address);
    context_.arm(running, running.probes_left == 0 ? seconds(2)  // ANNOUNCE_WAIT
                                                   : random_delay(seconds(1), seconds(2)));
  } else {
    probe_by_ndp(context_, interface_, running.address);
    context_.arm(running, context_.settings.neighbours.retransmission);
  }
}

void duplicate_detection::finish(check& finished) noexcept {
  context_.timers.erase(finished);
  running_.remove_if([&](const check& each) { return &each == &finished; });
}

duration duplicate_detection::random_delay(duration least, duration most) noexcept {
  constexpr std::uint32_t steps = 1U << 16;
  return least + (most - least) / steps * context_.numbers.below(steps);
}

}  // namespace pentad::native
