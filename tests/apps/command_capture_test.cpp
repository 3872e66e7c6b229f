#include <gtest/gtest.h>
#include <pcap/pcap.h>

#include <array>
#include <vector>

#include "apps/pentad/capture_filter.hpp"
#include "apps/pentad/capture_line.hpp"
#include "apps/pentad/flow_expression.hpp"
#include "apps/pentad/late_filter.hpp"
#include "tests/wire/bytes.hpp"
#include "tests/wire/linux_frames.hpp"

namespace pentad::command {
namespace {

using namespace wire::test;

std::string expression(std::string_view flow) {
  return flow_expression(five_tuple_filter::parse(flow).value());
}

TEST(flow_expression_, matches_both_directions) {
  EXPECT_EQ(expression("tcp 10.9.0.1:41000 > 10.9.0.2:6667"),
            "tcp and ((src host 10.9.0.1 and src port 41000 and dst host 10.9.0.2 and dst port "
            "6667) or (src host 10.9.0.2 and src port 6667 and dst host 10.9.0.1 and dst port "
            "41000))");
}

TEST(flow_expression_, leaves_out_what_matches_all) {
  EXPECT_EQ(expression("* *:* > *:*"), "");
  EXPECT_EQ(expression("udp *:* > *:*"), "udp");
  EXPECT_EQ(expression("tcp *:* > *:80"), "tcp and ((dst port 80) or (src port 80))");
  EXPECT_EQ(expression("icmpv6 fd00::1 > *"),
            "icmp6 and ((src host fd00::1) or (dst host fd00::1))");
  EXPECT_EQ(expression("89 * > *"), "(ip proto 89 or ip6 proto 89)");
}

TEST(flow_expression_, has_no_scopes) {
  EXPECT_EQ(expression("icmpv6 fe80::1%1 > *"),
            "icmp6 and ((src host fe80::1) or (dst host fe80::1))");
}

// Whether a frame passes, as libpcap judges.
bool passes(const std::string& written, std::string_view frame) {
  const std::array links{link_type::ethernet};
  const auto filter = compile_filter(written, links);
  EXPECT_TRUE(filter) << written << ": " << filter.error();
  std::vector<bpf_insn> program;
  for (const filter_instruction& each : *filter) {
    program.push_back({each.code, each.jump_true, each.jump_false, each.operand});
  }
  const byte_vector bytes_of_frame = bytes(frame);
  const auto size = static_cast<unsigned>(bytes_of_frame.size());
  return ::bpf_filter(program.data(), reinterpret_cast<const u_char*>(bytes_of_frame.data()), size,
                      size) != 0;
}

TEST(capture_filter_, lets_pass_what_its_expression_says) {
  EXPECT_TRUE(passes("tcp port 6667", syn_frame));
  EXPECT_FALSE(passes("tcp port 6667", udp_v4_frame));
  EXPECT_TRUE(passes("arp or port 53", udp_v6_frame));
  EXPECT_TRUE(passes("arp or port 53", arp_request_frame));
}

TEST(capture_filter_, of_a_flow_lets_its_packets_pass) {
  for (const char* flow : {"tcp 10.9.0.1:35662 > 10.9.0.2:6667", "tcp 10.9.0.2:6667 > *:*",
                           "tcp *:* > *:6667", "* *:* > 10.9.0.2:*"}) {
    EXPECT_TRUE(passes(expression(flow), syn_frame)) << flow;
  }
  for (const char* flow :
       {"tcp 10.9.0.1:35663 > 10.9.0.2:6667", "udp *:* > *:*", "tcp *:* > 10.9.0.3:*"}) {
    EXPECT_FALSE(passes(expression(flow), syn_frame)) << flow;
  }
}

TEST(capture_filter_, is_empty_without_an_expression) {
  const std::array links{link_type::ethernet, link_type::raw_ip};
  EXPECT_TRUE(compile_filter("", links).value().empty());
}

TEST(capture_filter_, says_what_is_wrong_with_an_expression) {
  const std::array links{link_type::ethernet};
  EXPECT_EQ(compile_filter("port port", links).error(),
            "can't parse filter expression: syntax error");
  EXPECT_FALSE(compile_filter("tcp and and", links));
}

TEST(capture_filter_, has_a_part_for_each_kind_of_link) {
  const std::array both{link_type::ethernet, link_type::raw_ip};
  const auto ethernet = compile_filter("udp", std::span(both).first(1)).value();
  const auto raw = compile_filter("udp", std::span(both).last(1)).value();
  const auto together = compile_filter("udp", both).value();
  ASSERT_EQ(together.size(), 4 + ethernet.size() + raw.size());
  EXPECT_EQ(together[3].operand, ethernet.size());
  EXPECT_EQ(together[4].operand, ethernet[0].operand);
  EXPECT_EQ(together[4 + ethernet.size()].operand, raw[0].operand);
}

TEST(late_filter_, is_for_expressions_with_vlans) {
  for (const char* text : {"vlan", "vlan 5", "tcp and (vlan 5 or vlan 6)", "not vlan"}) {
    EXPECT_TRUE(asks_for_vlans(text)) << text;
  }
  for (const char* text : {"", "host vlan.example", "host myvlan", "vlans", "host the-vlan"}) {
    EXPECT_FALSE(asks_for_vlans(text)) << text;
  }
}

TEST(late_filter_, sees_the_tag_of_a_vlan) {
  byte_vector tagged = bytes(syn_frame);
  constexpr std::array tag{std::byte{0x81}, std::byte{0}, std::byte{0x60}, std::byte{5}};
  tagged.insert(tagged.begin() + 12, tag.begin(), tag.end());
  const byte_vector bare = bytes(syn_frame);
  const auto passes = [](const std::string& expression, const byte_vector& frame,
                         link_type link = link_type::ethernet) {
    return late_filter::compile(expression)
        .value()
        .passes({.bytes = frame, .size = frame.size(), .link = link});
  };
  EXPECT_TRUE(passes("vlan 5", tagged));
  EXPECT_TRUE(passes("vlan 5 and tcp port 6667", tagged));
  EXPECT_FALSE(passes("vlan 5 and tcp port 6668", tagged));
  EXPECT_FALSE(passes("vlan 6", tagged));
  EXPECT_FALSE(passes("vlan 5", bare));
  EXPECT_TRUE(passes("not vlan", bare));
  EXPECT_FALSE(passes("not vlan", bare, link_type::raw_ip));
  EXPECT_TRUE(late_filter().passes({.bytes = bare, .size = bare.size()}));
}

TEST(late_filter_, says_what_is_wrong_with_an_expression) {
  EXPECT_FALSE(late_filter::compile("vlan vlan port"));
}

TEST(capture_line_, has_time_interface_way_and_packet) {
  const byte_vector arp = bytes(arp_request_frame);
  received_frame frame{.bytes = arp,
                       .size = arp.size(),
                       .way = frame_way::outgoing,
                       .time = wall_time(std::chrono::nanoseconds(1'700'000'000'012'345'678))};
  EXPECT_TRUE(capture_line(frame, "eth0")
                  .ends_with(":20.012345 eth0 out arp who has 10.9.0.77, tell 10.9.0.1\n"));
  frame.way = frame_way::incoming;
  frame.size = 1000;
  EXPECT_TRUE(capture_line(frame, "eth0")
                  .ends_with(":20.012345 eth0 in  arp who has 10.9.0.77, tell 10.9.0.1 (cut)\n"));
}

}  // namespace
}  // namespace pentad::command
