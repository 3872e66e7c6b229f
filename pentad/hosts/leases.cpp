#include "pentad/hosts/leases.hpp"

#include <chrono>

#include "pentad/hosts/lease_file.hpp"
#include "pentad/hosts/native_failure.hpp"

namespace pentad {
namespace {

constexpr std::chrono::seconds patience(1);

struct limit final : timer_node {
  bool has_passed = false;
};

}  // namespace

std::expected<void, native_host_error> remember_leases(const native::core& network,
                                                       const native_text& wanted) {
  for (std::uint32_t number = 1; const card_text& card : wanted.cards) {
    const auto address = network.leased_address(number++);
    if (card.lease_file.empty() || !address) continue;
    if (const result<void> done = write_lease(card.lease_file, *address); !done) {
      return native_failed_to("remember the address in " + card.lease_file, done.error());
    }
  }
  return {};
}

void give_leases_back(event_loop& loop, native::native_stack& network) {
  if (!network.release_leases()) return;
  limit end;
  end.at = later(loop.now(), patience);
  end.fire = [](timer_node& node) { static_cast<limit&>(node).has_passed = true; };
  loop.timers().insert(end);
  loop.run_until([&] { return network.is_settled() || end.has_passed; });
  loop.timers().erase(end);
}

}  // namespace pentad
