// Floods of every kind, against a host that has a transfer going: the transfer goes on and every
// byte of it arrives, memory stays within its bounds, and honest clients are served afterwards.
#include "pentad/wire/icmpv6.hpp"
#include "pentad/wire/ipv6_extensions.hpp"
#include "tests/native/host_transfer.hpp"

namespace pentad::native::test {
namespace {

using bytes = std::vector<std::byte>;

class TcpFlood : public testing::Test {
 protected:
  TcpFlood() {
    hosts.link.delay = 20ms;
    service = &listen(hosts);
    victim = connect(hosts, *service);
    going.emplace(*victim.client, *victim.server, random_bytes(4 << 20));
    hosts.run(200ms, [&] { return going->step(); });
  }

  /// `count` times `send`, in portions of a thousand, while time goes by and the transfer with it.
  template <class Send>
  void flood(int count, Send send) {
    for (int i = 0; i < count; ++i) {
      send();
      if (i % 1000 != 0) continue;
      hosts.run(1ms, [&] { return going->step(); });
      check_memory();
    }
  }

  void check_memory() {
    const packet_pool& pool = hosts.b.pool;
    ASSERT_LE(pool.counters().bytes_in_use, pool.limits().bytes);
    ASSERT_LE(hosts.b.streams.receive_memory(), hosts.b.streams.settings().receive_memory);
    ASSERT_LE(hosts.b.ip.fragments().bytes(), hosts.b.ip.settings().reassembly.most_bytes);
  }

  /// The transfer ends as it should, an honest client is served, and nothing stays.
  void expect_all_is_well() {
    EXPECT_TRUE(hosts.run(10min, [&] { return going->step(); }));
    EXPECT_TRUE(going->succeeded());
    {
      const instant begin = hosts.now;
      channel honest = connect(hosts, *service);
      ASSERT_NE(honest.server, nullptr);
      EXPECT_LE(hosts.now - begin, 10s);
      transfer more(*honest.client, *honest.server, random_bytes(10'000));
      EXPECT_TRUE(hosts.run(1min, [&] { return more.step(); }));
      EXPECT_TRUE(more.succeeded());
      std::exchange(victim.client, nullptr)->release(false);
      std::exchange(victim.server, nullptr)->release(false);
    }
    hosts.run(5min);
    expect_empty(hosts.a);
    expect_empty(hosts.b);
  }

  /// A packet from the other end of the link to the host that is flooded.
  static bytes frame(const ip_address& from, const ip_address& to, ip_protocol protocol,
                     const bytes& payload) {
    const std::size_t header = from.is_v4() ? wire::ipv4_header::size() : wire::ipv6_header::size();
    bytes made(wire::ethernet_header::size() + header);
    const std::span<std::byte> ip = std::span(made).subspan(wire::ethernet_header::size());
    const auto size = static_cast<std::uint16_t>(payload.size());
    const wire::ethertype type = from.is_v4() ? wire::ethertype::ipv4 : wire::ethertype::ipv6;
    wire::ethernet_header{{2, 0, 0, 0, 0, 2}, {2, 0, 0, 0, 0, 1}, type}.emit(made);
    if (from.is_v4()) {
      wire::ipv4_header header_v4{.source = from, .destination = to, .protocol = protocol};
      header_v4.payload_size = size;
      header_v4.emit(ip);
    } else {
      wire::ipv6_header header_v6{.source = from, .destination = to, .next_header = protocol};
      header_v6.payload_size = size;
      header_v6.emit(ip);
    }
    made.insert(made.end(), payload.begin(), payload.end());
    return made;
  }

  /// A segment to the flooded host, for the connection `tuple` of it.
  static bytes segment(const five_tuple& tuple, wire::tcp_header header,
                       std::span<const std::byte> payload = {}) {
    header.source_port = tuple.remote.port;
    header.destination_port = tuple.local.port;
    bytes made(header.size());
    const wire::pseudo_header pseudo(tuple.remote.address, tuple.local.address, ip_protocol::tcp);
    header.emit(made, pseudo, wire::internet_sum{payload});
    made.insert(made.end(), payload.begin(), payload.end());
    return frame(tuple.remote.address, tuple.local.address, ip_protocol::tcp, made);
  }

  void hear_strange_syn() {
    const ip_version version = random() % 4 == 0 ? ip_version::v6 : ip_version::v4;
    wire::tcp_header syn;
    syn.flags = wire::tcp_syn;
    syn.sequence = wire::tcp_sequence(random());
    hosts.inject(hosts.b, segment({ip_protocol::tcp,
                                   {hosts.b.address(version), service_port},
                                   {stranger(version), static_cast<std::uint16_t>(random())}},
                                  syn));
  }

  five_tuple tuple() const { return victim.server->tuple; }
  std::uint32_t random() { return static_cast<std::uint32_t>(random_()); }
  /// Somebody behind the gateway.
  ip_address stranger(ip_version version) {
    if (version == ip_version::v4) {
      return ip_address::v4(198, 18, static_cast<std::uint8_t>(random()),
                            static_cast<std::uint8_t>(random()));
    }
    std::array<std::byte, 16> address{std::byte{0x20}, std::byte{1}, std::byte{0xd},
                                      std::byte{0xb8}};
    for (std::size_t i = 8; i < 16; ++i) address[i] = static_cast<std::byte>(random());
    return ip_address::v6(address);
  }

  host_pair hosts;
  listener* service = nullptr;
  channel victim;
  std::optional<transfer> going;

 private:
  std::mt19937_64 random_{1};
};

TEST_F(TcpFlood, OfAMillionSyns) {
  flood(1'000'000, [&] { hear_strange_syn(); });
  EXPECT_GT(hosts.b.streams.counters().half_open_full, 900'000U);
  EXPECT_LE(hosts.b.streams.size(), hosts.b.streams.settings().most_half_open + 1);
  expect_all_is_well();
}

// RFC 4987, section 3.6.
TEST_F(TcpFlood, OfSynsLetsNewClientsIn) {
  flood(10'000, [&] { hear_strange_syn(); });
  for (int i = 0; i < 10; ++i) {
    const std::uint64_t made_of_cookies = hosts.b.streams.counters().cookies_accepted;
    const instant begin = hosts.now;
    channel honest = connect(hosts, *service);
    ASSERT_NE(honest.server, nullptr);
    EXPECT_LE(hosts.now - begin, 100ms);
    EXPECT_EQ(hosts.b.streams.counters().cookies_accepted, made_of_cookies + 1);
    transfer more(*honest.client, *honest.server, random_bytes(10'000));
    EXPECT_TRUE(hosts.run(1min, [&] { return more.step(); }));
    EXPECT_TRUE(more.succeeded());
    flood(10'000, [&] { hear_strange_syn(); });
  }
  expect_all_is_well();
}

TEST_F(TcpFlood, OfForgedCookies) {
  flood(10'000, [&] { hear_strange_syn(); });
  flood(300'000, [&] {
    wire::tcp_header guess;
    guess.flags = wire::tcp_ack;
    guess.sequence = wire::tcp_sequence(random());
    guess.acknowledgment = wire::tcp_sequence(random());
    hosts.inject(
        hosts.b,
        segment({ip_protocol::tcp, {hosts.b.v4, service_port}, {stranger(ip_version::v4), 1000}},
                guess));
  });
  EXPECT_EQ(hosts.b.streams.counters().cookies_accepted, 0U);
  EXPECT_EQ(hosts.b.streams.counters().cookies_refused, 300'000U);
  expect_all_is_well();
}

TEST_F(TcpFlood, OfFragments) {
  flood(300'000, [&] {
    const ip_version version = random() % 2 == 0 ? ip_version::v6 : ip_version::v4;
    bytes payload(8 + 8 * (random() % 100));
    const auto offset = static_cast<std::uint16_t>(8 * (random() % 8000));
    const ip_address from = random() % 2 == 0 ? stranger(version) : hosts.a.address(version);
    bytes made;
    if (version == ip_version::v4) {
      made = frame(from, hosts.b.v4, ip_protocol::tcp, payload);
      wire::ipv4_header header{
          .source = from, .destination = hosts.b.v4, .protocol = ip_protocol::tcp};
      header.payload_size = static_cast<std::uint16_t>(payload.size());
      header.identification = static_cast<std::uint16_t>(random() % 64);
      header.fragment_offset = offset;
      header.more_fragments = true;
      header.emit(std::span(made).subspan(wire::ethernet_header::size()));
    } else {
      bytes with_header(wire::ipv6_fragment_header::size());
      wire::ipv6_fragment_header{.next_header = ip_protocol::tcp,
                                 .offset = offset,
                                 .more_fragments = true,
                                 .identification = random() % 64}
          .emit(with_header);
      with_header.insert(with_header.end(), payload.begin(), payload.end());
      made = frame(from, hosts.b.v6, ip_protocol{44}, with_header);
    }
    hosts.inject(hosts.b, made);
  });
  EXPECT_GT(hosts.b.ip.counters().fragments_received, 290'000U);
  EXPECT_GT(hosts.b.ip.counters().reassembly_full, 1000U);
  expect_all_is_well();
}

// The peer sends what it should, but in the worst pieces: a byte each, with gaps between them.
TEST_F(TcpFlood, OfSegmentsOutOfOrder) {
  const bytes data = random_bytes(4 << 20);
  const wire::tcp_sequence first =
      victim.server->receive_next() - static_cast<std::uint32_t>(victim.server->bytes_received());
  flood(300'000, [&] {
    if (victim.server->state() != tcp_state::established) return;
    const auto window =
        static_cast<std::uint32_t>(victim.server->receive_edge() - victim.server->receive_next());
    const wire::tcp_sequence at = victim.server->receive_next() + 2 * (random() % (window / 2));
    const auto offset = static_cast<std::uint32_t>(at - first);
    if (offset >= data.size()) return;
    wire::tcp_header header;
    header.flags = wire::tcp_ack;
    header.sequence = at;
    header.acknowledgment = victim.client->receive_next();
    header.window = 65535;
    hosts.inject(hosts.b, segment(tuple(), header, std::span(data).subspan(offset, 1)));
    ASSERT_LE(victim.server->memory(), 3 * hosts.b.streams.settings().most_receive_buffer);
  });
  EXPECT_GT(hosts.b.streams.counters().out_of_order_full, 1000U);
  expect_all_is_well();
}

TEST_F(TcpFlood, OfAcknowledgements) {
  const std::uint64_t before = hosts.b.streams.counters().segments_sent;
  const std::uint64_t of_client = hosts.a.streams.counters().segments_sent;
  flood(300'000, [&] {  // from somebody who sees nothing of the connection
    wire::tcp_header header;
    header.flags = wire::tcp_ack;
    header.sequence = wire::tcp_sequence(random());
    header.acknowledgment = wire::tcp_sequence(random());
    header.window = static_cast<std::uint16_t>(random());
    hosts.inject(hosts.b, segment(tuple(), header));
  });
  // Answers are not what the flood asks for, but what the transfer needs.
  const std::uint64_t honest = hosts.a.streams.counters().segments_sent - of_client;
  EXPECT_LT(hosts.b.streams.counters().segments_sent - before, honest + 100);
  expect_all_is_well();
}

TEST_F(TcpFlood, OfAcknowledgementsForNobody) {
  flood(300'000, [&] {
    wire::tcp_header header;
    header.flags = wire::tcp_ack;
    header.sequence = wire::tcp_sequence(random());
    hosts.inject(hosts.b, segment({ip_protocol::tcp,
                                   {hosts.b.v4, static_cast<std::uint16_t>(random())},
                                   {stranger(ip_version::v4), 1}},
                                  header));
  });
  expect_all_is_well();
}

// Somebody has guessed the quintuple and a window, but not the very next number.
TEST_F(TcpFlood, OfBlindResets) {
  flood(300'000, [&] {
    if (victim.server->state() != tcp_state::established) return;
    const auto window =
        static_cast<std::uint32_t>(victim.server->receive_edge() - victim.server->receive_next());
    wire::tcp_header header;
    header.flags = random() % 2 == 0 ? wire::tcp_rst : wire::tcp_syn;
    header.sequence = victim.server->receive_next() + 1 + random() % (window - 1);
    hosts.inject(hosts.b, segment(tuple(), header));
  });
  EXPECT_GT(hosts.b.streams.counters().blind_resets, 10'000U);
  EXPECT_LT(hosts.b.streams.counters().challenge_acks, 100U);
  expect_all_is_well();
}

// About segments that the client has sent, some of them with numbers that are in flight.
TEST_F(TcpFlood, OfIcmpErrors) {
  const five_tuple client = victim.client->tuple;
  flood(300'000, [&] {
    if (victim.client->error() != 0) return;
    wire::tcp_header header;
    header.source_port = client.local.port;
    header.destination_port = client.remote.port;
    header.sequence = victim.server->receive_next() + random() % 100'000;
    bytes quoted(1460);
    header.emit(quoted,
                wire::pseudo_header(client.local.address, client.remote.address, ip_protocol::tcp),
                wire::internet_sum());
    quoted = frame(client.local.address, client.remote.address, ip_protocol::tcp, quoted);
    quoted.erase(quoted.begin(), quoted.begin() + wire::ethernet_header::size());
    wire::icmpv4_header error =
        wire::icmpv4_header::unreachable(static_cast<wire::icmpv4_unreachable>(random() % 14));
    if (random() % 4 == 0) {
      error =
          wire::icmpv4_header::fragmentation_needed(static_cast<std::uint16_t>(random() % 1480));
    }
    bytes message(wire::icmpv4_header::size());
    error.emit(message, wire::internet_sum{quoted});
    message.insert(message.end(), quoted.begin(), quoted.end());
    bytes made = frame(stranger(ip_version::v4), client.local.address, ip_protocol::icmp, message);
    wire::ethernet_header{hosts.a.mac, hosts.b.mac, wire::ethertype::ipv4}.emit(made);
    hosts.inject(hosts.a, made);
  });
  EXPECT_GT(hosts.a.ip.counters().icmp_errors_received, 200'000U);
  EXPECT_GE(victim.client->segment_size(), 500U) << "no path is so narrow";
  expect_all_is_well();
}

// Many peers each leave gaps, so that what they send waits: together no more than all may.
TEST_F(TcpFlood, OfGapsOnManyConnections) {
  std::vector<channel> others(300);
  for (channel& each : others) {
    each = connect(hosts, *service);
    ASSERT_NE(each.server, nullptr);
  }
  flood(200'000, [&] {
    const channel& other = others[random() % others.size()];
    const connection& hit = *other.server;
    wire::tcp_header header;
    header.flags = wire::tcp_ack;
    header.sequence = hit.receive_next() + 1 + random() % 60'000;
    header.acknowledgment = other.client->receive_next();
    header.window = 65535;
    hosts.inject(hosts.b, segment(hit.tuple, header, bytes(1 + random() % 1000)));
  });
  const tcp& streams = hosts.b.streams;
  EXPECT_GT(streams.counters().out_of_order_full, 10'000U);
  EXPECT_GT(streams.receive_memory(), streams.settings().receive_memory / 4);
  EXPECT_LE(streams.receive_memory(), streams.settings().receive_memory * 3 / 4);
  EXPECT_TRUE(hosts.run(1min, [&] { return going->step(); }));
  others.clear();
  expect_all_is_well();
}

}  // namespace
}  // namespace pentad::native::test
