// ICMP of a host: answers echoes, tells senders why their packets went no further, and tells
// transports what others say of theirs (RFC 792, RFC 1122 section 3.2.2, RFC 4443).
#pragma once

#include "pentad/base/lru_map.hpp"
#include "pentad/stack/native/core/address_hash.hpp"
#include "pentad/stack/native/core/icmp_error.hpp"
#include "pentad/stack/native/core/ip_output.hpp"
#include "pentad/stack/native/core/raw_ports.hpp"
#include "pentad/stack/native/core/token_bucket.hpp"
#include "pentad/stack/native/core/transport_table.hpp"

namespace pentad::native {

class icmp {
 public:
  icmp(context& shared, ip_output& output, const transport_table& transports, raw_ports& raw);
  icmp(const icmp&) = delete;
  icmp& operator=(const icmp&) = delete;

  void receive_v4(interface& from, incoming_packet&& arrived);
  void receive_v6(interface& from, incoming_packet&& arrived, bool had_fragment_header);

  /// Tells the sender of `about`, which begins with its IP header, unless RFC 1122 section 3.2.2
  /// forbids it or there were too many.
  void answer(const wire::icmpv4_header& error, std::span<const std::byte> about, bool to_group);

  /// The same for IPv6 (RFC 4443, section 2.4 e).
  void answer(const wire::icmpv6_header& error, std::span<const std::byte> about, bool to_group,
              std::uint32_t interface_index);

 private:
  void echo(incoming_packet&& request, const wire::icmpv4_header& answer);
  void echo(interface& from, incoming_packet&& request, const wire::icmpv6_header& answer);
  void reply(packet&& payload, const ip_address& source, const incoming_packet& to);
  void report(const interface& from, ip_version version, std::span<const std::byte> quoted,
              path_error error);
  bool may_send_error(const ip_address& to);
  void send_error(packet&& payload, const ip_address& source, const ip_address& destination,
                  ip_protocol protocol);

  context& context_;
  ip_output& output_;
  const transport_table& transports_;
  raw_ports& raw_;
  token_bucket all_errors_;
  lru_map<ip_address, token_bucket, address_hash> errors_by_destination_;
};

}  // namespace pentad::native
