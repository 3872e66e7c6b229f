// Conformance of streams: the outcome decides. Whatever races an operation, bytes that arrived are
// returned or stay where they are; none is lost and none comes twice.
#pragma once

#include <array>
#include <random>

#include "pentad/runtime/scope.hpp"
#include "tests/socket/pattern_receiver.hpp"
#include "tests/socket/stream_pair.hpp"
#include "tests/socket/stream_suite.hpp"

namespace pentad::test {

inline task<> ready_task() { co_return; }

// The bytes are there before the receive starts, and so is what cancels it: the request and its
// cancel reach the system together.
TEST_P(stream, loses_no_bytes_to_a_cancel_that_comes_with_them) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    pattern_receiver got(ends.server);
    std::uint64_t sent = 0;
    std::array<std::byte, 3> buffer;
    for (int round = 0; round < 400; ++round) {
      const std::vector<std::byte> message = pattern(8, sent);
      must(co_await ends.client.send(message));
      sent += message.size();
      co_await arrival(ends.server, sent - got.count);
      // Of every second message some is read first, so that the stack knows that there is more.
      if (round % 2 == 0) {
        const result<std::size_t> some = co_await ends.server.receive(buffer);
        got.take(some, buffer);
      }
      switch (round / 2 % 4) {
        case 0: {
          auto raced = co_await when_any(ends.server.receive(buffer), ready_task());
          got.take(raced.get<0>(), buffer);
          break;
        }
        case 1: {
          auto raced = co_await when_any(ready_task(), ends.server.receive(buffer));
          got.take(raced.get<1>(), buffer);
          break;
        }
        case 2: {
          auto raced = co_await when_any(ends.server.receive(), ready_task());
          got.take(raced.get<0>());
          break;
        }
        case 3: {
          const result<std::size_t> raced = co_await ends.server.receive(buffer).timeout(0ns);
          got.take(raced, buffer);
          break;
        }
      }
      co_await got.until(sent);
    }
    EXPECT_EQ(got.count, sent);
  };
  run(program());
}

TEST_P(stream, gives_bytes_that_are_there_even_without_time) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    std::array<std::byte, 16> buffer;
    for (int round = 0; round < 50; ++round) {
      const result<std::size_t> nothing = co_await ends.server.receive(buffer).timeout(0ns);
      EXPECT_EQ(error_of(nothing), std::errc::timed_out);
      must(co_await ends.client.send(bytes_of("x")));
      co_await arrival(ends.server, 1);
      const result<std::size_t> something = co_await ends.server.receive(buffer).timeout(0ns);
      EXPECT_EQ(something, 1U);
    }
  };
  run(program());
}

// Two streams get bytes at once; the first to be served cancels the other, which has them, too.
TEST_P(stream, keeps_the_bytes_of_the_loser_of_a_race) {
  const auto program = [&]() -> task<> {
    stream_pair one = co_await connect_pair(stack());
    stream_pair other = co_await connect_pair(stack());
    pattern_receiver first(one.server);
    pattern_receiver second(other.server);
    std::array<std::byte, 16> buffer;
    std::uint64_t sent = 0;
    for (int round = 0; round < 200; ++round) {
      const std::vector<std::byte> message = pattern(4, sent);
      sent += message.size();
      const auto senders = [&]() -> task<> {
        must(co_await one.client.send(message));
        must(co_await other.client.send(message));
      };
      const auto receivers = [&]() -> task<> {
        auto raced = co_await when_any(one.server.receive(buffer), other.server.receive());
        first.take(raced.get<0>(), buffer);
        second.take(raced.get<1>());
      };
      static_cast<void>(co_await when_all(receivers(), senders()));
      co_await first.until(sent);
      co_await second.until(sent);
    }
    EXPECT_EQ(first.count, sent);
    EXPECT_EQ(second.count, sent);
  };
  run(program());
}

TEST_P(stream, loses_no_bytes_in_races_of_receives_with_deadlines_and_cancels) {
  constexpr int messages = 2000;
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    std::mt19937 random(20260101);
    std::uint64_t sent = 0;
    bool all_sent = false;
    const auto sender = [&]() -> task<> {
      for (int i = 0; i < messages; ++i) {
        const std::vector<std::byte> message = pattern(1 + random() % 40, sent);
        must(co_await ends.client.send(message));
        sent += message.size();
        if (random() % 2 == 0) must(co_await sleep(random() % 20 * 1us));
      }
      all_sent = true;
    };
    pattern_receiver got(ends.server);
    const auto receiver = [&]() -> task<> {
      std::array<std::byte, 64> buffer;
      while (!all_sent) {
        const auto into = std::span(buffer).first(1 + random() % buffer.size());
        const duration patience = random() % 20 * 1us;
        switch (random() % 4) {
          case 0: {
            const result<std::size_t> raced = co_await ends.server.receive(into).timeout(patience);
            got.take(raced, into);
            break;
          }
          case 1: {
            auto raced = co_await when_any(ends.server.receive(into), sleep(patience));
            got.take(raced.get<0>(), into);
            break;
          }
          case 2: {
            const result<received> raced = co_await ends.server.receive().timeout(patience);
            got.take(raced);
            break;
          }
          case 3: {
            auto raced = co_await when_any(sleep(patience), ends.server.receive());
            got.take(raced.get<1>());
            break;
          }
        }
      }
    };
    static_cast<void>(co_await when_all(sender(), receiver()));
    co_await got.until(sent);
    EXPECT_EQ(got.count, sent);
  };
  run(program());
}

// The same for sends: what `sent` says was taken is what arrives.
TEST_P(stream, counts_right_in_races_of_sends_with_deadlines_and_cancels) {
  constexpr std::size_t size = 24 << 20;
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    std::mt19937 random(20260101);
    const std::vector<std::byte> all = pattern(size);
    int stops = 0;
    const auto sender = [&]() -> task<> {
      while (ends.client.sent() < size) {
        const auto done = static_cast<std::size_t>(ends.client.sent());
        const auto rest = std::span(all).subspan(done, std::min<std::size_t>(size - done, 4 << 20));
        const std::array parts{rest.first(rest.size() / 3), rest.subspan(rest.size() / 3)};
        const duration patience = random() % 200 * 1us;
        result<void> outcome;
        switch (random() % 3) {
          case 0: {
            outcome = co_await ends.client.send(rest).timeout(patience);
            break;
          }
          case 1: {
            outcome = co_await ends.client.send(parts).timeout(patience);
            break;
          }
          case 2: {
            auto raced = co_await when_any(ends.client.send(rest), sleep(patience));
            outcome = raced.get<0>();
            break;
          }
        }
        if (!outcome) ++stops;
      }
      must(ends.client.shutdown(direction::send));
    };
    const auto receiver = [&]() -> task<std::uint64_t> {
      while (stops == 0) must(co_await sleep(20us));  // sooner or later all queues are full
      const std::uint64_t got = co_await receive_pattern(ends.server);
      co_return got;
    };
    auto done = co_await when_all(sender(), receiver());
    EXPECT_EQ(done.get<1>(), size);
    EXPECT_EQ(ends.client.sent(), size);
  };
  run(program());
}

}  // namespace pentad::test
