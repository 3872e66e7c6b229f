// Two of Pentad's TCPs talk to each other, over networks that lose, on virtual time.
#include <gtest/gtest.h>

#include <random>

#include "tests/native/channel.hpp"
#include "tests/native/tcp_pair.hpp"

namespace pentad::native::test {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t port = 80;

channel connect(tcp_pair& pair) {
  const auto listening =
      pair.b.tcp.listen(endpoint(pair.b.address, port), false, 16, false, pair.now);
  channel made;
  made.client =
      *pair.a.tcp.connect(endpoint(pair.a.address, 0), endpoint(pair.b.address, port), pair.now);
  pair.run(60s, [&] {
    if (made.server == nullptr) made.server = (*listening)->accept();
    return made.server != nullptr && made.client->is_connected();
  });
  return made;
}

std::vector<std::byte> pattern(std::size_t size) {
  std::mt19937 random(1);
  std::vector<std::byte> bytes(size);
  for (std::byte& each : bytes) each = static_cast<std::byte>(random());
  return bytes;
}

// Sends `data` from one end to the other, and the end; returns what arrived.
std::vector<std::byte> transfer(tcp_pair& pair, connection& from, connection& to,
                                const std::vector<std::byte>& data, duration most) {
  std::vector<std::byte> arrived;
  std::size_t written = 0;
  std::byte buffer[65536];
  pair.run(most, [&] {
    written += from.write(std::span(data).subspan(written));
    if (written == data.size()) from.shutdown_send();
    while (const std::size_t count = to.read(buffer)) {
      arrived.insert(arrived.end(), buffer, buffer + count);
    }
    return to.at_end() || from.error() != 0 || to.error() != 0;
  });
  return arrived;
}

TEST(TcpTransfer, ConnectsInOneRoundTrip) {
  tcp_pair pair;
  const instant start = pair.now;
  channel made = connect(pair);
  ASSERT_NE(made.server, nullptr);
  EXPECT_EQ(made.client->state(), tcp_state::established);
  EXPECT_LE(pair.now - start, 3ms);
  EXPECT_EQ(made.client->tuple, (five_tuple{made.server->tuple.protocol, made.server->tuple.remote,
                                            made.server->tuple.local}));
}

TEST(TcpTransfer, MovesBytesUnchangedAndEndsOrderly) {
  tcp_pair pair;
  channel made = connect(pair);
  const auto data = pattern(3 << 20);
  EXPECT_TRUE(transfer(pair, *made.client, *made.server, data, 60s) == data);
  EXPECT_TRUE(made.server->at_end());
  EXPECT_EQ(made.client->error(), 0);
  EXPECT_EQ(pair.a.tcp.counters().segments_retransmitted, 0U);
  std::exchange(made.server, nullptr)->release(false);
  pair.run(1s);
  std::exchange(made.client, nullptr)->release(false);
  pair.run(1s);
  EXPECT_EQ(pair.a.tcp.size(), 1U) << "the one who closed first is in TIME-WAIT";
  pair.run(120s);
  EXPECT_EQ(pair.a.tcp.size() + pair.b.tcp.size(), 0U);
  EXPECT_EQ(pair.a.packets.counters().packets_in_use, 0U);
  EXPECT_EQ(pair.b.packets.counters().packets_in_use, 0U);
}

TEST(TcpTransfer, SurvivesLossOfEveryKindOfSegment) {
  for (const double loss : {0.001, 0.01, 0.05, 0.2}) {
    std::mt19937 random(7);
    std::bernoulli_distribution lost(loss);
    tcp_pair pair;
    pair.loses = [&](const tcp_host&, const outgoing_packet&) { return lost(random); };
    channel made = connect(pair);
    ASSERT_NE(made.server, nullptr) << loss;
    const auto data = pattern(512 << 10);
    EXPECT_TRUE(transfer(pair, *made.client, *made.server, data, 3600s) == data) << loss;
  }
}

TEST(TcpTransfer, WaitsForAReaderAndGoesOnWhenItReads) {
  tcp_pair pair;
  channel made = connect(pair);
  const auto data = pattern(2 << 20);
  std::size_t written = made.client->write(data);
  pair.run(30s, [&] {
    written += made.client->write(std::span(data).subspan(written));
    return false;
  });
  EXPECT_LT(written, data.size());
  EXPECT_LE(made.server->readable(), pair.b.tcp.settings().receive_buffer + 65536);
  std::vector<std::byte> arrived;
  std::byte buffer[65536];
  pair.run(300s, [&] {
    written += made.client->write(std::span(data).subspan(written));
    while (const std::size_t count = made.server->read(buffer)) {
      arrived.insert(arrived.end(), buffer, buffer + count);
    }
    return arrived.size() == data.size();
  });
  EXPECT_TRUE(arrived == data);
}

TEST(TcpTransfer, TakesDataWithTheLastAcknowledgementOfTheHandshake) {
  tcp_pair pair;
  int from_client = 0;
  pair.loses = [&](const tcp_host& from, const outgoing_packet&) {
    return &from == &pair.a && ++from_client == 2;  // the acknowledgement after the SYN
  };
  const auto listening =
      pair.b.tcp.listen(endpoint(pair.b.address, port), false, 16, false, pair.now);
  channel made;
  made.client =
      *pair.a.tcp.connect(endpoint(pair.a.address, 0), endpoint(pair.b.address, port), pair.now);
  pair.run(100ms, [&] { return made.client->is_connected(); });
  pair.run(1ms);
  made.client->write(pattern(3000));
  pair.run(5ms);
  made.server = (*listening)->accept();
  ASSERT_NE(made.server, nullptr);
  EXPECT_EQ(made.server->readable(), 3000U);
}

TEST(TcpTransfer, KeepAliveOfAConnectionThatIsOverDoesNothing) {
  tcp_pair pair;
  connection* client =
      *pair.a.tcp.connect(endpoint(pair.a.address, 0), endpoint(pair.b.address, 1), pair.now);
  pair.run(1s);
  ASSERT_EQ(client->state(), tcp_state::closed);
  client->set_keep_alive({1s, 1s, 3});
  pair.run(1h);
  EXPECT_EQ(pair.a.timers.first(), never);
  client->release(false);
}

TEST(TcpTransfer, RefusesWhereNobodyListens) {
  tcp_pair pair;
  connection* client =
      *pair.a.tcp.connect(endpoint(pair.a.address, 0), endpoint(pair.b.address, 1), pair.now);
  pair.run(1s);
  EXPECT_EQ(client->state(), tcp_state::closed);
  EXPECT_EQ(client->error(), ECONNREFUSED);
  client->release(false);
}

TEST(TcpTransfer, GivesUpOnASilentPeer) {
  tcp_pair pair;
  pair.loses = [](const tcp_host&, const outgoing_packet&) { return true; };
  connection* client =
      *pair.a.tcp.connect(endpoint(pair.a.address, 0), endpoint(pair.b.address, 1), pair.now);
  pair.run(1h, [&] { return client->state() == tcp_state::closed; });
  EXPECT_EQ(client->error(), ETIMEDOUT);
  client->release(false);
}

TEST(TcpTransfer, ResetsWhenUnreadBytesAreThrownAway) {
  tcp_pair pair;
  channel made = connect(pair);
  made.client->write(pattern(100));
  pair.run(1s);
  std::exchange(made.server, nullptr)->release(false);
  pair.run(1s);
  EXPECT_EQ(made.client->error(), ECONNRESET);
}

}  // namespace
}  // namespace pentad::native::test
