// A transport that is asked for packets while there is room for them.
#include "ip_peer.hpp"

namespace pentad::native::test {
namespace {

/// Has `left` packets to send to one destination.
class endless final : public producer {
 public:
  endless(network_layer& network, packet_pool& pool, const ip_address& from, const ip_address& to)
      : network_(network), pool_(pool), from_(from), to_(to) {}

  void set_time(instant now) noexcept override { time = now; }
  bool has_output() const noexcept override { return left != 0; }
  void produce(std::size_t most, instant now) override {
    asked.push_back(most);
    for (; most != 0 && left != 0; --most, --left) {
      outgoing_packet made;
      made.payload = pool_.take(8);
      made.payload.append(pattern(8));
      made.source = from_;
      made.destination = to_;
      made.protocol = test_protocol;
      network_.send(std::move(made), now);
    }
  }

  std::size_t left = 0;
  std::vector<std::size_t> asked;
  instant time{};

 private:
  network_layer& network_;
  packet_pool& pool_;
  ip_address from_;
  ip_address to_;
};

class ip_producer : public ip_test {
 protected:
  endless& attach(const ip_address& from, const ip_address& to) {
    producer_.emplace(host->network(), pool, from, to);
    host->attach(ip_protocol{254}, other_transport_, &*producer_);
    return *producer_;
  }

  ~ip_producer() override { host.reset(); }

 private:
  recorder other_transport_;
  std::optional<endless> producer_;
};

TEST_F(ip_producer, is_asked_for_as_much_as_the_nic_takes) {
  start();
  meet_peer();
  endless& source = attach(us, peer);
  source.left = 100;
  std::array<packet, 16> frames;
  EXPECT_TRUE(host->has_output(1));
  EXPECT_EQ(host->output(1, frames, now), 16U);
  EXPECT_EQ(source.left, 84U);
  EXPECT_EQ(source.asked, std::vector<std::size_t>{16});
}

TEST_F(ip_producer, comes_after_what_waits_already) {
  start();
  meet_peer();
  endless& source = attach(us, peer);
  source.left = 100;
  for (int i = 0; i < 10; ++i) send(peer, pattern(30));
  std::array<packet, 16> frames;
  EXPECT_EQ(host->output(1, frames, now), 16U);
  EXPECT_EQ(frames[9].size(), 14U + 20 + 30);
  EXPECT_EQ(frames[10].size(), 14U + 20 + 8);
  EXPECT_EQ(source.asked, std::vector<std::size_t>{6});
}

TEST_F(ip_producer, is_not_asked_while_enough_waits) {
  start();
  meet_peer();
  endless& source = attach(us, peer);
  source.left = 100;
  for (int i = 0; i < 16; ++i) send(peer, pattern(30));
  std::array<packet, 16> frames;
  EXPECT_EQ(host->output(1, frames, now), 16U);
  EXPECT_TRUE(source.asked.empty());
}

TEST_F(ip_producer, knows_the_time_of_each_step) {
  start();
  endless& source = attach(us, peer);
  now += 5s;
  host->advance(now);
  EXPECT_EQ(source.time, now);
}

TEST_F(ip_producer, that_sends_to_the_host_itself_is_served_by_advance) {
  start();
  endless& source = attach(ip("127.0.0.1"), ip("127.0.0.1"));
  source.left = 500;
  for (int steps = 0; steps < 20; ++steps) host->advance(now);
  EXPECT_EQ(source.left, 0U);
  EXPECT_EQ(transport.arrivals.size(), 500U);
}

TEST_F(ip_producer, without_a_nic_makes_its_own_turns) {
  host.emplace(settings, pool);
  host->attach(test_protocol, transport);
  endless& source = attach(ip("127.0.0.1"), ip("127.0.0.1"));
  source.left = 500;
  pass(0s);
  EXPECT_EQ(source.left, 0U);
  EXPECT_EQ(transport.arrivals.size(), 500U);
}

TEST_F(ip_producer, a_slow_nic_does_not_fill_its_queue_because_time_passes) {
  start();
  meet_peer();
  endless& source = attach(us, peer);
  source.left = 1000;
  for (int steps = 0; steps < 100; ++steps) host->advance(now);
  EXPECT_GE(source.left, 1000U - 64 - 100);
  EXPECT_EQ(counters().output_full, 0U);
  (void)sent();
}

}  // namespace
}  // namespace pentad::native::test
