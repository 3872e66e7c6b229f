#include "apps/messenger/demo/two_hosts.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "apps/messenger/demo/netlink.hpp"
#include "apps/messenger/demo/network_namespace.hpp"
#include "apps/messenger/demo/play.hpp"
#include "pentad/base/decimal.hpp"
#include "pentad/hosts/make_host.hpp"

namespace pentad::messenger::demo {
namespace {

constexpr ip_address address_of_a = ip_address::v4(10, 9, 0, 1);
constexpr ip_address address_of_b = ip_address::v4(10, 9, 0, 2);
constexpr std::uint8_t prefix = 24;
constexpr const char* cable = "cable0";
constexpr std::uint16_t port = 6667;

// What the processes say.

using part = task<> (*)(host& here, endpoint server, audience& told);

/// The last thing that either process does.
void play(control_line& parent, actor who, std::string_view stack, part what) {
  const std::optional<std::string> address = parent.listen();
  if (!address) return;
  const result<endpoint> server = endpoint::parse(*address);
  if (!server) return;
  const result<std::unique_ptr<host>> here = make_host(stack);
  const result<void> played =
      here ? (*here)->run(what(**here, *server, parent)) : result<void>(failure(here.error()));
  if (played) return;
  parent.hear({report::kind::trouble, who, "making the host", played.error().message(), {}, {}});
}

/// Tells the parent that all is ready so far, or which errno stands in the way.
bool answer(control_line& parent, const result<void>& outcome, std::string text = {}) {
  const auto what = outcome ? report::kind::ready : report::kind::trouble;
  if (!outcome) text = std::to_string(outcome.error().value());
  parent.hear({what, actor::server, {}, std::move(text), {}, {}});
  return outcome.has_value();
}

/// What the process said with its answer. Errors: what stands in its way.
result<std::string> answer_of(process& child, deadline until) {
  const std::optional<std::string> text = child.line().listen(until);
  const std::optional<report> told = text ? decode(*text) : std::nullopt;
  if (!told) return failure(std::errc::timed_out);
  if (told->what == report::kind::ready) return told->text;
  return failure_from_errno(static_cast<int>(parse_decimal(told->text, INT32_MAX).value_or(0)));
}

// Their networks.

result<void> plug_in(netlink& network, const ip_address& address) {
  const result<void> added = network.add_address(cable, address, prefix);
  return added ? network.set_up(cable) : added;
}

result<void> lay_cable_to(pid_t other) {
  result<netlink> network = netlink::open();
  if (!network) return failure(network.error());
  if (const auto up = network->set_up("lo"); !up) return up;  // for Bob, who is where the server is
  if (const auto added = network->add_cable(cable, other); !added) return added;
  return plug_in(*network, address_of_b);
}

result<void> take_other_end() {
  result<netlink> network = netlink::open();
  if (!network) return failure(network.error());
  return plug_in(*network, address_of_a);
}

void live_on_b(control_line& parent, std::string_view stack) {
  const result<network_owner> owner = enter_own_network();
  if (!owner) {
    answer(parent, failure(owner.error()));
    return;
  }
  answer(parent, {}, std::string(1, static_cast<char>(*owner)));
  const std::optional<std::string> other = parent.listen();
  const auto id = other ? parse_decimal(*other, INT32_MAX) : std::nullopt;
  if (id && answer(parent, lay_cable_to(static_cast<pid_t>(*id)))) {
    play(parent, actor::server, stack, play_host_b);
  }
}

void live_on_a(control_line& parent, std::string_view stack, pid_t b, network_owner owner) {
  if (!answer(parent, enter_own_network_beside(b, owner))) return;
  const std::optional<std::string> laid = parent.listen();
  if (!laid || !answer(parent, take_other_end())) return;
  play(parent, actor::alice, stack, play_host_a);
  // The cable goes with this process, and with it the address of B, where Bob has yet to leave.
  static_cast<void>(parent.listen());
}

}  // namespace

result<two_hosts> make_hosts_apart(std::string_view stack, deadline until) {
  result<process> b = process::start([&](control_line& parent) { live_on_b(parent, stack); });
  if (!b) return failure(b.error());
  const result<std::string> owner = answer_of(*b, until);
  if (!owner) return failure(owner.error());

  const pid_t id = b->id();
  const auto owner_of_b = static_cast<network_owner>(owner->front());
  result<process> a =
      process::start([&](control_line& parent) { live_on_a(parent, stack, id, owner_of_b); });
  if (!a) return failure(a.error());
  if (const auto entered = answer_of(*a, until); !entered) return failure(entered.error());

  b->line().tell(std::to_string(a->id()));
  if (const auto laid = answer_of(*b, until); !laid) return failure(laid.error());
  a->line().tell("laid");
  if (const auto taken = answer_of(*a, until); !taken) return failure(taken.error());
  return two_hosts{std::move(*a), std::move(*b), address_of_a, endpoint(address_of_b, port)};
}

result<two_hosts> make_hosts_on_loopback(std::string_view stack) {
  result<process> a =
      process::start([&](control_line& parent) { play(parent, actor::alice, stack, play_host_a); });
  if (!a) return failure(a.error());
  result<process> b = process::start(
      [&](control_line& parent) { play(parent, actor::server, stack, play_host_b); });
  if (!b) return failure(b.error());
  return two_hosts{std::move(*a), std::move(*b), ip_address::v4(127, 0, 0, 1),
                   endpoint(ip_address::v4(127, 0, 0, 2), 0)};
}

}  // namespace pentad::messenger::demo
