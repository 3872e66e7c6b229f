// Packets on their way in: checked, put together from fragments, and given to their transport.
#pragma once

#include "pentad/stack/native/core/icmp.hpp"
#include "pentad/stack/native/core/ip_output.hpp"
#include "pentad/stack/native/core/raw_ports.hpp"
#include "pentad/stack/native/core/reassembly.hpp"
#include "pentad/stack/native/core/transport_table.hpp"
#include "pentad/wire/ipv6_extensions.hpp"

namespace pentad::native {

class ip_input final : private incomplete_packets {
 public:
  ip_input(context& shared, ip_output& output, const transport_table& transports, raw_ports& raw);

  /// A packet that begins with its IP header, maybe with padding behind it. `link_group`: its frame
  /// was for a group of hosts.
  void receive_v4(interface& from, packet&& arrived, bool link_group);
  void receive_v6(interface& from, packet&& arrived, bool link_group);

  /// A packet of this host to itself.
  void receive_local(packet&& arrived);

  /// A packet that this host has sent by `to` to a group that it is in itself.
  void receive_looped(interface& to, packet&& arrived);

  const reassembly& fragments() const noexcept { return reassembly_; }

 private:
  /// Whom a packet is for.
  enum class audience : std::uint8_t { nobody_here, this_host, group };

  audience audience_of(const interface& from, const ip_address& destination,
                       bool link_group) const noexcept;
  bool is_valid_source(const interface& from, const ip_address& source,
                       audience whom) const noexcept;

  void receive(interface& from, packet&& arrived, bool link_group);
  void process_v4(interface& from, packet&& arrived, bool link_group);
  void collect_v4(interface& from, const wire::ipv4_view& view, packet&& arrived, bool to_group);
  void deliver_v4(interface& from, const wire::ipv4_view& view, packet&& arrived, bool to_group);

  void process_v6(interface& from, packet&& arrived, bool link_group);
  void collect_v6(interface& from, const wire::ipv6_view& view, const wire::ipv6_fragment& fragment,
                  packet&& arrived, bool to_group);
  void deliver_v6(interface& from, const wire::ipv6_view& view, const wire::ipv6_upper_layer& upper,
                  packet&& arrived, bool to_group);

  void incomplete(const incoming_fragment& first) override;

  /// Whom a packet is for, and whether it may be from `source`; what is not so is counted.
  audience admit(const interface& from, const ip_address& source, const ip_address& destination,
                 bool link_group);

  context& context_;
  ip_output& output_;
  const transport_table& transports_;
  raw_ports& raw_;
  icmp icmp_;
  reassembly reassembly_;
  recently_used<known_arrival> known_arrivals_;
  bool is_looped_ = false;  // what is being processed comes from this host
};

}  // namespace pentad::native
