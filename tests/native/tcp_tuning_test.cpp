// Buffers grow with what a path carries (Linux: tcp_rcv_space_adjust, tcp_sndbuf_expand).
#include "pentad/stack/native/core/tcp/reorder_queue.hpp"
#include "tests/native/host_transfer.hpp"
#include "tests/native/tcp_conversation.hpp"

namespace pentad::native::test {
namespace {

class tcp_tuning : public tcp_conversation {
 protected:
  tcp_tuning() {
    settings.most_send_buffer = std::size_t{4} << 20;
    settings.most_receive_buffer = std::size_t{6} << 20;
  }

  /// One round trip, in which the peer sends so much and all of it is read.
  void reads_in_a_round(std::size_t bytes) {
    for (; bytes != 0; bytes -= 1000) {
      hears(". " + std::to_string(next_) + ":" + std::to_string(next_ + 1000) + "(1000) ack 1");
      next_ += 1000;
      std::array<std::byte, 1000> buffer;
      EXPECT_EQ(us->read(buffer), 1000U);
    }
    passes(100ms);
    says_all();
  }

 private:
  std::uint32_t next_ = 1;
};

TEST_F(tcp_tuning, lets_the_receive_buffer_grow_with_what_is_read) {
  is_connected("<mss 1000,wscale 7>");
  EXPECT_EQ(us->receive_limit(), 256U << 10);
  std::size_t before = us->receive_limit();
  for (const std::size_t bytes : {100'000U, 200'000U, 400'000U}) {
    reads_in_a_round(bytes);
    reads_in_a_round(1000);  // the round is over
    EXPECT_GE(us->receive_limit(), std::max(before, 2 * bytes));
    before = us->receive_limit();
  }
  EXPECT_LE(before, settings.most_receive_buffer);
}

TEST_F(tcp_tuning, leaves_it_as_it_is_for_a_steady_reader) {
  is_connected("<mss 1000,wscale 7>");
  for (int i = 0; i < 50; ++i) reads_in_a_round(50'000);
  EXPECT_EQ(us->receive_limit(), 256U << 10);
}

TEST_F(tcp_tuning, leaves_buffers_alone_that_a_program_has_set) {
  is_connected("<mss 1000,wscale 7>");
  us->set_receive_buffer(300'000);
  us->set_send_buffer(20'000);
  for (const std::size_t bytes : {100'000U, 200'000U, 250'000U, 1000U}) reads_in_a_round(bytes);
  EXPECT_EQ(us->receive_limit(), 300'000U);
  EXPECT_EQ(us->send_limit(), 20'000U);
}

TEST_F(tcp_tuning, can_say_the_largest_window_from_the_start) {
  connects();
  says("S 0:0(0) <mss 1460,sackOK,wscale 7>");
}

class tcp_tuning_of_hosts : public testing::Test {
 protected:
  /// Moves 20 MiB one way within `limit`, and looks at it now and then.
  template <class Look>
  void moves_much(duration limit, Look look) {
    both = connect(hosts, listen(hosts));
    transfer one(*both.client, *both.server, random_bytes(20 << 20));
    ASSERT_TRUE(hosts.run(limit, [&] {
      look();
      return one.step();
    }));
    EXPECT_TRUE(one.succeeded());
  }

  host_pair hosts;
  channel both;
};

// Of 20 MiB 256 KiB each round trip of 200 ms would take 16 s.
TEST_F(tcp_tuning_of_hosts, fills_a_long_pipe) {
  hosts.link.delay = 100ms;
  instant begin = never;
  moves_much(10min, [&] { begin = std::min(begin, hosts.now); });
  EXPECT_LE(hosts.now - begin, 13s);  // 16 s and more with the windows of the beginning
  EXPECT_GT(both.server->receive_limit(), std::size_t{1} << 20);
  EXPECT_GT(both.client->send_limit(), std::size_t{1} << 20);
  EXPECT_LE(both.server->receive_limit(), hosts.b.streams.settings().most_receive_buffer);
  EXPECT_LE(both.client->send_limit(), hosts.a.streams.settings().most_send_buffer);
}

// What waits there would only be cold when its turn comes.
TEST_F(tcp_tuning_of_hosts, has_little_wait_to_be_sent_on_a_short_way) {
  hosts.link.delay = 100us;
  std::size_t most_in_flight = 0;
  moves_much(1min, [&] {
    most_in_flight = std::max<std::size_t>(most_in_flight, both.client->in_flight());
  });
  EXPECT_GT(both.client->send_limit(), std::size_t{512} << 10);
  EXPECT_LE(both.client->send_limit(), most_in_flight + (64 << 10));
}

// What a window of many MiB can hold in front of one gap.
TEST(reorder_queue, gives_many_segments_in_order_however_they_came) {
  std::size_t memory = 0;
  packet_pool packets;
  reorder_queue queue(memory);
  constexpr std::uint32_t count = 5000;
  const auto insert = [&](std::uint32_t index) {
    packet one = packets.take(10);
    one.append(10)[0] = static_cast<std::byte>(index);
    ASSERT_TRUE(queue.insert(wire::tcp_sequence(10 * index), std::move(one), SIZE_MAX));
  };
  for (std::uint32_t i = 1; i < count; i += 2) insert(i);
  for (std::uint32_t i = 2; i < count; i += 2) insert(i);
  EXPECT_FALSE(queue.take(wire::tcp_sequence(0)));
  for (std::uint32_t i = 1; i < count; ++i) {
    const packet next = queue.take(wire::tcp_sequence(10 * i));
    ASSERT_TRUE(next);
    EXPECT_EQ(next.bytes()[0], static_cast<std::byte>(i));
    if (i == 100) insert(3);  // of the past
  }
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(memory, 0U);
}

}  // namespace
}  // namespace pentad::native::test
