// Packets on their way out: route, source address, header, fragments, path MTU.
#pragma once

#include "pentad/stack/native/core/fragmentation.hpp"
#include "pentad/stack/native/core/identifications.hpp"
#include "pentad/stack/native/core/interface_list.hpp"
#include "pentad/stack/native/core/known_ways.hpp"
#include "pentad/stack/native/core/network_layer.hpp"
#include "pentad/stack/native/core/path_mtu.hpp"
#include "pentad/stack/native/core/routes.hpp"

namespace pentad::native {

class ip_output final : public network_layer, private next_hop_watcher {
 public:
  explicit ip_output(context& shared);
  ~ip_output();

  interface_list& interfaces() noexcept { return interfaces_; }
  const interface_list& interfaces() const noexcept { return interfaces_; }
  void add_route(const route& added);
  void remove_route(const route& removed) noexcept;
  const path_mtu_cache& path_mtus() const noexcept { return path_mtus_; }

  result<path> find_path(const ip_address& destination, const ip_address& source) override {
    return find_path(destination, source, 0);
  }
  /// The same by one interface, unless that is 0.
  result<path> find_path(const ip_address& destination, const ip_address& source,
                         std::uint32_t by_interface);
  bool is_local(const ip_address& address) const noexcept override {
    return interfaces_.is_local(address);
  }

  std::uint32_t lower_path_mtu(const ip_address& destination, std::uint32_t mtu) override;

  /// A packet that cannot go comes back to its transport as an error, by way of the loopback, so
  /// never from within this call.
  void send(outgoing_packet&& sent, instant now) override;

  /// Sends a packet that brings its IPv4 header: length and checksum are put in, and what is zero
  /// of its source and identification (raw(7)). Errors: `invalid_argument` for what is no header,
  /// `message_size`, `network_unreachable`.
  result<void> send_with_header(packet&& packet_of_ip, const ip_address& destination,
                                std::uint32_t by_interface);

  /// The interface whose link has a group, for who has not said so: where its packets would go.
  /// Null if there is none.
  interface* interface_of_group(const ip_address& group) noexcept {
    return interface_for_group(group, ip_address::any(group.version()));
  }

  /// Whether `address` means all hosts of a link or of the Internet.
  bool is_broadcast(const ip_address& address) const noexcept;

 private:
  struct hop {
    interface* out = nullptr;
    ip_address next;         ///< a neighbour or a group; on the loopback, this host
    ip_address destination;  ///< without a scope that it does not need
  };

  void send_known(outgoing_packet&& sent, known_way& way);
  void send_one_by_one(outgoing_packet&& row, instant now);
  void remember(const ip_address& source, const hop& to);
  std::optional<hop> find_hop(const ip_address& destination, const ip_address& source,
                              std::uint32_t by_interface = 0) noexcept;
  void loop(const outgoing_packet& sent, interface& out);
  interface* interface_for_group(const ip_address& group, const ip_address& source) noexcept;
  std::uint16_t next_number(const outgoing_packet& sent) noexcept;
  wire::ipv4_header numbered_v4_header(const outgoing_packet& sent, bool may_fragment);
  void send_v4(outgoing_packet&& sent, const hop& to, std::uint32_t mtu, bool may_fragment);
  void send_v6(outgoing_packet&& sent, const hop& to, std::uint32_t mtu);
  void send_fragments(packet_queue fragments, const hop& to);
  void refuse(outgoing_packet&& refused, path_error::kind why, std::uint32_t mtu);
  void undeliverable(packet&& packet_of_ip, path_error::kind why, std::uint32_t mtu);

  void silent(interface& link, const ip_address& next_hop, packet_queue unsent) override;
  void answered(interface& link, const ip_address& next_hop) override;
  bool send_another_way(packet& unsent, interface& link);
  void probe_silent();

  context& context_;
  interface_list interfaces_;
  route_table routes_;
  path_mtu_cache path_mtus_;
  identifications identifications_;
  recently_used<known_way> known_ways_;
  struct timer : timer_node {
    ip_output* owner = nullptr;
  } probing_;
};

}  // namespace pentad::native
