#include "pentad/inspect/packet_text.hpp"

#include <gtest/gtest.h>

#include "tests/wire/bytes.hpp"
#include "tests/wire/linux_frames.hpp"

namespace pentad {
namespace {

using namespace wire::test;

std::string text_of_frame(std::string_view hexadecimal, std::size_t cut_to = SIZE_MAX) {
  const byte_vector frame = bytes(hexadecimal);
  const std::span<const std::byte> all(frame);
  return packet_text(all.first(std::min(cut_to, all.size())), all.size(),
                     wire::pcapng_link::ethernet);
}

TEST(packet_text_, names_the_quintuple_flags_and_lengths_of_tcp) {
  EXPECT_EQ(text_of_frame(syn_frame),
            "tcp 10.9.0.1:35662 > 10.9.0.2:6667 [SYN] seq 1665338417 win 64240 length 0 irc");
}

TEST(packet_text_, names_the_service_of_udp) {
  EXPECT_TRUE(text_of_frame(udp_v4_frame).starts_with("udp 10.9.0.1:"));
  EXPECT_TRUE(text_of_frame(udp_v4_frame).ends_with(" > 10.9.0.2:53 length 5 dns"));
  EXPECT_TRUE(text_of_frame(udp_v6_frame).starts_with("udp [fd00:9::1]:"));
}

TEST(packet_text_, says_what_icmp_says) {
  const std::string echo = text_of_frame(echo_request_frame);
  EXPECT_TRUE(echo.starts_with("icmp 10.9.0.1 > 10.9.0.2 echo request id ")) << echo;
  const std::string error = text_of_frame(port_unreachable_frame);
  EXPECT_NE(error.find(" port unreachable about udp "), std::string::npos) << error;
  const std::string neighbor = text_of_frame(neighbor_solicitation_frame);
  EXPECT_TRUE(neighbor.starts_with("icmpv6 ")) << neighbor;
  EXPECT_NE(neighbor.find(" neighbor solicitation length "), std::string::npos) << neighbor;
}

TEST(packet_text_, looks_behind_the_extension_headers_of_ipv6) {
  const std::string report = text_of_frame(multicast_listener_report_frame);
  EXPECT_TRUE(report.starts_with("icmpv6 ")) << report;
  EXPECT_NE(report.find(" > ff02::16 listener report length "), std::string::npos) << report;
}

TEST(packet_text_, tells_who_is_looked_for) {
  EXPECT_EQ(text_of_frame(arp_request_frame), "arp who has 10.9.0.77, tell 10.9.0.1");
  EXPECT_EQ(text_of_frame("020000000001 020000000002 0806 0001 0800 06 04 0002"
                          "020000000002 0a090002 020000000001 0a090001"),
            "arp 10.9.0.2 is at 02:00:00:00:00:02");
}

TEST(packet_text_, sees_through_vlan_tags) {
  std::string tagged(syn_frame);
  tagged.insert(tagged.find("0800"), "8100 0007 ");
  EXPECT_TRUE(text_of_frame(tagged).starts_with("vlan 7 tcp 10.9.0.1:35662 > ")) << tagged;
}

TEST(packet_text_, names_the_addresses_of_what_it_does_not_know) {
  EXPECT_EQ(text_of_frame("020000000001 020000000002 88cc 0000"),
            "ethernet 02:00:00:00:00:02 > 02:00:00:00:00:01 type 0x88cc length 16");
  EXPECT_EQ(text_of_frame("0180c2000000 020000000002 0026 4242"),
            "ethernet 02:00:00:00:00:02 > 01:80:c2:00:00:00 802.3 length 16");
}

TEST(packet_text_, gives_the_length_on_the_wire_of_what_is_cut) {
  const std::size_t whole = bytes(udp_v4_frame).size();
  EXPECT_EQ(text_of_frame(udp_v4_frame, whole - 3), text_of_frame(udp_v4_frame));
  EXPECT_EQ(text_of_frame(syn_frame, 40), "tcp 10.9.0.1 > 10.9.0.2 (not a whole header)");
  EXPECT_EQ(text_of_frame(syn_frame, 20), "ipv4 (malformed)");
  EXPECT_EQ(text_of_frame(syn_frame, 5), "ethernet (not a whole header) length 74");
}

TEST(packet_text_, reads_packets_without_ethernet) {
  const byte_vector v4 = bytes_behind(14, syn_frame);
  EXPECT_EQ(packet_text(v4, v4.size(), wire::pcapng_link::raw_ip), text_of_frame(syn_frame));
  const byte_vector v6 = bytes_behind(14, udp_v6_frame);
  EXPECT_EQ(packet_text(v6, v6.size(), wire::pcapng_link::raw_ip), text_of_frame(udp_v6_frame));
  EXPECT_EQ(packet_text({}, 0, wire::pcapng_link::raw_ip), "link type 101 length 0");
}

}  // namespace
}  // namespace pentad
