#include "pentad/hosts/native_host.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <iterator>
#include <span>
#include <utility>

#include "pentad/base/siphash.hpp"
#include "pentad/hosts/random_seed.hpp"
#include "pentad/nic/impairment.hpp"
#include "pentad/nic/packet_nic.hpp"
#include "pentad/nic/recorder.hpp"
#include "pentad/nic/tap.hpp"
#include "pentad/runtime/epoll_engine.hpp"
#include "pentad/runtime/run.hpp"
#include "pentad/runtime/uring_engine.hpp"
#include "pentad/socket/name_service.hpp"
#include "pentad/stack/kernel/epoll_stack.hpp"
#include "pentad/stack/kernel/uring_stack.hpp"
#include "pentad/stack/native/core/scope.hpp"
#include "pentad/stack/native/host_stack/native_stack.hpp"

namespace pentad {
namespace {

using failed = std::unexpected<native_host_error>;

failed failed_to(std::string_view what, std::error_code error, std::string_view advice = {}) {
  std::string sentence("cannot ");
  sentence.append(what).append(": ").append(error.message()).append(advice);
  return failed({error, std::move(sentence)});
}

// What the host stands on, from the bottom to the top: each must be there before the next and go
// after it.
struct native_parts {
  std::unique_ptr<uring_engine> uring;  // one of the two drives the loop
  std::unique_ptr<epoll_engine> epoll;
  std::unique_ptr<event_loop> loop;
  std::unique_ptr<stack> linux_stack;  // goes after the card: it waits for all that the driver does
  std::unique_ptr<host> machine;
  std::unique_ptr<packet_pool> packets;
  std::unique_ptr<nic> device;
  std::unique_ptr<impairment> link;
  std::unique_ptr<recorder> record;
  std::unique_ptr<native::native_stack> network;

  engine& driver() const noexcept {
    if (uring) return *uring;
    return *epoll;
  }

  nic& card() const {
    if (record) return *record;
    if (link) return *link;
    return *device;
  }
};

class device_host final : private native_parts, public native_host {
 public:
  device_host(native_parts parts, std::string commands, const resolver_configuration& names)
      : native_parts(std::move(parts)),
        native_host(*native_parts::loop, *network, random_seed(),
                    name_service(names, fill_with_secrets)),
        commands_(std::move(commands)) {}

  std::string commands_for_linux() const override { return commands_; }

  result<host*> machine() override;

  result<void> flush_recording() override { return record ? record->flush() : result<void>(); }

 private:
  std::string commands_;
};

result<host*> device_host::machine() {
  if (native_parts::machine) return native_parts::machine.get();
  if (uring) {
    result<std::unique_ptr<kernel::uring_stack>> opened =
        kernel::uring_stack::open(*uring, *native_parts::loop);
    if (!opened) return failure(opened.error());
    linux_stack = std::move(*opened);
  } else {
    linux_stack = std::make_unique<kernel::epoll_stack>(*epoll, *native_parts::loop);
  }
  native_parts::machine = std::make_unique<host>(*native_parts::loop, *linux_stack, random_seed());
  return native_parts::machine.get();
}

result<> make_engine(native_parts& parts, duration spin) {
  result<std::unique_ptr<uring_engine>> uring = uring_engine::open(spin);
  if (uring) {
    parts.uring = std::move(*uring);
    return {};
  }
  result<std::unique_ptr<epoll_engine>> epoll = epoll_engine::open(spin);
  if (!epoll) return failure(epoll.error());
  parts.epoll = std::move(*epoll);
  return {};
}

std::chrono::nanoseconds wall_clock() {
  return std::chrono::system_clock::now().time_since_epoch();
}

// Another host of the same subnet, if it has one: .1 for .2, .2 for .1 and .3, .5 for .4.
link_address beside(const link_address& own) {
  std::array<std::byte, 16> bytes{};
  std::ranges::copy(own.address.bytes(), bytes.begin());
  std::byte& last = bytes[own.address.bytes().size() - 1];
  const std::byte low = last & std::byte{3};
  const bool is_between = low == std::byte{1} || low == std::byte{2};
  const bool has_two = own.prefix_length + 1 == own.address.bytes().size() * 8;
  last ^= is_between && !has_two ? std::byte{3} : std::byte{1};
  if (own.address.is_v6()) return {ip_address::v6(bytes), own.prefix_length};
  return {ip_address::v4({bytes[0], bytes[1], bytes[2], bytes[3]}), own.prefix_length};
}

std::string add_command(const link_address& given, std::string_view device) {
  return "ip address add " + to_string(given) + " dev " + std::string(device);
}

std::string up_command(std::string_view device) {
  return "ip link set " + std::string(device) + " up";
}

// What is left to do for root on Linux: a command on each line.
using commands_left = std::expected<std::string, native_host_error>;

commands_left open_tap(native_parts& parts, const native_text& wanted) {
  auto tap = tap_nic::open(wanted.tap, *parts.packets, *parts.driver().descriptors());
  if (!tap) return failed({tap.error(), explain_tap_error(tap.error(), wanted.tap)});
  const bool was_made = (*tap)->was_made();
  parts.device = std::move(*tap);
  if (!was_made || !wanted.host_addresses.empty()) return "";
  if (wanted.addresses.empty()) return up_command(wanted.tap);
  return add_command(beside(wanted.addresses.front()), wanted.tap) + "\n" + up_command(wanted.tap);
}

// Linux hears what is for this host, too, and would send it on where it forwards, and complain to
// its senders.
std::string commands_against_forwarding(const native_text& wanted) {
  std::string commands;
  for (const std::string version : {"ipv4", "ipv6"}) {
    const bool by_others = version == "ipv4" ? wanted.dhcp : wanted.slaac;
    const bool is_concerned =
        by_others || std::ranges::any_of(wanted.addresses, [&](const link_address& each) {
          return each.address.is_v4() == (version == "ipv4");
        });
    const std::string folder = "/proc/sys/net/" + version + "/conf/" + wanted.packet;
    char forwards = '0';
    std::ifstream(folder + "/forwarding") >> forwards;
    if (!is_concerned || forwards == '0') continue;
    if (!commands.empty()) commands += "\n";
    commands += "sysctl -w net." + version + ".conf." + wanted.packet + ".forwarding=0";
  }
  return commands;
}

commands_left share_link(native_parts& parts, const native_text& wanted) {
  for (const link_address& each : wanted.addresses) {
    if (!is_address_of_linux(each.address)) continue;
    return failed({std::make_error_code(std::errc::address_in_use),
                   to_string(each.address) +
                       " is Linux's own address on this machine, and Linux would answer for it; "
                       "take one that is free on the link of " +
                       wanted.packet});
  }
  auto shared = packet_nic::open(wanted.packet, *parts.packets, *parts.driver().descriptors());
  if (!shared) {
    return failed({shared.error(), explain_packet_nic_error(shared.error(), wanted.packet)});
  }
  parts.device = std::move(*shared);
  return commands_against_forwarding(wanted);
}

// Gives Linux's end its addresses.
std::expected<void, native_host_error> configure(const native_text& wanted) {
  for (const link_address& each : wanted.host_addresses) {
    if (const result<void> done = configure_link(wanted.tap, each); !done) {
      const std::string advice = "; have root type\n  " + add_command(each, wanted.tap) + "\n  " +
                                 up_command(wanted.tap) + "\nand leave out host=";
      return failed_to("give " + to_string(each) + " to Linux's end of " + wanted.tap, done.error(),
                       advice);
    }
  }
  return {};
}

native::interface_settings interface_of(const native_text& wanted) {
  native::interface_settings settings;
  for (const link_address& each : wanted.addresses) {
    settings.addresses.push_back({each.address, each.prefix_length});
  }
  settings.gateways = wanted.gateways;
  settings.dhcp = wanted.dhcp;
  settings.router_discovery = wanted.slaac;
  return settings;
}

// Those that the text names come before those that were told; as resolv.conf(5), three of all.
resolver_configuration names_of(const native_text& wanted, const native::learned_names& told) {
  constexpr std::uint16_t dns_port = 53;
  constexpr std::size_t most = 3;
  resolver_configuration names;
  for (const auto* servers : {&wanted.name_servers, &told.servers}) {
    for (const ip_address& each : *servers) {
      if (names.servers.size() < most) names.servers.emplace_back(each, dns_port);
    }
  }
  names.search = told.domains;
  return names;
}

// The same on each run of the same host, and nobody else's (RFC 7217, section 5).
std::uint64_t address_secret(const native_text& wanted) {
  std::ifstream file("/etc/machine-id");
  const std::string id{std::istreambuf_iterator<char>(file), {}};
  if (id.empty()) return random_seed();
  siphash hash({0x70656e7461642073U, 0x7461626c65206970U});
  return hash.add(std::as_bytes(std::span(id)))
      .add(std::as_bytes(std::span(wanted.interface())))
      .finish();
}

constexpr duration configuration_limit = std::chrono::seconds(10);

// What nobody has answered; nothing if all is there.
std::string missing_configuration(native::core& network, const std::string& interface) {
  if (network.without_lease() != 0) return "dhcp on " + interface + ": no answer";
  if (network.without_router_address() != 0) {
    return "slaac on " + interface + ": no router has told of a prefix";
  }
  return {};
}

task<std::string> await_configuration(native::native_stack& network, const std::string& interface,
                                      instant deadline, event_loop& loop) {
  std::string missing = missing_configuration(network.network(), interface);
  while (!missing.empty() && loop.now() < deadline) {
    const result<void> changed =
        co_await network.configured().wait().timeout(deadline - loop.now());
    if (!changed && changed.error() != std::errc::timed_out) break;
    missing = missing_configuration(network.network(), interface);
  }
  co_return missing;
}

// Waits for what others tell: a program finds its host with its addresses.
std::expected<void, native_host_error> be_configured(native_parts& parts,
                                                     const native_text& wanted) {
  if (!wanted.is_configured_by_others()) return {};
  event_loop& loop = *parts.loop;
  const auto missing = run(loop, await_configuration(*parts.network, wanted.interface(),
                                                     later(loop.now(), configuration_limit), loop));
  if (!missing) return failed_to("wait for an address", missing.error());
  if (!missing->empty()) {
    return failed({std::make_error_code(std::errc::timed_out), *missing + " within 10 s"});
  }
  return {};
}

// A server that takes this host for Linux may give it Linux's own address.
std::expected<void, native_host_error> check_addresses(const native_parts& parts,
                                                       const native_text& wanted) {
  if (wanted.packet.empty() || !wanted.is_configured_by_others()) return {};
  for (const native::local_address& each :
       parts.network->network().interfaces().find(1)->addresses()) {
    if (!is_address_of_linux(native::without_scope(each.address()))) continue;
    return failed({std::make_error_code(std::errc::address_in_use),
                   "the server has given " + to_string(each.address()) +
                       ", which is Linux's own address on this machine; use ip= with one that is "
                       "free on the link of " +
                       wanted.packet});
  }
  return {};
}

}  // namespace

std::expected<std::unique_ptr<native_host>, native_host_error> native_host::open(
    const native_text& wanted) {
  native_parts parts;
  if (const result<> made = make_engine(parts, wanted.spin); !made) {
    return failed_to("wait for events", made.error());
  }
  parts.loop = std::make_unique<event_loop>(parts.driver());
  parts.packets = std::make_unique<packet_pool>();

  const commands_left commands =
      wanted.tap.empty() ? share_link(parts, wanted) : open_tap(parts, wanted);
  if (!commands) return std::unexpected(commands.error());
  if (const auto done = configure(wanted); !done) return std::unexpected(done.error());

  if (!wanted.link.none()) {
    parts.link = std::make_unique<impairment>(*parts.device, *parts.loop, wanted.seed);
    parts.link->set_transmit(wanted.link);
    parts.link->set_receive(wanted.link);
  }
  if (!wanted.record.empty()) {
    auto record = recorder::open(parts.card(), wanted.record, wall_clock);
    if (!record) return failed_to("record to " + wanted.record, record.error());
    parts.record = std::move(*record);
  }

  native::core_settings settings;
  settings.seed = random_seed();
  // A program listens as soon as it runs. Who named the address vouches for it, as for Linux's end.
  settings.duplicates.solicitations = 0;
  settings.routers.secret = address_secret(wanted);
  settings.routers.most_delay = duration::zero();  // a program waits
  parts.network = std::make_unique<native::native_stack>(
      *parts.loop, *parts.packets, settings, native::tcp_settings{.congestion = wanted.congestion});
  parts.network->add(parts.card(), interface_of(wanted), wanted.interface());
  if (const auto done = be_configured(parts, wanted); !done) return std::unexpected(done.error());
  if (const auto done = check_addresses(parts, wanted); !done) {
    return std::unexpected(done.error());
  }
  const resolver_configuration names = names_of(wanted, parts.network->network().names());
  return std::make_unique<device_host>(std::move(parts), *commands, names);
}

}  // namespace pentad
