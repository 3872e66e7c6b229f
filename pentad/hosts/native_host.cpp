#include "pentad/hosts/native_host.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <utility>

#include "pentad/hosts/random_seed.hpp"
#include "pentad/nic/impairment.hpp"
#include "pentad/nic/packet_nic.hpp"
#include "pentad/nic/recorder.hpp"
#include "pentad/nic/tap.hpp"
#include "pentad/runtime/epoll_engine.hpp"
#include "pentad/runtime/uring_engine.hpp"
#include "pentad/socket/name_service.hpp"
#include "pentad/stack/kernel/epoll_stack.hpp"
#include "pentad/stack/kernel/uring_stack.hpp"
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
  return add_command(beside(wanted.addresses.front()), wanted.tap) + "\n" + up_command(wanted.tap);
}

// Linux hears what is for this host, too, and would send it on where it forwards, and complain to
// its senders.
std::string commands_against_forwarding(const native_text& wanted) {
  std::string commands;
  for (const std::string version : {"ipv4", "ipv6"}) {
    const bool is_concerned = std::ranges::any_of(wanted.addresses, [&](const link_address& each) {
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
  return settings;
}

resolver_configuration names_of(const native_text& wanted) {
  constexpr std::uint16_t dns_port = 53;
  resolver_configuration names;
  for (const ip_address& each : wanted.name_servers) names.servers.emplace_back(each, dns_port);
  return names;
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
  parts.network = std::make_unique<native::native_stack>(
      *parts.loop, *parts.packets, settings, native::tcp_settings{.congestion = wanted.congestion});
  parts.network->add(parts.card(), interface_of(wanted), wanted.interface());

  return std::make_unique<device_host>(std::move(parts), *commands, names_of(wanted));
}

}  // namespace pentad
