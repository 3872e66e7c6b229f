#include "pentad/hosts/be_configured.hpp"

#include <algorithm>
#include <chrono>

#include "pentad/hosts/native_failure.hpp"
#include "pentad/nic/packet_nic.hpp"
#include "pentad/runtime/run.hpp"
#include "pentad/stack/native/core/scope.hpp"

namespace pentad {
namespace {

constexpr std::chrono::seconds limit(10);

// What nobody has answered; nothing if all is there. The interfaces of the stack are numbered from
// 1 on, in the order of the cards.
std::string missing_configuration(const native::core& network, const native_text& wanted) {
  if (const std::uint32_t number = network.without_lease(); number != 0) {
    return "dhcp on " + wanted.cards[number - 1].interface() + ": no answer";
  }
  if (const std::uint32_t number = network.without_router_address(); number != 0) {
    return "slaac on " + wanted.cards[number - 1].interface() + ": no router has told of a prefix";
  }
  return {};
}

task<std::string> await_configuration(event_loop& loop, native::native_stack& network,
                                      const native_text& wanted) {
  const instant deadline = later(loop.now(), limit);
  std::string missing = missing_configuration(network.network(), wanted);
  while (!missing.empty() && loop.now() < deadline) {
    const result<void> changed =
        co_await network.configured().wait().timeout(deadline - loop.now());
    if (!changed && changed.error() != std::errc::timed_out) break;
    missing = missing_configuration(network.network(), wanted);
  }
  co_return missing;
}

// A server that takes this host for Linux may give it Linux's own address.
std::expected<void, native_host_error> check_addresses(native::native_stack& network,
                                                       const native_text& wanted) {
  for (std::uint32_t number = 1; const card_text& card : wanted.cards) {
    const native::interface& own = *network.network().interfaces().find(number++);
    if (card.packet.empty() || !card.is_configured_by_others()) continue;
    for (const native::local_address& each : own.addresses()) {
      if (!is_address_of_linux(native::without_scope(each.address()))) continue;
      return native_failure(
          {std::make_error_code(std::errc::address_in_use),
           "the server has given " + to_string(each.address()) +
               ", which is Linux's own address on this machine; use ip= with one that is "
               "free on the link of " +
               card.packet});
    }
  }
  return {};
}

}  // namespace

std::expected<void, native_host_error> be_configured(event_loop& loop,
                                                     native::native_stack& network,
                                                     const native_text& wanted) {
  if (std::ranges::none_of(wanted.cards, &card_text::is_configured_by_others)) return {};
  const auto missing = run(loop, await_configuration(loop, network, wanted));
  if (!missing) {
    return native_failed_to("wait for an address", missing.error());
  }
  if (!missing->empty()) {
    return native_failure({std::make_error_code(std::errc::timed_out),
                           *missing + " within " + std::to_string(limit.count()) + " s"});
  }
  return check_addresses(network, wanted);
}

}  // namespace pentad
