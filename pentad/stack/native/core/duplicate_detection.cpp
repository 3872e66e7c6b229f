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
  // Hosts that are switched on together should not ask together (RFC 4862, section 5.4.2; RFC 5227,
  // section 2.1.1).
  begin(tentative,
        address_check{.probes = probes,
                      .most_delay = seconds(1),
                      .wait = tentative.is_v4() ? seconds(2)  // ANNOUNCE_WAIT
                                                : context_.settings.neighbours.retransmission});
}

void duplicate_detection::begin(const ip_address& tentative, const address_check& how) {
  check& begun = running_.emplace_back(*this, tentative, how);
  begun.fire = [](timer_node& node) {
    auto& running = static_cast<check&>(node);
    running.owner.proceed(running);
  };
  context_.arm(begun, random_delay(duration::zero(), how.most_delay));
}

void duplicate_detection::conflict(ip_address address) {
  const auto found = std::ranges::find(running_, address, &check::address);
  if (found == running_.end()) return;
  ++context_.counters.duplicate_addresses;
  finish(*found);
  interface_.set_state(address, address_state::duplicate);
}

void duplicate_detection::forget(const ip_address& address) noexcept {
  const auto found = std::ranges::find(running_, address, &check::address);
  if (found != running_.end()) finish(*found);
}

void duplicate_detection::proceed(check& running) {
  const ip_address address = running.address;
  if (running.probes_left == 0) {
    finish(running);
    if (address.is_v4()) announce_by_arp(context_, interface_, address);
    return interface_.set_state(address, address_state::assigned);
  }
  --running.probes_left;
  const bool is_last = running.probes_left == 0;
  if (address.is_v4()) {
    probe_by_arp(context_, interface_, address);
    context_.arm(running, is_last ? running.wait : random_delay(seconds(1), seconds(2)));
  } else {
    probe_by_ndp(context_, interface_, address);
    context_.arm(running, is_last ? running.wait : interface_.neighbours().retransmission_time());
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
