// How fast connections get, alone and beside each other (RFC 9438, RFC 9406), on virtual time.
#include <cmath>
#include <numeric>

#include "tests/native/tcp_conversation.hpp"
#include "tests/native/tcp_pair.hpp"

namespace pentad::native::test {
namespace {

tcp_settings with_large_buffers() {
  tcp_settings settings;
  settings.send_buffer = settings.receive_buffer = std::size_t{8} << 20;
  return settings;
}

/// Connections that always have something to send, from `a` to `b`.
class bulk {
 public:
  explicit bulk(tcp_pair& hosts) : hosts_(hosts) {}

  void add() {
    if (service_ == nullptr) {
      service_ = *hosts_.b.tcp.listen(endpoint(hosts_.b.address, 80), false, 8, false, hosts_.now);
    }
    senders.push_back(*hosts_.a.tcp.connect(endpoint(hosts_.a.address, 0),
                                            endpoint(hosts_.b.address, 80), hosts_.now));
    connection* made = nullptr;
    ASSERT_TRUE(hosts_.run(10s, [&] { return (made = service_->accept()) != nullptr; }));
    receivers.push_back(made);
  }

  /// What each has moved in that time.
  std::vector<double> moves_for(duration time) {
    std::vector<double> before;
    for (connection* each : receivers) before.push_back(moved(*each));
    hosts_.run(time, [&] {
      for (connection* each : senders) {
        while (each->write(chunk_) == chunk_.size()) {
        }
      }
      for (connection* each : receivers) {
        while (each->take()) {
        }
      }
      return false;
    });
    for (std::size_t i = 0; i < before.size(); ++i) before[i] = moved(*receivers[i]) - before[i];
    return before;
  }

  ~bulk() {
    for (connection* each : senders) each->release(true);
    hosts_.run(10s);
    for (connection* each : receivers) each->release(true);
  }

  double moved_by(std::size_t number) const { return moved(*receivers[number]); }

  std::vector<connection*> senders;
  std::vector<connection*> receivers;

 private:
  static double moved(const connection& each) { return static_cast<double>(each.bytes_received()); }

  tcp_pair& hosts_;
  listener* service_ = nullptr;
  const std::vector<std::byte> chunk_ = std::vector<std::byte>(16384);
};

// The average window, in segments, with one loss in `1 / loss` segments (RFC 9438, section 5.1, or
// what Reno would have, which is the least).
double cubic_window(double loss, duration round_trip) {
  const double time = std::chrono::duration<double>(round_trip).count();
  const double steep = std::pow(0.4 * 3.7 / (4 * 0.3), 0.25) * std::pow(time / loss, 0.75);
  const double friendly = std::sqrt(1.5 / loss);
  return std::max(steep, friendly);
}

struct path_conditions {
  double loss;
  duration round_trip;
};

class TcpCubicModel : public testing::TestWithParam<path_conditions> {};

TEST_P(TcpCubicModel, IsMetWithinAFifth) {
  const auto [loss, round_trip] = GetParam();
  tcp_pair hosts(with_large_buffers());
  hosts.delay = round_trip / 2;
  hosts.bytes_per_second = 1.25e8;
  hosts.longest_queue = 1s;
  const auto every = static_cast<std::uint64_t>(1 / loss);
  std::uint64_t data = 0;
  hosts.loses = [&](const tcp_host& from, const outgoing_packet& sent) {
    return &from == &hosts.a && sent.payload.size() > 100 && ++data % every == 0;
  };
  bulk one(hosts);
  one.add();
  one.moves_for(30s);
  const duration time = 2000 * round_trip;
  const double moved = one.moves_for(time)[0];
  const double expected = cubic_window(loss, round_trip) * one.senders[0]->segment_size() *
                          static_cast<double>(time / round_trip);
  EXPECT_GT(moved, 0.8 * expected) << moved / expected;
  EXPECT_LT(moved, 1.2 * expected) << moved / expected;
}

INSTANTIATE_TEST_SUITE_P(Paths, TcpCubicModel,
                         testing::Values(path_conditions{0.001, 20ms},
                                         path_conditions{0.001, 100ms},
                                         path_conditions{0.0002, 100ms},
                                         path_conditions{0.001, 300ms}));

TEST(TcpFairness, TwoFlowsShareABottleneck) {
  tcp_pair hosts(with_large_buffers());
  hosts.delay = 20ms;
  hosts.bytes_per_second = 2.5e6;
  hosts.longest_queue = 40ms;
  bulk two(hosts);
  two.add();
  two.moves_for(3s);  // the second begins late
  two.add();
  two.moves_for(60s);
  const std::vector<double> moved = two.moves_for(120s);
  const double fair = std::accumulate(moved.begin(), moved.end(), 0.0) / 2;
  EXPECT_NEAR(moved[0], fair, 0.1 * fair);
  EXPECT_GT(fair * 2, 0.9 * 2.5e6 * 120) << "and they fill it";
}

// HyStart++ (RFC 9406, section 4.2): a round of eight samples each.
class tcp_hystart : public testing::Test {
 protected:
  bool round(duration trip) {
    bool ends = false;
    for (int i = 0; i < 8; ++i) ends |= slow_start.acknowledged(at, at + 8, trip);
    at += 8;
    return ends;
  }
  hystart slow_start;
  wire::tcp_sequence at{0xffff'fff0};
};

TEST_F(tcp_hystart, goes_on_while_round_trips_stay_as_they_are) {
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(round(100ms + i % 2 * 3ms));
  EXPECT_FALSE(slow_start.is_careful());
}

TEST_F(tcp_hystart, is_careful_for_five_rounds_and_ends_when_round_trips_get_longer) {
  round(100ms);
  round(100ms);
  EXPECT_FALSE(slow_start.is_careful());
  round(113ms);  // an eighth more
  EXPECT_TRUE(slow_start.is_careful());
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(round(120ms));
  EXPECT_TRUE(round(120ms));
}

TEST_F(tcp_hystart, goes_on_if_round_trips_get_shorter_again) {
  round(100ms);
  round(120ms);
  EXPECT_TRUE(slow_start.is_careful());
  round(110ms);
  EXPECT_FALSE(slow_start.is_careful());
}

TEST_F(tcp_hystart, bounds_what_it_takes_for_longer) {
  round(8ms);
  round(11ms);  // 4 ms at least
  EXPECT_FALSE(slow_start.is_careful());
  slow_start = {};
  round(1s);
  round(1016ms);  // 16 ms at most
  EXPECT_TRUE(slow_start.is_careful());
}

class tcp_window : public tcp_conversation {};

TEST_F(tcp_window, begins_with_ten_segments_but_with_no_more_than_14600_bytes) {  // RFC 6928
  mtu = 4040;
  is_connected("<mss 4000>");
  EXPECT_EQ(us->congestion().window(), 14'600U);
}

TEST_F(tcp_window, begins_with_one_segment_if_the_handshake_had_to_be_repeated) {
  connects();
  says("S 0:0(0)");
  passes(1s);
  says("S 0:0(0)");
  hears("S. 0:0(0) ack 1 <mss 1000>");
  EXPECT_EQ(us->congestion().window(), 1000U);
}

// RFC 9406, section 4.3: without bound, for it is paced.
TEST_F(tcp_window, grows_in_slow_start_by_all_that_is_acknowledged_but_not_in_a_burst) {
  mtu = 9000;
  is_connected("<mss 1000>");
  writes(200'000);
  passes(100ms);
  hears(". ack 8001");
  EXPECT_EQ(us->congestion().window(), 18'000U);  // what eight segments add is added at once
  passes(100ms);
  hears(". ack 26001");
  EXPECT_EQ(us->congestion().window(), 26'000U);
  passes(40ms);
  EXPECT_EQ(us->congestion().window(), 26'000U);
  passes(10ms);
  EXPECT_EQ(us->congestion().window(), 34'000U);
  passes(100ms);
  EXPECT_EQ(us->congestion().window(), 36'000U);
}

TEST_F(tcp_window, does_not_grow_by_what_is_owed_after_a_loss) {
  is_connected("<mss 1000,sackOK>");
  writes(200'000);
  hears(". ack 8001");
  hears(". ack 25001");
  hears(". ack 25001 <sack 26001:30001>");
  ASSERT_TRUE(us->in_recovery());
  const std::uint32_t after = us->congestion().window();
  passes(80ms);
  EXPECT_EQ(us->congestion().window(), after);
}

// One acknowledgement answers all that has come at one time, as in a batch of a NIC.
TEST(TcpSlowStart, IsFastOnALongPathWhateverIsAcknowledgedAtOnce) {
  tcp_pair hosts;
  hosts.delay = 100ms;
  bulk one(hosts);
  one.add();
  const instant begun = hosts.now;
  while (one.moved_by(0) < 20e6) one.moves_for(100ms);
  EXPECT_LT(hosts.now - begun, 4s);
}

TEST_F(tcp_window, keeps_seven_tenths_at_a_loss) {  // RFC 9438, section 4.6
  is_connected("<mss 1000,sackOK>");
  writes(100'000);
  passes(100ms);
  hears(". ack 1 <sack 1001:5001>");
  EXPECT_EQ(us->congestion().threshold(), 7000U);
}

TEST_F(tcp_window, is_halved_for_each_timeout_of_silence) {  // RFC 2861, section 3.2
  is_connected("<mss 1000>");
  writes(100'000);
  for (int i = 1; us->send_queue() != 0; ++i) hears(". ack " + std::to_string(i * 1000 + 1));
  const std::uint32_t before = us->congestion().window();
  ASSERT_GT(before, 40'000U);
  passes(us->timeout().current() * 3 / 2);
  writes(1000);
  EXPECT_EQ(us->congestion().window(), before / 2);
}

}  // namespace
}  // namespace pentad::native::test
