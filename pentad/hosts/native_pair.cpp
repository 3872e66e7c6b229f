#include "pentad/hosts/native_pair.hpp"

#include "pentad/nic/impairment.hpp"
#include "pentad/nic/memory.hpp"
#include "pentad/runtime/virtual_engine.hpp"
#include "pentad/stack/native/host_stack/native_stack.hpp"

namespace pentad {
namespace {

native::core_settings seeded(std::uint64_t seed) {
  native::core_settings settings;
  settings.seed = seed;
  settings.duplicates.solicitations = 0;  // there is nobody else
  return settings;
}

native::interface_settings with_address(const ip_address& address) {
  native::interface_settings settings;
  settings.addresses.push_back({address, address.is_v4() ? 24U : 64U});
  return settings;
}

}  // namespace

struct native_pair::network {
  explicit network(const native_pair_options& options)
      : bad_cable(cable.second(), loop, options.seed),
        first_stack(loop, packets, seeded(2 * options.seed)),
        second_stack(loop, packets, seeded(2 * options.seed + 1)),
        first(loop, first_stack, 2 * options.seed),
        second(loop, second_stack, 2 * options.seed + 1) {
    bad_cable.set_transmit(options.cable);
    bad_cable.set_receive(options.cable);
    first_stack.add(cable.first(), with_address(options.first));
    second_stack.add(bad_cable, with_address(options.second));
  }

  virtual_engine engine;
  event_loop loop{engine};
  packet_pool packets;
  memory_link cable{packets, packets};
  impairment bad_cable;
  native::native_stack first_stack;
  native::native_stack second_stack;
  host first;
  host second;
};

native_pair::native_pair(const native_pair_options& options)
    : network_(std::make_unique<network>(options)) {}

native_pair::~native_pair() = default;

host& native_pair::first() noexcept { return network_->first; }
host& native_pair::second() noexcept { return network_->second; }

}  // namespace pentad
