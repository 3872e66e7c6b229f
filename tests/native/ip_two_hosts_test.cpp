// Two cores on one link: they find each other, echo, and exchange datagrams, whole and in
// fragments. The same seeds give the same frames.
#include "ip_peer.hpp"

namespace pentad::native::test {
namespace {

/// A host with the last byte of its addresses.
struct two_hosts_end {
  two_hosts_end(std::uint8_t number, std::uint64_t seed, std::uint32_t mtu)
      : v4(ip_address::v4(10, 0, 0, number)) {
    std::array<std::byte, 16> address{std::byte{0x20}, std::byte{0x01}, std::byte{0x0d},
                                      std::byte{0xb8}};
    address[15] = std::byte{number};
    v6 = ip_address::v6(address);
    core_settings settings;
    settings.seed = seed;
    host.emplace(settings, pool);
    interface_settings nic;
    nic.mac = mac_address(2, 0, 0, 0, 0, number);
    nic.mtu = mtu;
    nic.addresses = {{v4, 24}, {v6, 64}};
    host->add_interface(nic, instant{});
    host->attach(test_protocol, transport);
  }

  const ip_address& address(ip_version version) const {
    return version == ip_version::v4 ? v4 : v6;
  }

  ip_address v4;
  ip_address v6;
  packet_pool pool;
  recorder transport;
  std::optional<core> host;
};

class ip_two_hosts : public ::testing::TestWithParam<ip_version> {
 protected:
  void SetUp() override { pass(3s); }  // until nobody else turned out to have their addresses

  static void carry(two_hosts_end& from, two_hosts_end& to, instant now, std::vector<bytes>& log) {
    std::array<packet, 8> batch;
    while (const std::size_t given = from.host->output(1, batch, now)) {
      for (packet& each : std::span(batch).first(given)) {
        log.push_back(to_bytes(std::as_const(each).bytes()));
        each = to.pool.copy(each);
      }
      to.host->input(1, std::span(batch).first(given), now);
    }
  }

  void pass(duration how_long) {
    const instant end = now_ + how_long;
    for (;;) {
      a.host->advance(now_);
      b.host->advance(now_);
      const std::size_t before = log_.size();
      carry(a, b, now_, log_);
      carry(b, a, now_, log_);
      if (log_.size() != before) continue;
      const instant next = std::min(a.host->next_deadline(), b.host->next_deadline());
      if (next > end) break;
      now_ = std::max(now_, next);
    }
    now_ = end;
  }

  const ip_address& address_of(const two_hosts_end& end) const { return end.address(GetParam()); }

  two_hosts_end a{1, 11, 1500};
  two_hosts_end b{2, 12, 1500};
  instant now_{};
  std::vector<bytes> log_;
};

TEST_P(ip_two_hosts, echo) {
  for (const std::size_t size : {0U, 56U, 1452U, 1473U, 9000U, 65000U}) {
    const bool v4 = GetParam() == ip_version::v4;
    const bytes message =
        v4 ? icmp4(wire::icmpv4_header::echo_request(1, 2), pattern(size))
           : icmp6(wire::icmpv6_header::echo_request(1, 2), pattern(size), a.v6, b.v6);
    outgoing_packet request;
    request.payload = a.pool.take(message.size());
    request.payload.append(message);
    request.source = address_of(a);
    request.destination = address_of(b);
    request.protocol = v4 ? ip_protocol::icmp : ip_protocol::icmpv6;
    const std::uint64_t ignored = a.host->counters().ignored_icmp;
    a.host->network().send(std::move(request), now_);
    pass(1s);
    // A reply is nobody's yet, so it is counted as not wanted; its checksum was right.
    EXPECT_EQ(a.host->counters().ignored_icmp, ignored + 1) << size;
  }
  EXPECT_EQ(b.host->counters().echo_requests, 6U);
  EXPECT_EQ(a.host->counters().malformed_icmp, 0U);
}

TEST_P(ip_two_hosts, exchange_datagrams_of_every_size) {
  udp_port& left = **a.host->udp().bind({address_of(a), 1000});
  udp_port& right = **b.host->udp().bind({ip_address::any(GetParam()), 2000});
  for (const std::size_t size : {0U, 1U, 1452U, 1453U, 1472U, 1473U, 9001U, 65507U}) {
    ASSERT_TRUE(left.send_to(pattern(size), {address_of(b), 2000}, now_));
    pass(1s);
    auto got = right.receive();
    ASSERT_TRUE(got) << size;
    EXPECT_EQ(to_bytes(std::as_const(got->payload).bytes()), pattern(size));
    EXPECT_EQ(got->source, endpoint(address_of(a), 1000));
    ASSERT_TRUE(right.send_to(std::as_const(got->payload).bytes(), got->source, now_));
    pass(1s);
    got = left.receive();
    ASSERT_TRUE(got) << size;
    EXPECT_EQ(to_bytes(std::as_const(got->payload).bytes()), pattern(size));
  }
}

TEST_P(ip_two_hosts, learn_that_nobody_listens) {
  udp_port& left = **a.host->udp().bind({address_of(a), 1000});
  ASSERT_TRUE(left.connect({address_of(b), 2000}));
  ASSERT_TRUE(left.send(pattern(10), now_));
  pass(1s);
  EXPECT_EQ(left.take_error(), std::errc::connection_refused);
}

TEST_P(ip_two_hosts, do_not_lose_packets_while_they_find_each_other) {
  udp_port& left = **a.host->udp().bind({address_of(a), 1000});
  udp_port& right = **b.host->udp().bind({address_of(b), 2000});
  for (std::size_t i = 0; i < 50; ++i) {
    ASSERT_TRUE(left.send_to(pattern(i), {address_of(b), 2000}, now_));
  }
  pass(1s);
  for (std::size_t i = 0; i < 50; ++i) {
    const auto got = right.receive();
    ASSERT_TRUE(got);
    EXPECT_EQ(got->payload.size(), i);
  }
}

TEST_P(ip_two_hosts, leave_nothing_behind) {
  udp_port& left = **a.host->udp().bind({address_of(a), 1000});
  ASSERT_TRUE(left.send_to(pattern(20000), {address_of(b), 2000}, now_));
  pass(120s);
  EXPECT_EQ(a.pool.counters().packets_in_use, 0U);
  EXPECT_EQ(b.pool.counters().packets_in_use, 0U);
}

INSTANTIATE_TEST_SUITE_P(of, ip_two_hosts, ::testing::Values(ip_version::v4, ip_version::v6),
                         [](const auto& each) {
                           return each.param == ip_version::v4 ? "ipv4" : "ipv6";
                         });

class ip_replay : public ip_two_hosts {
 protected:
  static std::vector<bytes> run() {
    class replayed final : public ip_replay {
     public:
      void TestBody() override {}
      std::vector<bytes> frames() {
        SetUp();
        for (const ip_version version : {ip_version::v4, ip_version::v6}) {
          udp_port& left = **a.host->udp().bind({a.address(version), 0});
          EXPECT_TRUE(left.send_to(pattern(5000), {b.address(version), 9}, now_));
          pass(10s);
        }
        return log_;
      }
    };
    return replayed().frames();
  }
};

TEST_P(ip_replay, the_same_seeds_give_the_same_frames) {
  const std::vector<bytes> first = run();
  EXPECT_GT(first.size(), 10U);
  EXPECT_EQ(first, run());
}

INSTANTIATE_TEST_SUITE_P(of, ip_replay, ::testing::Values(ip_version::v4));

}  // namespace
}  // namespace pentad::native::test
