// How connections between two real stacks begin and end: many of them, at the same time from both
// ends, and with an end that is not there any more.
#include <cerrno>

#include "tests/native/host_transfer.hpp"

namespace pentad::native::test {
namespace {

TEST(TcpLifetime, TenThousandConnectionsLeaveNothingBehind) {
  host_pair hosts;
  listener& service = listen(hosts, 128);
  const std::array word{std::byte{'h'}, std::byte{'i'}};
  for (int i = 0; i < 10'000; ++i) {
    channel made = connect(hosts, service, i % 2 == 0 ? ip_version::v4 : ip_version::v6);
    ASSERT_NE(made.server, nullptr) << i;
    ASSERT_EQ(made.client->write(word), word.size());
    std::array<std::byte, 2> heard{};
    ASSERT_TRUE(hosts.run(1s, [&] { return made.server->read(heard) != 0; }));
    ASSERT_EQ(heard, word);
    // The one that closes first changes, and so does who waits.
    connection*& first = i % 3 == 0 ? made.client : made.server;
    connection*& second = i % 3 == 0 ? made.server : made.client;
    std::exchange(first, nullptr)->release(i % 7 == 0);
    ASSERT_TRUE(hosts.run(1s, [&] { return second->at_end(); })) << i;
    std::exchange(second, nullptr)->release(false);
    hosts.run(10ms);
  }
  EXPECT_EQ(hosts.b.streams.counters().connections_accepted, 10'000U);
  hosts.run(2min);
  expect_empty(hosts.a);
  expect_empty(hosts.b);
  EXPECT_EQ(hosts.a.ip.next_deadline(), never);
  EXPECT_EQ(hosts.b.ip.next_deadline(), never);
}

TEST(TcpLifetime, ManyAtOnceLeaveNothingBehind) {
  host_pair hosts;
  hosts.link.delay = 1ms;
  listener& service = listen(hosts, 1000);
  {
    std::vector<channel> all(1000);
    for (channel& each : all) {
      each.client = *hosts.a.streams.connect(endpoint(ip_address::any(ip_version::v4), 0),
                                             endpoint(hosts.b.v4, service_port), hosts.now);
    }
    std::size_t accepted = 0;
    EXPECT_TRUE(hosts.run(1min, [&] {
      while (connection* next = service.accept()) all.at(accepted++).server = next;
      return accepted == all.size();
    }));
    EXPECT_EQ(hosts.a.streams.size(), 1000U);
  }
  hosts.run(2min);
  expect_empty(hosts.a);
  expect_empty(hosts.b);
}

TEST(TcpLifetime, UserTimeoutEndsWhatAVanishedPeerDoesNotAnswer) {
  host_pair hosts;
  channel made = connect(hosts, listen(hosts));
  made.client->set_user_timeout(10s);
  hosts.link.loss = 1;
  const instant vanished = hosts.now;
  made.client->write(random_bytes(100));
  EXPECT_TRUE(hosts.run(1h, [&] { return made.client->error() != 0; }));
  EXPECT_EQ(made.client->error(), ETIMEDOUT);
  EXPECT_GE(hosts.now - vanished, 10s);
  EXPECT_LE(hosts.now - vanished, 30s);
}

TEST(TcpLifetime, KeepAliveFindsAVanishedPeer) {
  host_pair hosts;
  channel made = connect(hosts, listen(hosts));
  made.server->set_keep_alive({.idle = 60s, .interval = 5s, .count = 4});
  hosts.run(10min);
  EXPECT_EQ(made.server->error(), 0) << "a peer that answers is kept";
  hosts.link.loss = 1;
  const instant vanished = hosts.now;
  EXPECT_TRUE(hosts.run(1h, [&] { return made.server->error() != 0; }));
  EXPECT_EQ(made.server->error(), ETIMEDOUT);
  EXPECT_LE(hosts.now - vanished, 90s);
}

TEST(TcpLifetime, APeerThatHasForgottenEndsAHalfOpenConnection) {
  host_pair hosts;
  channel made = connect(hosts, listen(hosts));
  hosts.link.loss = 1;
  std::exchange(made.server, nullptr)->release(true);  // its reset is lost
  hosts.run(1s);
  hosts.link.loss = 0;
  made.client->write(random_bytes(100));
  EXPECT_TRUE(hosts.run(10s, [&] { return made.client->error() != 0; }));
  EXPECT_EQ(made.client->error(), ECONNRESET);
}

TEST(TcpLifetime, GoesOnWhenPacketsWereShort) {
  host_pair hosts(1, {}, {.packets = 100});
  listener& service = listen(hosts);
  std::vector<packet> hoard;
  const auto take_all = [&] {
    while (packet each = hosts.a.pool.take(0)) hoard.push_back(std::move(each));
  };
  take_all();
  channel made;
  made.client = *hosts.a.streams.connect(endpoint(ip_address::any(ip_version::v4), 0),
                                         endpoint(hosts.b.v4, service_port), hosts.now);
  hosts.run(2s);
  EXPECT_EQ(made.client->state(), tcp_state::syn_sent);
  EXPECT_GT(hosts.a.streams.counters().out_of_packets, 0U);
  hoard.clear();
  EXPECT_TRUE(hosts.run(10s, [&] { return (made.server = service.accept()) != nullptr; }));
  hosts.run(1s);
  take_all();
  made.client->write(random_bytes(1000));
  hosts.run(2s);
  EXPECT_EQ(made.server->readable(), 0U);
  hoard.clear();
  EXPECT_TRUE(hosts.run(10s, [&] { return made.server->readable() == 1000; }));
}

TEST(TcpLifetime, BothMayOpenAtTheSameTime) {
  for (const ip_version version : {ip_version::v4, ip_version::v6}) {
    host_pair hosts;
    hosts.link.delay = 10ms;
    const endpoint at_a(hosts.a.address(version), 5000);
    const endpoint at_b(hosts.b.address(version), 6000);
    channel made;
    made.client = *hosts.a.streams.connect(at_a, at_b, hosts.now);
    made.server = *hosts.b.streams.connect(at_b, at_a, hosts.now);
    EXPECT_TRUE(hosts.run(10s, [&] {
      return made.client->state() == tcp_state::established &&
             made.server->state() == tcp_state::established;
    }));
    transfer there(*made.client, *made.server, random_bytes(100'000));
    transfer back(*made.server, *made.client, random_bytes(100'000));
    EXPECT_TRUE(hosts.run(1min, [&] {
      const bool one = there.step();
      return back.step() && one;
    }));
    EXPECT_TRUE(there.succeeded() && back.succeeded());
  }
}

TEST(TcpLifetime, BothMayCloseAtTheSameTime) {
  host_pair hosts;
  hosts.link.delay = 10ms;
  channel made = connect(hosts, listen(hosts));
  made.client->shutdown_send();
  made.server->shutdown_send();
  hosts.run(15ms);
  EXPECT_EQ(made.client->state(), tcp_state::closing);
  EXPECT_EQ(made.server->state(), tcp_state::closing);
  hosts.run(1s);
  EXPECT_TRUE(made.client->at_end() && made.server->at_end());
  EXPECT_EQ(made.client->error(), 0);
  EXPECT_EQ(made.server->error(), 0);
  EXPECT_EQ(hosts.a.streams.size(), 1U) << "in TIME-WAIT";
  EXPECT_EQ(hosts.b.streams.size(), 1U);
  EXPECT_EQ(hosts.a.streams.counters().resets_sent + hosts.b.streams.counters().resets_sent, 0U);
  std::exchange(made.client, nullptr)->release(false);
  std::exchange(made.server, nullptr)->release(false);
  hosts.run(61s);
  expect_empty(hosts.a);
  expect_empty(hosts.b);
}

}  // namespace
}  // namespace pentad::native::test
