// What all parts of one core share.
#pragma once

#include "pentad/base/timer_queue.hpp"
#include "pentad/nic/packet_pool.hpp"
#include "pentad/stack/native/core/counters.hpp"
#include "pentad/stack/native/core/passage_observer.hpp"
#include "pentad/stack/native/core/random_numbers.hpp"
#include "pentad/stack/native/core/settings.hpp"

namespace pentad::native {

struct context {
  context(const core_settings& settings_, packet_pool& packets_) noexcept
      : settings(settings_),
        packets(packets_),
        numbers(settings.seed),
        hop_limit_v6(settings.hop_limit) {}

  const core_settings settings;
  packet_pool& packets;
  random_numbers numbers;
  timer_queue timers;
  core_counters counters;
  instant now{};                     ///< of the step that is being done
  bool has_looped = false;           ///< packets of interfaces wait to be heard by this host, too
  std::uint8_t hop_limit_v6;         ///< of what is sent by IPv6, unless somebody says otherwise
  std::uint64_t configurations = 0;  ///< changes of what DHCP servers and routers have told
  passage_observer* observer = nullptr;  ///< while something is traced

  /// Counts the changes of addresses, routes, path MTUs and neighbours: what was found out about
  /// where packets go holds until the next one.
  std::uint64_t ways = 1;

  /// Arms `timer`, again if it is armed.
  void arm(timer_node& timer, duration after) noexcept {
    timers.erase(timer);
    timer.at = later(now, after);
    timers.insert(timer);
  }
};

}  // namespace pentad::native
