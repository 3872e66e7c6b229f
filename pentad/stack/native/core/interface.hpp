// One way out of the host: a NIC as the core sees it, with the host's addresses on its link and the
// neighbours there. The loopback is one, too.
#pragma once

#include <optional>
#include <vector>

#include "pentad/base/result.hpp"
#include "pentad/stack/native/core/duplicate_detection.hpp"
#include "pentad/stack/native/core/ip_packet.hpp"
#include "pentad/stack/native/core/joined_groups.hpp"
#include "pentad/stack/native/core/neighbours.hpp"
#include "pentad/wire/ethernet.hpp"

namespace pentad::native {

enum class address_state : std::uint8_t {
  tentative,  ///< being checked; not to be used yet (RFC 4862, section 5.4)
  assigned,
  duplicate,  ///< somebody else has it; not to be used
};

struct local_address {
  prefix subnet;  ///< its address is that of this host
  address_state state = address_state::assigned;
  bool is_deprecated = false;  ///< used only if there is no other (RFC 4862, section 5.5.4)
  bool is_given = false;       ///< by others, who can give another one
  std::optional<instant> defended = {};  ///< when somebody claimed it last, and was told

  const ip_address& address() const noexcept { return subnet.address; }
};

/// Who is told that an address may be used now, or must not.
class address_watcher {
 public:
  virtual void settled(const ip_address& address, address_state how) = 0;

 protected:
  ~address_watcher() = default;
};

class dhcp_client;
class router_discovery;

class interface;

/// Who is told of the neighbours to which packets go.
class next_hop_watcher {
 public:
  /// Nobody has answered for `next_hop`; the packets, which begin with their IP headers, were not
  /// sent.
  virtual void silent(interface& link, const ip_address& next_hop, packet_queue unsent) = 0;
  virtual void answered(interface& link, const ip_address& next_hop) = 0;

 protected:
  ~next_hop_watcher() = default;
};

class interface final : private neighbour_events {
 public:
  static constexpr std::uint32_t loopback_index = 0;
  static constexpr std::uint32_t loopback_mtu = 65535;

  interface(context& shared, std::uint32_t index, interface_settings settings,
            next_hop_watcher& next_hops);

  std::uint32_t index() const noexcept { return index_; }
  bool is_loopback() const noexcept { return index_ == loopback_index; }
  const mac_address& mac() const noexcept { return settings_.mac; }
  std::uint32_t mtu() const noexcept { return settings_.mtu; }
  /// The same for packets of one version: others of the link may not take as much.
  std::uint32_t mtu(ip_version version) const noexcept {
    return version == ip_version::v4 ? mtu_v4_ : mtu_v6_;
  }
  /// `most` counts if the NIC takes as much.
  void limit_mtu(ip_version version, std::uint32_t most) noexcept;
  const interface_offloads& offloads() const noexcept { return settings_.offloads; }

  /// The longest super-segment of TCP that it takes; 0: none.
  std::uint32_t segment_limit(ip_version version) const noexcept;

  const std::vector<local_address>& addresses() const noexcept { return addresses_; }
  const local_address* find(const ip_address& address) const noexcept;
  /// One more address of this host; IPv6 and, if it is so set, IPv4 check that nobody has it.
  void add_address(const prefix& subnet);
  /// The same for one that others have given, which is always checked. Nothing happens if it is
  /// there.
  void add_checked_address(const prefix& subnet, const address_check& how);
  void remove_address(ip_address address) noexcept;
  void set_deprecated(const ip_address& address, bool is_deprecated) noexcept;
  void set_state(const ip_address& address, address_state state);
  /// Somebody claims an address of IPv4 that this host uses (RFC 5227, section 2.4): all are told
  /// that it is taken. When that does not help for long, an address that others have given is let
  /// go of, and one that was set is kept.
  void defend(ip_address address);
  duplicate_detection& duplicates() noexcept { return duplicates_; }
  /// Tells `watcher`, which lives as long, of addresses whose check has ended.
  void watch(address_watcher& watcher) { watchers_.push_back(&watcher); }

  /// Who asks for its addresses; null: nobody.
  dhcp_client* dhcp() const noexcept { return dhcp_; }
  void set_dhcp(dhcp_client* client) noexcept { dhcp_ = client; }
  router_discovery* routers() const noexcept { return routers_; }
  void set_routers(router_discovery* discovery) noexcept { routers_ = discovery; }

  /// Whether it takes packets to a multicast group.
  bool is_member(const ip_address& group) const noexcept;
  /// The groups that it takes packets of, apart from that of all hosts.
  joined_groups& groups(ip_version version) noexcept {
    return version == ip_version::v4 ? groups_v4_ : groups_v6_;
  }
  const joined_groups& groups(ip_version version) const noexcept {
    return version == ip_version::v4 ? groups_v4_ : groups_v6_;
  }
  bool is_broadcast(const ip_address& address) const noexcept;

  /// An address of this interface to ask about `target` with; unspecified if there is none.
  ip_address address_for(const ip_address& target) const noexcept;

  neighbour_cache& neighbours() noexcept { return neighbours_; }

  /// Sends an IP packet to a neighbour or a group.
  void send(packet&& packet_of_ip, const ip_address& next_hop);

  /// Sends a frame; `payload` becomes one.
  void transmit(packet&& payload, const mac_address& to, wire::ethertype type);

  /// Frames that wait for the NIC; packets of IP on the loopback.
  packet_queue& output() noexcept { return output_; }
  const packet_queue& output() const noexcept { return output_; }
  std::size_t most_output() const noexcept { return settings_.most_output_packets; }
  bool is_full() const noexcept { return output_.count() >= settings_.most_output_packets; }
  /// How many frames have been put into `output` so far, and taken out of it.
  std::uint64_t frames_queued() const noexcept { return queued_; }
  std::uint64_t frames_taken() const noexcept { return queued_ - output_.count(); }

  /// A frame that is complete. Errors: `no_buffer_space` when too many wait.
  result<void> transmit(packet&& frame);

  /// Packets to groups that this host is a member of, and to all: they are heard here, too.
  packet_queue& looped() noexcept { return looped_; }
  void loop(packet&& packet_of_ip);

 private:
  void solicit(const ip_address& target, const std::optional<mac_address>& known) override;
  void transmit(packet&& packet_of_ip, const mac_address& to) override;
  void silent(const ip_address& neighbour, packet_queue unsent) override {
    next_hops_.silent(*this, neighbour, std::move(unsent));
  }
  void answered(const ip_address& neighbour) override { next_hops_.answered(*this, neighbour); }
  void push(packet&& queued);

  context& context_;
  std::uint32_t index_;
  interface_settings settings_;
  next_hop_watcher& next_hops_;
  std::vector<local_address> addresses_;
  std::vector<address_watcher*> watchers_;
  dhcp_client* dhcp_ = nullptr;
  router_discovery* routers_ = nullptr;
  std::uint32_t mtu_v4_;
  std::uint32_t mtu_v6_;
  packet_queue output_;
  packet_queue looped_;
  std::uint64_t queued_ = 0;
  joined_groups groups_v4_;
  joined_groups groups_v6_;
  neighbour_cache neighbours_;
  duplicate_detection duplicates_;
};

}  // namespace pentad::native
