// Conformance of streams: bytes that the stack lends. Its buffers are bounded, so a program that
// keeps them all makes others wait, and nothing worse.
#pragma once

#include <array>
#include <memory>

#include "pentad/runtime/event.hpp"
#include "pentad/runtime/scope.hpp"
#include "tests/socket/stream_pair.hpp"
#include "tests/socket/stream_suite.hpp"

namespace pentad::test {

// A stream whose peer has more to send than all buffers hold, and all buffers in our hands.
class exhausted_loans {
 public:
  /// Takes loans until there are no more.
  task<> take_all(stream_socket& from) {
    // More than any stack should lend.
    while (loans.size() < 100'000) {
      const bool has_bytes = from.info().receive_queue != std::uint64_t{0};
      result<received> got = co_await from.receive().timeout(20ms);
      if (!got) {
        EXPECT_EQ(error_of(got), std::errc::timed_out);
        if (!has_bytes) continue;  // a slow link, no more
        co_return;
      }
      EXPECT_TRUE(is_pattern(got->bytes(), taken));
      taken += got->size();
      loans.push_back(std::move(*got));
    }
    ADD_FAILURE() << "the stack lends without bound";
  }

  std::vector<received> loans;
  std::uint64_t taken = 0;
};

// Sends the pattern without end, until it is cancelled.
inline task<> send_without_end(stream_socket& to) {
  for (std::uint64_t sent = 0;; sent += 1 << 20) {
    const std::vector<std::byte> part = pattern(1 << 20, sent);
    const result<void> outcome = co_await to.send(part);
    if (!outcome) co_return;
  }
}

TEST_P(stream, lends_what_arrived) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    must(co_await ends.client.send(bytes_of("hello")));
    {
      const received got = must(co_await ends.server.receive());
      EXPECT_EQ(text_of(got.bytes()), "hello");
      EXPECT_EQ(got.size(), 5U);
      EXPECT_FALSE(got.empty());
    }
    must(ends.client.shutdown(direction::send));
    for (int i = 0; i < 2; ++i) {
      const received end = must(co_await ends.server.receive());
      EXPECT_TRUE(end.empty());
    }
  };
  run(program());
}

TEST_P(stream, lends_all_of_a_large_transfer) {
  constexpr std::uint64_t size = 16 << 20;
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    std::uint64_t count = 0;
    const auto receiver = [&]() -> task<> {
      for (;;) {
        const received got = must(co_await ends.server.receive());
        if (got.empty()) co_return;
        EXPECT_TRUE(is_pattern(got.bytes(), count));
        count += got.size();
      }
    };
    static_cast<void>(co_await when_all(send_pattern(ends.client, size), receiver()));
    EXPECT_EQ(count, size);
  };
  run(program());
}

TEST_P(stream, lends_and_copies_in_turns) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    std::array<std::byte, 1> one;
    for (int i = 0; i < 100; ++i) {
      must(co_await ends.client.send(bytes_of("abc")));
      co_await arrival(ends.server, 3);
      const std::size_t first = must(co_await ends.server.receive(one));
      EXPECT_EQ(text_of(std::span(one).first(first)), "a");
      const received rest = must(co_await ends.server.receive());
      EXPECT_EQ(text_of(rest.bytes()), "bc");
    }
  };
  run(program());
}

// The loan is no part of the socket: it may be kept, moved, and outlive the connection.
TEST_P(stream, lends_bytes_that_stay_until_they_are_given_back) {
  const auto program = [&]() -> task<> {
    std::vector<received> kept;
    {
      stream_pair ends = co_await connect_pair(stack());
      for (int i = 0; i < 20; ++i) {
        const std::string message = "message " + std::to_string(i);
        must(co_await ends.client.send(bytes_of(message)));
        kept.push_back(must(co_await ends.server.receive()));
      }
    }
    stream_pair other = co_await connect_pair(stack());
    must(co_await other.client.send(bytes_of("other bytes")));
    const received more = must(co_await other.server.receive());
    EXPECT_EQ(text_of(more.bytes()), "other bytes");
    for (std::size_t i = 0; i < kept.size(); ++i) {
      EXPECT_EQ(text_of(kept[i].bytes()), "message " + std::to_string(i));
    }
  };
  run(program());
}

TEST_P(stream, echoes_a_loan_in_one_expression) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    for (int i = 0; i < 10; ++i) {
      must(co_await ends.client.send(bytes_of("to and fro")));
      must(co_await ends.server.send(must(co_await ends.server.receive()).bytes()));
      const std::string back = co_await receive_text(ends.client, 10);
      EXPECT_EQ(back, "to and fro");
    }
  };
  run(program());
}

TEST_P(stream, waits_for_a_buffer_when_all_are_lent) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(send_without_end(ends.client));
      exhausted_loans all;
      co_await all.take_all(ends.server);
      EXPECT_GE(all.loans.size(), 16U);
      // A receive into a buffer of our own needs none of the stack's.
      std::array<std::byte, 100> own;
      const std::size_t copied = must(co_await ends.server.receive(own).timeout(10s));
      EXPECT_TRUE(is_pattern(std::span(own).first(copied), all.taken));
      all.taken += copied;
      for (int i = 0; i < 50; ++i) {
        bool is_served = false;
        const auto waits = [&]() -> task<received> {
          received got = must(co_await ends.server.receive().timeout(10s));
          is_served = true;
          co_return got;
        };
        // A stack that counts bytes may need more than one small buffer for a large one.
        const auto gives = [&]() -> task<> {
          co_await yield();
          while (!is_served) {
            if (!all.loans.empty()) all.loans.pop_back();
            must(co_await sleep(1ms));
          }
        };
        auto done = co_await when_all(waits(), gives());
        received got = std::move(done.get<0>());
        EXPECT_TRUE(is_pattern(got.bytes(), all.taken));
        all.taken += got.size();
        all.loans.push_back(std::move(got));
      }
      // Cancelled while it waits, it takes no buffer from the next.
      co_await all.take_all(ends.server);
      const result<received> late = co_await ends.server.receive().timeout(1ms);
      EXPECT_EQ(error_of(late), std::errc::timed_out);
      const std::uint64_t before = all.taken;
      all.loans.clear();
      const received next = must(co_await ends.server.receive().timeout(10s));
      EXPECT_TRUE(is_pattern(next.bytes(), before));
      s.cancel();
    });
  };
  run(program());
}

TEST_P(stream, serves_those_who_wait_for_a_buffer_first_come_first_served) {
  const auto program = [&]() -> task<> {
    stream_pair busy = co_await connect_pair(stack());
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(send_without_end(busy.client));
      exhausted_loans all;
      co_await all.take_all(busy.server);
      std::vector<std::unique_ptr<stream_pair>> others;
      std::string order;
      const auto waits = [&](stream_socket& from, char name) -> task<> {
        const received got = must(co_await from.receive().timeout(10s));
        order += name;
        EXPECT_EQ(text_of(got.bytes()), "x");
      };
      co_await in_scope([&](scope& waiting) -> task<> {
        for (const char name : {'a', 'b', 'c', 'd', 'e'}) {
          others.push_back(std::make_unique<stream_pair>(co_await connect_pair(stack())));
          must(co_await others.back()->client.send(bytes_of("x")));
          co_await arrival(others.back()->server, 1);
          waiting.spawn(waits(others.back()->server, name));
          must(co_await sleep(1ms));  // all turns that it takes to find that there is none
        }
        EXPECT_EQ(order, "");
        all.loans.clear();
      });
      EXPECT_EQ(order, "abcde");
      s.cancel();
    });
  };
  run(program());
}

// A buffer that comes back is offered to one who waits. If that one goes without taking it, the
// next must hear of it.
TEST_P(stream, passes_a_free_buffer_on_when_the_first_in_line_leaves) {
  enum class leaving { cancels, closes, hears_the_end };
  for (const leaving way : {leaving::cancels, leaving::closes, leaving::hears_the_end}) {
    const auto program = [&]() -> task<> {
      stream_pair busy = co_await connect_pair(stack());
      stream_pair first = co_await connect_pair(stack());
      stream_pair second = co_await connect_pair(stack());
      co_await in_scope([&](scope& s) -> task<> {
        s.spawn(send_without_end(busy.client));
        exhausted_loans all;
        co_await all.take_all(busy.server);
        if (way == leaving::hears_the_end) {
          must(first.client.shutdown(direction::send));
          must(co_await sleep(1ms));
        } else {
          must(co_await first.client.send(bytes_of("1")));
          co_await arrival(first.server, 1);
        }
        must(co_await second.client.send(bytes_of("2")));
        co_await arrival(second.server, 1);
        const auto first_waits = [&]() -> task<> {
          const result<received> got = co_await first.server.receive().timeout(10s);
          if (way == leaving::hears_the_end) {
            EXPECT_TRUE(got && got->empty());
          } else if (got) {
            EXPECT_EQ(text_of(got->bytes()), "1");
          } else {
            EXPECT_EQ(error_of(got), std::errc::operation_canceled);
          }
        };
        const auto second_waits = [&]() -> task<> {
          const received got = must(co_await second.server.receive().timeout(10s));
          EXPECT_EQ(text_of(got.bytes()), "2");
        };
        const instant before = server().now();
        co_await in_scope([&](scope& behind) -> task<> {
          co_await in_scope([&](scope& ahead) -> task<> {
            ahead.spawn(first_waits());
            must(co_await sleep(1ms));
            behind.spawn(second_waits());
            must(co_await sleep(1ms));
            all.loans.clear();
            if (way == leaving::cancels) ahead.cancel();
            if (way == leaving::closes) first.server.close();
          });
        });
        EXPECT_LT(server().now() - before, 5s);
        s.cancel();
      });
    };
    run(program());
  }
}

}  // namespace pentad::test
