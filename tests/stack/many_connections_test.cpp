// Thousands of connections at once, and more of them with bytes than there are buffers to lend.

#include <gtest/gtest.h>

#include <array>
#include <memory>

#include "pentad/runtime/event.hpp"
#include "pentad/runtime/scope.hpp"
#include "pentad/stack/waiting_receives.hpp"
#include "tests/socket/kernel_stacks.hpp"
#include "tests/socket/stream_pair.hpp"
#include "tests/stack/descriptor_limit.hpp"

namespace pentad::test {
namespace {

class many_connections : public on_each_stack {
 protected:
  // Accepts and serves `count` connections.
  template <class Serve>
  task<> accept(stream_listener& listener, int count, const Serve& serve) {
    co_await in_scope([&](scope& s) -> task<> {
      for (int i = 0; i < count; ++i) s.spawn(serve(must(co_await listener.accept())));
    });
  }

  descriptor_limit limit_{12'000};
};

INSTANTIATE_TEST_SUITE_P(kernel, many_connections, testing::ValuesIn(kernel_stacks), stack_name);

TEST_P(many_connections, are_accepted_and_served_at_once) {
  if (!limit_.is_set()) GTEST_SKIP() << "may not have 12,000 descriptors";
  constexpr int connections = 5000;
  int open = 0;
  event all_open;
  int served = 0;
  const auto program = [&]() -> task<> {
    stream_listener listener = must(server().listen(stack().server_endpoint()));
    const socket_address where = must(listener.local());
    const auto serve = [&](stream_socket s) -> task<> {
      for (;;) {
        const result<received> got = co_await s.receive();
        if (!got || got->empty()) break;
        must(co_await s.send(got->bytes()));
      }
      ++served;
    };
    const auto connects = [&](int number) -> task<> {
      stream_socket s = must(co_await client().connect(where));
      // None is closed before all are open.
      if (++open == connections) all_open.set();
      must(co_await all_open.wait());
      all_open.set();
      const std::string message = "number " + std::to_string(number);
      must(co_await s.send(bytes_of(message)));
      const std::string echoed = co_await receive_text(s, message.size());
      EXPECT_EQ(echoed, message);
      s.abort();  // leaves no port in TIME_WAIT
    };
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(accept(listener, connections, serve));
      for (int i = 0; i < connections; ++i) s.spawn(connects(i));
      co_return;
    });
  };
  run(program());
  EXPECT_EQ(open, connections);
  EXPECT_EQ(served, connections);
}

// All have bytes at the same moment, and loans are held until all buffers are lent: receives that
// find none are asked again when one comes back.
TEST_P(many_connections, may_all_have_bytes_when_there_are_fewer_buffers) {
  if (!limit_.is_set()) GTEST_SKIP() << "may not have 12,000 descriptors";
  constexpr int buffers = most_lent_buffers;
  constexpr int connections = buffers + 500;
  constexpr int rounds = 3;
  int received_messages = 0;
  int held = 0;
  int most_held = 0;
  const auto program = [&]() -> task<> {
    stream_listener listener = must(server().listen(stack().server_endpoint()));
    const socket_address where = must(listener.local());
    std::vector<descriptor_handle> peers;
    const auto serve = [&](stream_socket s) -> task<> {
      for (int round = 0; round < rounds; ++round) {
        const received got = must(co_await s.receive().timeout(20s));
        EXPECT_EQ(text_of(got.bytes()), "hello");
        ++received_messages;
        most_held = std::max(most_held, ++held);
        while (received_messages < round * connections + buffers) must(co_await sleep(1ms));
        --held;
      }
      s.abort();
    };
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(accept(listener, connections, serve));
      for (int i = 0; i < connections; ++i) {
        peers.push_back(plain_connect(where));
        co_await yield();
      }
      for (int round = 1; round <= rounds; ++round) {
        for (const descriptor_handle& each : peers) {
          EXPECT_EQ(::send(each.get(), "hello", 5, MSG_NOSIGNAL), 5);
        }
        while (received_messages < round * connections) must(co_await sleep(1ms));
      }
    });
  };
  run(program());
  EXPECT_EQ(received_messages, rounds * connections);
  EXPECT_EQ(most_held, buffers);
}

}  // namespace
}  // namespace pentad::test
