#include "pentad/hosts/native_card.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>

#include "pentad/hosts/lease_file.hpp"
#include "pentad/hosts/native_failure.hpp"
#include "pentad/nic/tap.hpp"

namespace pentad {
namespace {

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

commands_left open_tap(const card_text& wanted, const card_surroundings& here,
                       std::unique_ptr<nic>& device) {
  auto tap = tap_nic::open(wanted.tap, here.packets, here.engine);
  if (!tap) return native_failure({tap.error(), explain_tap_error(tap.error(), wanted.tap)});
  const bool was_made = (*tap)->was_made();
  device = std::move(*tap);
  if (!was_made || !wanted.host_addresses.empty()) return "";
  if (wanted.addresses.empty()) return up_command(wanted.tap);
  return add_command(beside(wanted.addresses.front()), wanted.tap) + "\n" + up_command(wanted.tap);
}

// Linux hears what is for this host, too, and would send it on where it forwards, and complain to
// its senders.
std::string commands_against_forwarding(const card_text& wanted) {
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

commands_left share_link(const card_text& wanted, const card_surroundings& here,
                         std::unique_ptr<nic>& device) {
  for (const link_address& each : wanted.addresses) {
    if (!is_address_of_linux(each.address)) continue;
    return native_failure(
        {std::make_error_code(std::errc::address_in_use),
         to_string(each.address) +
             " is Linux's own address on this machine, and Linux would answer for it; "
             "take one that is free on the link of " +
             wanted.packet});
  }
  auto shared = packet_nic::open(wanted.packet, here.packets, here.engine);
  if (!shared) {
    return native_failure(
        {shared.error(), explain_packet_nic_error(shared.error(), wanted.packet)});
  }
  device = std::move(*shared);
  return commands_against_forwarding(wanted);
}

// Gives Linux's end its addresses.
std::expected<void, native_host_error> configure(const card_text& wanted) {
  for (const link_address& each : wanted.host_addresses) {
    if (const result<void> done = configure_link(wanted.tap, each); !done) {
      const std::string advice = "; have root type\n  " + add_command(each, wanted.tap) + "\n  " +
                                 up_command(wanted.tap) + "\nand leave out host=";
      return native_failed_to("give " + to_string(each) + " to Linux's end of " + wanted.tap,
                              done.error(), advice);
    }
  }
  return {};
}

}  // namespace

std::expected<native_card, native_host_error> native_card::open(const card_text& wanted,
                                                                const native_text& whole,
                                                                const card_surroundings& here) {
  native_card made;
  commands_left commands = wanted.tap.empty() ? share_link(wanted, here, made.device_)
                                              : open_tap(wanted, here, made.device_);
  if (!commands) return std::unexpected(commands.error());
  made.commands_ = std::move(*commands);
  if (wanted.tap.empty()) made.shared_ = static_cast<const packet_nic*>(made.device_.get());
  made.name_ = wanted.interface();
  if (const auto done = configure(wanted); !done) return std::unexpected(done.error());
  if (!whole.link.none()) {
    made.link_ = std::make_unique<impairment>(*made.device_, here.loop, whole.seed);
    made.link_->set_transmit(whole.link);
    made.link_->set_receive(whole.link);
  }
  if (here.recording) {
    made.record_ =
        std::make_unique<recorder>(made.card(), here.recording, wanted.interface(), wall_clock);
  }
  return made;
}

std::string native_card::receiving() const {
  if (shared_ == nullptr) return {};
  if (shared_->has_ring()) return name_ + ": frames come in by a ring";
  return name_ + ": Linux gives no ring for frames (" + shared_->ring_error().message() +
         "), so each is asked for";
}

std::string native_card::losses() const {
  const std::uint64_t lost = shared_ != nullptr ? shared_->lost() : 0;
  if (lost == 0) return {};
  return name_ + ": " + std::to_string(lost) + " frames came faster than they were taken";
}

native::interface_settings interface_of(const card_text& wanted) {
  native::interface_settings settings;
  for (const link_address& each : wanted.addresses) {
    settings.addresses.push_back({each.address, each.prefix_length});
  }
  settings.gateways = wanted.gateways;
  settings.dhcp = wanted.dhcp;
  if (!wanted.lease_file.empty()) {
    settings.lease = {.keep = true, .remembered = read_lease(wanted.lease_file)};
  }
  settings.router_discovery = wanted.slaac;
  return settings;
}

}  // namespace pentad
