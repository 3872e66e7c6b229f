// The tables of sockets in /proc/net.
#include "pentad/stack/kernel/proc_net.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <string>

namespace pentad::kernel::test {
namespace {

constexpr inet_sockets raw{flow_kind::raw, {}};
constexpr inet_sockets ping{flow_kind::datagram, ip_protocol::icmp};

const std::string heading =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
    "inode ref pointer drops\n";

// Addresses are printed as numbers of the machine.
static_assert(std::endian::native == std::endian::little);

TEST(proc_net, has_raw_sockets) {
  const auto flows = parse_proc_net(heading +
                                        " 140: 00000000:0001 00000000:0000 07 00000000:00000100 "
                                        "00:00000000 00000000     0        "
                                        "0 6748617 2 000000007ea0173c 0\n"
                                        " 141: 0100007F:0059 0200007F:0000 01 00000000:00000000 "
                                        "00:00000000 00000000     0        "
                                        "0 6748618 2 000000007ea0173c 0\n",
                                    raw);
  ASSERT_TRUE(flows);
  ASSERT_EQ(flows->size(), 2U);
  const flow& first = flows->at(0);
  EXPECT_EQ(to_string(first.tuple().value()), "icmp 0.0.0.0 > 0.0.0.0");
  EXPECT_EQ(first.kind, flow_kind::raw);
  EXPECT_EQ(first.state, flow_state::unconnected);
  EXPECT_EQ(first.inode, 6748617U);
  EXPECT_EQ(first.info.receive_queue, 256U);
  EXPECT_EQ(first.info.send_queue, 0U);
  EXPECT_EQ(to_string(flows->at(1).tuple().value()), "89 127.0.0.1 > 127.0.0.2");
  EXPECT_EQ(flows->at(1).state, flow_state::established);
}

TEST(proc_net, has_raw_sockets_of_ipv6) {
  const auto flows = parse_proc_net(
      heading +
          " 192: 000000FD000000000000000001000000:003A 00000000000000000000000000000000:0000 07 "
          "00000000:00000000 00:00000000 00000000     0        0 6748618 2 00000000c0cc93a4 0\n",
      raw);
  ASSERT_TRUE(flows);
  EXPECT_EQ(to_string(flows->at(0).tuple().value()), "icmpv6 fd00::1 > ::");
}

TEST(proc_net, has_sockets_that_ping_with_their_identifier) {
  const auto flows = parse_proc_net(heading +
                                        "   12: 0100007F:1234 0200007F:0000 01 00000000:00000000 "
                                        "00:00000000 00000000     0        "
                                        "0 77 2 000000007ea0173c 0\n",
                                    ping);
  ASSERT_TRUE(flows);
  EXPECT_EQ(to_string(flows->at(0).tuple().value()), "icmp 127.0.0.1:4660 > 127.0.0.2");
  EXPECT_EQ(flows->at(0).kind, flow_kind::datagram);
}

TEST(proc_net, has_listeners_of_tcp) {
  const auto flows = parse_proc_net(heading +
                                        "   0: 0100007F:1388 00000000:0000 0A 00000000:00000002 "
                                        "00:00000000 00000000     0        "
                                        "0 88 1 0000000000000000 100 0 0 10 0\n",
                                    {flow_kind::stream, ip_protocol::tcp});
  ASSERT_TRUE(flows);
  EXPECT_EQ(flows->at(0).state, flow_state::listen);
  EXPECT_EQ(flows->at(0).waiting, 2U);
  EXPECT_FALSE(flows->at(0).backlog);
}

TEST(proc_net, may_be_empty) {
  EXPECT_TRUE(parse_proc_net("", raw)->empty());
  EXPECT_TRUE(parse_proc_net(heading, raw)->empty());
}

TEST(proc_net, refuses_what_is_no_table) {
  const std::string line =
      " 140: 00000000:0001 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 "
      "6748617";
  ASSERT_TRUE(parse_proc_net(heading + line, raw));
  for (std::size_t size = 1; size < line.size() - 7; ++size) {
    EXPECT_FALSE(parse_proc_net(heading + line.substr(0, size), raw)) << size;
  }
  for (const std::size_t at : {7U, 15U, 16U, 37U, 46U, 94U}) {
    std::string wrong = line;
    wrong[at] = 'x';
    EXPECT_FALSE(parse_proc_net(heading + wrong, raw)) << at;
  }
}

}  // namespace
}  // namespace pentad::kernel::test
