// What the own stack tells of its flows in the states that a program does not see.
#include "pentad/stack/native/host_stack/native_flows.hpp"
#include "tests/native/host_pair.hpp"
#include "tests/native/tcp_conversation.hpp"

namespace pentad::native::test {
namespace {

class tcp_flows : public tcp_conversation {
 protected:
  std::vector<flow> flows() { return flows_of(host(), no_datagrams_.ip.udp()); }

 private:
  whole_host no_datagrams_{1, {}, {}, {}};
};

TEST_F(tcp_flows, have_half_open_connections) {
  listens(16);
  hears("S 1000:1000(0) <mss 1460>");
  says("S. 0:0(0) ack 1001");
  const std::vector<flow> all = flows();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].state, flow_state::listen);
  EXPECT_EQ(all[0].backlog, 16U);
  EXPECT_EQ(all[1].state, flow_state::syn_received);
  EXPECT_EQ(all[1].local, socket_address(endpoint(our_address, our_port)));
  EXPECT_EQ(all[1].remote, socket_address(endpoint(peer_address, peer_port)));
  EXPECT_EQ(all[1].stack, flow_stack::native);
}

TEST_F(tcp_flows, know_no_round_trip_before_there_was_one) {
  connects();
  const std::vector<flow> all = flows();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].state, flow_state::syn_sent);
  EXPECT_FALSE(all[0].info.rtt);
}

TEST_F(tcp_flows, have_no_closed_connections) {
  is_connected();
  hears("R 1:1(0)");
  EXPECT_EQ(us->state(), tcp_state::closed);
  EXPECT_TRUE(flows().empty());
}

TEST(udp_flows, have_ports_with_and_without_a_peer) {
  whole_host here(1, {}, {}, {});
  udp_port* const open = here.ip.udp().bind(endpoint(here.v4, 53)).value();
  udp_port* const connected = here.ip.udp().bind(endpoint(here.v4, 54)).value();
  const endpoint peer(ip_address::v4(10, 0, 0, 2), 7);
  ASSERT_TRUE(connected->connect(peer));
  std::vector<flow> all = flows_of(here.streams, here.ip.udp());
  ASSERT_EQ(all.size(), 2U);
  if (all[0].remote) std::swap(all[0], all[1]);
  EXPECT_EQ(all[0].local, socket_address(open->local()));
  EXPECT_EQ(all[0].state, flow_state::unconnected);
  EXPECT_EQ(all[0].kind, flow_kind::datagram);
  EXPECT_EQ(all[0].protocol, ip_protocol::udp);
  EXPECT_EQ(all[1].state, flow_state::established);
  EXPECT_EQ(all[1].remote, socket_address(peer));
}

}  // namespace
}  // namespace pentad::native::test
