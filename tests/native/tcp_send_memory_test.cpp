// Memory to send from, which all connections of a host share and which is bounded.
#include <gtest/gtest.h>

#include <vector>

#include "tests/native/tcp_pair.hpp"

namespace pentad::native::test {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t port = 80;
constexpr std::size_t blocks = 4;

class tcp_send_memory : public testing::Test {
 protected:
  static tcp_settings settings() {
    tcp_settings small;
    small.send_memory = blocks * block_pool::block_size;
    return small;
  }

  tcp_send_memory()
      : listening_(
            *pair_.b.tcp.listen(endpoint(pair_.b.address, port), false, 16, false, pair_.now)) {}

  ~tcp_send_memory() override {
    for (connection* each : opened_) each->release(true);
  }

  connection& connect() {
    connection* client = *pair_.a.tcp.connect(endpoint(pair_.a.address, 0),
                                              endpoint(pair_.b.address, port), pair_.now);
    connection* server = nullptr;
    pair_.run(1s, [&] {
      if (server == nullptr) server = listening_->accept();
      return server != nullptr && client->is_connected();
    });
    opened_.push_back(client);
    opened_.push_back(server);
    return *client;
  }

  bool has_news(const connection& who) {
    bool found = false;
    while (connection* each = pair_.a.tcp.next_connection_event()) found |= each == &who;
    return found;
  }

  tcp_pair pair_{settings()};
  listener* listening_;
  std::vector<connection*> opened_;
  std::vector<std::byte> much_ = std::vector<std::byte>(10 * blocks * block_pool::block_size);
};

TEST_F(tcp_send_memory, is_not_taken_beyond_its_bound) {
  connection& one = connect();
  EXPECT_EQ(one.write(much_), blocks * block_pool::block_size);
  EXPECT_EQ(pair_.a.tcp.send_memory(), blocks * block_pool::block_size);
  EXPECT_EQ(pair_.a.tcp.counters().send_memory_full, 1U);
}

TEST_F(tcp_send_memory, is_offered_to_who_waits_when_others_give_it_back) {
  connection& greedy = connect();
  connection& other = connect();
  greedy.write(much_);
  EXPECT_EQ(other.write(much_), 0U);
  EXPECT_FALSE(has_news(other) && other.write(much_) != 0);
  pair_.run(1s);  // what the greedy one has sent is acknowledged
  EXPECT_TRUE(has_news(other));
  EXPECT_NE(other.write(much_), 0U);
}

TEST_F(tcp_send_memory, is_offered_when_its_holder_is_gone) {
  pair_.loses = [&](const tcp_host& from, const outgoing_packet& sent) {
    return &from == &pair_.a && sent.payload.size() > 100;
  };
  connection& greedy = connect();
  connection& other = connect();
  greedy.write(much_);
  EXPECT_EQ(other.write(much_), 0U);
  pair_.run(1s);
  has_news(other);
  EXPECT_EQ(other.write(much_), 0U);
  opened_.erase(opened_.begin());
  greedy.release(true);
  pair_.run(10ms);
  EXPECT_TRUE(has_news(other));
  EXPECT_NE(other.write(much_), 0U);
}

}  // namespace
}  // namespace pentad::native::test
