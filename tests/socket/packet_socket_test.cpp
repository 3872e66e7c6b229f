// Packet sockets of Linux's stack: frames of loopback as they go and come.

#include <algorithm>

#include "pentad/base/byte_order.hpp"
#include "pentad/base/error.hpp"
#include "tests/socket/datagram_suite.hpp"
#include "tests/socket/kernel_stacks.hpp"

namespace pentad::test {
namespace {

class packet : public datagram {
 protected:
  void SetUp() override {
    datagram::SetUp();
    if (error_of(client().packets()) == errc::needs_net_raw) GTEST_SKIP() << "needs CAP_NET_RAW";
  }
};

// Whether a frame of loopback is an IPv4 UDP datagram to `port`.
bool is_for(const received_frame& frame, std::uint16_t port) {
  const auto bytes = frame.bytes;
  return bytes.size() >= 42 && load_be16(bytes.data() + 12) == 0x0800 &&
         bytes[23] == std::byte{17} && load_be16(bytes.data() + 36) == port;
}

TEST_P(packet, sees_frames_go_and_come) {
  const auto program = [&]() -> task<> {
    packet_socket frames = must(client().packets({.interface = 1}));
    datagram_socket far = server_socket();
    datagram_socket near = client_socket();
    must(co_await near.send(as_datagram("hello"), local_of(far)));
    bool gone = false;
    bool come = false;
    while (!gone || !come) {
      const received_frame frame = must(co_await frames.receive().timeout(10s));
      if (!is_for(frame, local_of(far).port)) continue;
      (frame.way == frame_way::outgoing ? gone : come) = true;
      EXPECT_EQ(frame.interface, 1U);
      EXPECT_EQ(frame.size, 14U + 20 + 8 + 5);
      EXPECT_TRUE(std::ranges::equal(frame.bytes.subspan(42), as_datagram("hello")));
      EXPECT_GT(frame.time, wall_time());
    }
    const packet_statistics counted = must(frames.statistics());
    EXPECT_GE(counted.received, 2U);
    EXPECT_EQ(counted.dropped, 0U);
  };
  run(program());
}

// tcpdump -dd 'udp dst port 40301' without fragments: what libpcap makes of it, by hand.
TEST_P(packet, passes_only_what_the_filter_lets_through) {
  const auto program = [&]() -> task<> {
    datagram_socket far = server_socket();
    const endpoint wanted = local_of(far);
    const filter_instruction filter[] = {
        {0x28, 0, 0, 12},      // load the type of the frame
        {0x15, 0, 5, 0x0800},  // IPv4
        {0x30, 0, 0, 23},      // load the protocol
        {0x15, 0, 3, 17},      // UDP
        {0x28, 0, 0, 36},      // load the destination port of a header without options
        {0x15, 0, 1, wanted.port},
        {0x6, 0, 0, 0x00040000},  // take it
        {0x6, 0, 0, 0},           // leave it
    };
    packet_socket frames = must(client().packets({.interface = 1, .filter = filter}));
    datagram_socket other = server_socket();
    datagram_socket near = client_socket();
    must(co_await near.send(as_datagram("other"), local_of(other)));
    must(co_await near.send(as_datagram("wanted"), wanted));
    const received_frame frame = must(co_await frames.receive().timeout(10s));
    EXPECT_TRUE(is_for(frame, wanted.port));
  };
  run(program());
}

TEST_P(packet, receive_ends_when_its_time_is_over_or_the_socket_closes) {
  const auto program = [&]() -> task<> {
    const filter_instruction nothing[] = {{0x6, 0, 0, 0}};
    packet_socket frames = must(client().packets({.interface = 1, .filter = nothing}));
    const result<received_frame> late = co_await frames.receive().timeout(1ms);
    EXPECT_EQ(error_of(late), std::errc::timed_out);
    const auto close_soon = [](packet_socket& socket) -> task<> {
      must(co_await sleep(1ms));
      socket.close();
    };
    auto both = co_await when_all(frames.receive(), close_soon(frames));
    EXPECT_EQ(error_of(both.get<0>()), std::errc::operation_canceled);
  };
  run(program());
}

TEST_P(packet, sends_whole_frames) {
  const auto program = [&]() -> task<> {
    packet_socket frames = must(client().packets({.interface = 1}));
    std::vector<std::byte> frame(60, std::byte{7});
    store_be16(frame.data() + 12, 0x88b5);  // a type for experiments (IEEE 802)
    must(frames.send(1, frame));
    for (;;) {
      const received_frame got = must(co_await frames.receive().timeout(10s));
      if (load_be16(got.bytes.data() + 12) != 0x88b5) continue;
      EXPECT_TRUE(std::ranges::equal(got.bytes, frame));
      break;
    }
  };
  run(program());
}

TEST_P(packet, sees_the_tag_of_a_vlan_as_on_the_wire) {
  const auto program = [&]() -> task<> {
    packet_socket frames = must(client().packets({.interface = 1}));
    std::vector<std::byte> frame(64, std::byte{7});
    store_be16(frame.data() + 12, 0x8100);  // IEEE 802.1Q
    store_be16(frame.data() + 14, 0x2005);  // priority 1, VLAN 5
    store_be16(frame.data() + 16, 0x88b5);
    must(frames.send(1, frame));
    for (;;) {
      const received_frame got = must(co_await frames.receive().timeout(10s));
      if (got.way != frame_way::incoming || got.bytes[0] != std::byte{7}) continue;
      EXPECT_TRUE(std::ranges::equal(got.bytes, frame));
      EXPECT_EQ(got.size, frame.size());
      break;
    }
  };
  run(program());
}

TEST_P(packet, socket_refuses_an_interface_that_is_none_and_a_filter_that_is_none) {
  EXPECT_EQ(error_of(client().packets({.interface = 9'999})), std::errc::no_such_device);
  const filter_instruction endless[] = {{0x5, 0, 0, 0xffffffff}};
  EXPECT_EQ(error_of(client().packets({.interface = 1, .filter = endless})),
            std::errc::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(kernel, packet, testing::ValuesIn(kernel_stacks), stack_name);

}  // namespace
}  // namespace pentad::test
