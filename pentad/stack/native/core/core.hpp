// One host's network management without any input or output of its own: frames and time come in,
// frames and the next deadline come out. The same calls give the same frames, and many cores live
// in one process.
#pragma once

#include "pentad/stack/native/core/dhcp_client.hpp"
#include "pentad/stack/native/core/ip_input.hpp"
#include "pentad/stack/native/core/producer.hpp"
#include "pentad/stack/native/core/router_discovery.hpp"
#include "pentad/stack/native/core/udp_ports.hpp"

namespace pentad::native {

/// What DHCP servers and routers say of names.
struct learned_names {
  std::vector<ip_address> servers;
  std::vector<std::string> domains;
};

/// A turn of its owner is: `input` what the NICs have, `advance`, `output` to the NICs; then
/// nothing happens before `next_deadline` but what the owner does.
class core {
 public:
  /// All packets come from `packets`, which must outlive the core and have room for its bounds.
  core(const core_settings& settings, packet_pool& packets);
  core(const core&) = delete;
  core& operator=(const core&) = delete;

  /// Adds a NIC and returns its index, from 1 on. Its addresses, their subnets and its gateways can
  /// be used at once, IPv6 addresses when nobody else has them. Throws `std::invalid_argument` for
  /// what cannot be: prefixes longer than addresses, groups, an MTU below 68 or, with IPv6, 1280.
  std::uint32_t add_interface(const interface_settings& settings, instant now);

  void add_route(const route& added) { output_.add_route(added); }

  /// A transport besides UDP. It must outlive the core's last call.
  void attach(ip_protocol protocol, transport& added, producer* produces = nullptr);

  /// Frames that have arrived; they are taken, all of them.
  void input(std::uint32_t interface_index, packet&& frame, instant now);
  void input(std::uint32_t interface_index, std::span<packet> frames, instant now);

  /// Fires what is due, delivers what the host has sent to itself, and lets transports send.
  void advance(instant now);

  /// When to call `advance` next; not later than the last `now` if there is something to do
  /// already.
  instant next_deadline() const noexcept;

  /// Gives frames for a NIC into the front of `frames` and returns how many. Transports are asked
  /// for more when fewer wait.
  std::size_t output(std::uint32_t interface_index, std::span<packet> frames, instant now);

  /// Whether `output` would give frames.
  bool has_output(std::uint32_t interface_index) const noexcept;

  udp_ports& udp() noexcept { return udp_; }
  raw_ports& raw() noexcept { return raw_; }
  /// Whether groups were joined or left of which routers have not been told.
  bool has_group_news() const noexcept;
  /// Whether packets wait for the hardware address of a neighbour.
  bool waits_for_neighbours() const noexcept;

  /// How often what DHCP servers and routers have told has changed.
  std::uint64_t configurations() const noexcept { return context_.configurations; }
  /// An interface that still has no address of DHCP, or none by its routers; 0 if there is none.
  std::uint32_t without_lease() const noexcept;
  std::uint32_t without_router_address() const noexcept;
  /// What DHCP has given an interface.
  std::optional<ip_address> leased_address(std::uint32_t interface_index) const;
  /// The host ends: addresses of DHCP are given back, but for those that are kept. Returns whether
  /// something is to be sent for it.
  bool release_leases(instant now);
  /// The name servers that were told, those of DHCP first, and the domains that complete names.
  learned_names names() const;

  /// Who is told of packets that are traced; null: nobody.
  void observe(passage_observer* observer) noexcept { context_.observer = observer; }

  network_layer& network() noexcept { return output_; }
  timer_queue& timers() noexcept { return context_.timers; }
  packet_pool& packets() noexcept { return context_.packets; }

  interface_list& interfaces() noexcept { return output_.interfaces(); }
  const interface_list& interfaces() const noexcept { return output_.interfaces(); }
  const path_mtu_cache& path_mtus() const noexcept { return output_.path_mtus(); }
  const reassembly& fragments() const noexcept { return input_.fragments(); }
  const core_counters& counters() const noexcept { return context_.counters; }
  const core_settings& settings() const noexcept { return context_.settings; }

 private:
  void begin_step(instant now);
  void receive_frame(interface& from, packet&& frame);
  bool waits_for_loopback() const noexcept;
  void deliver_loopback();
  void turn(packet& passing, bool is_copy);
  void room_was_made();
  void pull(std::size_t most);
  bool producers_have_output() const noexcept;

  context context_;
  transport_table transports_;
  std::vector<producer*> producers_;
  bool is_asked_for_output_ = false;  // by a NIC, since the last `advance`
  ip_output output_;
  udp_ports udp_;
  raw_ports raw_;
  ip_input input_;
  std::vector<std::unique_ptr<dhcp_client>> dhcp_;
  std::vector<std::unique_ptr<router_discovery>> routers_;
};

}  // namespace pentad::native
