#pragma once

/// Ethernet frames as Linux 6 sent them through a TAP, by a host with the addresses
/// 02:00:00:00:00:01, 10.9.0.1, fd00:9::1 and fe80::ff:fe00:1.

#include <string_view>

#include "pentad/base/ip_address.hpp"
#include "pentad/base/ip_literal.hpp"
#include "pentad/base/mac_address.hpp"

namespace pentad::wire::test {

inline constexpr mac_address linux_mac{2, 0, 0, 0, 0, 1};
inline constexpr mac_address peer_mac{2, 0, 0, 0, 0, 2};
inline constexpr ip_address linux_v4 = *parse_ip_literal("10.9.0.1");
inline constexpr ip_address peer_v4 = *parse_ip_literal("10.9.0.2");
inline constexpr ip_address linux_v6 = *parse_ip_literal("fd00:9::1");
inline constexpr ip_address peer_v6 = *parse_ip_literal("fd00:9::2");
inline constexpr ip_address linux_link_local = *parse_ip_literal("fe80::ff:fe00:1");

/// Who has 10.9.0.77?
inline constexpr std::string_view arp_request_frame =
    "ffffffffffff 020000000001 0806 0001 0800 06 04 0001"
    "020000000001 0a090001 000000000000 0a09004d";

/// connect() to 10.9.0.2:6667
inline constexpr std::string_view syn_frame =
    "020000000002 020000000001 0800"
    "4500003c577140004006cf360a0900010a090002"
    "8b4e1a0b63430c3100000000a002faf025300000"
    "020405b4 0402 080aa37e5b7b00000000 01 03030a";
inline constexpr std::string_view syn_again_frame =
    "020000000002 020000000001 0800"
    "4500003c577240004006cf350a0900010a090002"
    "8b4e1a0b63430c3100000000a002faf0212d0000"
    "020405b4 0402 080aa37e5f7e00000000 01 03030a";

/// "hello" to port 53
inline constexpr std::string_view udp_v4_frame =
    "020000000002 020000000001 0800"
    "45000021debf4000401147f80a0900010a090002"
    "bf9d0035000de81a 68656c6c6f";
inline constexpr std::string_view udp_v6_frame =
    "020000000002 020000000001 86dd"
    "600de4e6000d1140fd000009000000000000000000000001fd000009000000000000000000000002"
    "bf600035000d0256 68656c6c6f";

/// "ping!" with identifier 0x1234 and sequence number 1
inline constexpr std::string_view echo_request_frame =
    "020000000002 020000000001 0800"
    "4500002193e04000400192e70a0900010a090002"
    "0800e5f912340001 70696e6721";

/// Nobody listens on the port to which 10.9.0.2 sent "xy".
inline constexpr std::string_view port_unreachable_frame =
    "020000000002 020000000001 0800"
    "45c0003a93e100004001d20d0a0900010a090002"
    "03036f3600000000"
    "4500001e00074000401126b40a0900020a090001 03e7115c000a0000 7879";

/// Who has fd00:9::77?
inline constexpr std::string_view neighbor_solicitation_frame =
    "3333ff000077 020000000001 86dd"
    "6000000000203afffd000009000000000000000000000001ff0200000000000000000001ff000077"
    "87007c9b00000000fd000009000000000000000000000077 0101020000000001";

/// Has anyone fe80::ff:fe00:1? With a nonce (RFC 7527), an option that is skipped.
inline constexpr std::string_view duplicate_address_detection_frame =
    "3333ff000001 020000000001 86dd"
    "6000000000203aff00000000000000000000000000000000ff0200000000000000000001ff000001"
    "8700486c00000000fe80000000000000000000fffe000001 0e01f1bbb3b5813e";

inline constexpr std::string_view router_solicitation_frame =
    "333300000002 020000000001 86dd"
    "6000000000103afffe80000000000000000000fffe000001ff020000000000000000000000000002"
    "85007b2c00000000 0101020000000001";

/// A report of multicast listeners (RFC 3810) behind hop-by-hop options with a router alert.
inline constexpr std::string_view multicast_listener_report_frame =
    "333300000016 020000000001 86dd"
    "600000000024000100000000000000000000000000000000ff020000000000000000000000000016"
    "3a00050200000100 8f006f8900000001 04000000ff0200000000000000000001ff000001";

}  // namespace pentad::wire::test
