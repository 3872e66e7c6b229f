// Conformance of streams: how operations and connections end, and that a stopped one loses nothing.
#pragma once

#include <array>
#include <random>

#include "pentad/runtime/scope.hpp"
#include "tests/socket/stream_pair.hpp"
#include "tests/socket/stream_suite.hpp"

namespace pentad::test {

TEST_P(stream, ends_its_operations_when_it_is_closed) {
  for (const bool aborts : {false, true}) {
    const auto program = [&]() -> task<> {
      stream_pair ends = co_await connect_pair(stack());
      const std::vector<std::byte> large(64 << 20);
      std::array<std::byte, 16> buffer;
      const auto closer = [&]() -> task<> {
        must(co_await sleep(1ms));
        aborts ? ends.server.abort() : ends.server.close();
        EXPECT_FALSE(ends.server.is_open());
      };
      auto done = co_await when_all(ends.server.receive(buffer), ends.server.send(large), closer());
      EXPECT_EQ(error_of(done.get<0>()), std::errc::operation_canceled);
      EXPECT_EQ(error_of(done.get<1>()), std::errc::operation_canceled);
    };
    run(program());
  }
}

TEST_P(stream, ends_its_operations_when_it_is_closed_at_once) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    const std::array parts{bytes_of("x")};
    const auto closer = [&]() -> task<> {
      ends.server.close();
      co_return;
    };
    auto done = co_await when_all(ends.server.receive(), ends.server.send(parts), closer());
    EXPECT_EQ(error_of(done.get<0>()), std::errc::operation_canceled);
    // The send may have been complete before.
    const std::error_code sent = error_of(done.get<1>());
    EXPECT_TRUE(!sent || sent == std::errc::operation_canceled) << sent;
  };
  run(program());
}

TEST_P(stream, delivers_what_was_sent_before_it_was_closed) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    constexpr std::size_t size = 100'000;
    const std::vector<std::byte> all = pattern(size);
    must(co_await ends.client.send(all));
    ends.client.close();
    const std::uint64_t got = co_await receive_pattern(ends.server);
    EXPECT_EQ(got, size);
  };
  run(program());
}

TEST_P(stream, resets_the_peer_when_it_is_aborted) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    std::array<std::byte, 16> buffer;
    ends.client.abort();
    const result<std::size_t> got = co_await ends.server.receive(buffer);
    EXPECT_EQ(error_of(got), std::errc::connection_reset);
    const result<void> sent = co_await ends.server.send(bytes_of("x"));
    EXPECT_EQ(error_of(sent), std::errc::broken_pipe);
  };
  run(program());
}

// A system may tell of a reset once, to a send: the receive must not take it for the end.
TEST_P(stream, never_takes_a_reset_for_the_end) {
  enum class sending { before_it, during_it };
  for (const sending when : {sending::before_it, sending::during_it}) {
    for (const bool lent : {false, true}) {
      const auto program = [&]() -> task<> {
        stream_pair ends = co_await connect_pair(stack());
        const std::vector<std::byte> large(64 << 20);
        const auto receiver = [&]() -> task<> {
          std::error_code ended;
          if (lent) {
            const result<received> got = co_await ends.server.receive();
            ended = error_of(got);
          } else {
            std::array<std::byte, 16> buffer;
            const result<std::size_t> got = co_await ends.server.receive(buffer);
            ended = error_of(got);
          }
          EXPECT_EQ(ended, std::errc::connection_reset);
        };
        const auto sender = [&]() -> task<> {
          const result<void> sent = co_await ends.server.send(large);
          const std::error_code why = error_of(sent);
          EXPECT_TRUE(why == std::errc::connection_reset || why == std::errc::broken_pipe) << why;
        };
        const auto aborter = [&]() -> task<> {
          must(co_await sleep(1ms));
          ends.client.abort();
        };
        if (when == sending::during_it) {
          static_cast<void>(co_await when_all(receiver(), sender(), aborter()));
        } else {
          co_await aborter();
          must(co_await sleep(1ms));
          co_await sender();
          co_await receiver();
        }
        co_await receiver();  // and that stays so
      };
      run(program());
    }
  }
}

TEST_P(stream, tells_the_end_before_a_reset_that_comes_after_it) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    must(co_await ends.client.send(bytes_of("all of it")));
    ends.client.close();
    must(co_await sleep(1ms));
    // The peer is gone, and answers bytes with a reset.
    static_cast<void>(co_await ends.server.send(bytes_of("too late")));
    must(co_await sleep(1ms));
    const std::string got = co_await receive_text(ends.server, 100);
    EXPECT_EQ(got, "all of it");
    const received end = must(co_await ends.server.receive());
    EXPECT_TRUE(end.empty());
  };
  run(program());
}

TEST_P(stream, gives_up_at_a_deadline_and_can_be_used_again) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    std::array<std::byte, 16> buffer;
    const instant before = server().now();
    const result<std::size_t> by_method = co_await ends.server.receive(buffer).timeout(2ms);
    EXPECT_EQ(error_of(by_method), std::errc::timed_out);
    EXPECT_GE(server().now() - before, 2ms);
    const result<std::size_t> by_parameter = co_await ends.server.receive(buffer, within(2ms));
    EXPECT_EQ(error_of(by_parameter), std::errc::timed_out);
    const result<received> lent = co_await ends.server.receive().timeout(2ms);
    EXPECT_EQ(error_of(lent), std::errc::timed_out);
    must(co_await ends.client.send(bytes_of("hello"), within(10s)));
    const std::size_t got = must(co_await ends.server.receive(buffer).timeout(10s));
    EXPECT_EQ(got, 5U);
  };
  run(program());
}

TEST_P(stream, is_usable_after_a_cancel) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    std::array<std::byte, 16> buffer;
    const auto receiver = [&](bool lent) -> task<> {
      if (lent) {
        const result<received> got = co_await ends.server.receive();
        EXPECT_EQ(error_of(got), std::errc::operation_canceled);
      } else {
        const result<std::size_t> got = co_await ends.server.receive(buffer);
        EXPECT_EQ(error_of(got), std::errc::operation_canceled);
      }
    };
    for (int i = 0; i < 20; ++i) {
      co_await in_scope([&](scope& s) -> task<> {
        s.spawn(receiver(i % 2 == 0));
        co_await yield();
        if (i % 4 < 2) must(co_await sleep(100us));
        s.cancel();
      });
    }
    must(co_await ends.client.send(bytes_of("hello")));
    const std::string got = co_await receive_text(ends.server, 5);
    EXPECT_EQ(got, "hello");
  };
  run(program());
}

// A send that was stopped tells how far it came, and what follows is the rest.
TEST_P(stream, can_resume_a_stopped_send) {
  constexpr std::size_t size = 32 << 20;
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    const std::vector<std::byte> all = pattern(size);
    std::vector<std::byte> buffer(1 << 20);
    std::uint64_t received = 0;
    int stops = 0;
    while (ends.client.sent() < size) {
      const auto rest = std::span(all).subspan(static_cast<std::size_t>(ends.client.sent()));
      const result<void> sent = co_await ends.client.send(rest).timeout(1ms);
      if (!sent) {
        EXPECT_EQ(error_of(sent), std::errc::timed_out);
        ++stops;
      }
      while (received < ends.client.sent()) {
        const std::size_t got = must(co_await ends.server.receive(buffer).timeout(10s));
        EXPECT_TRUE(is_pattern(std::span(buffer).first(got), received));
        received += got;
      }
    }
    EXPECT_EQ(received, size);
    EXPECT_GE(stops, 2);
  };
  run(program());
}

TEST_P(stream, can_resume_a_stopped_send_of_many_buffers) {
  constexpr std::size_t size = 16 << 20;
  constexpr std::size_t part_size = 10'007;
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    const std::vector<std::byte> all = pattern(size);
    const auto parts_from = [&](std::size_t offset) {
      std::vector<std::span<const std::byte>> parts;
      for (; offset < size; offset += part_size) {
        parts.push_back(std::span(all).subspan(offset, std::min(part_size, size - offset)));
      }
      return parts;
    };
    const std::vector<std::span<const std::byte>> first = parts_from(0);
    const result<void> stopped = co_await ends.client.send(first).timeout(5ms);
    EXPECT_EQ(error_of(stopped), std::errc::timed_out);
    const auto sender = [&]() -> task<> {
      const auto rest = parts_from(static_cast<std::size_t>(ends.client.sent()));
      must(co_await ends.client.send(rest));
      must(ends.client.shutdown(direction::send));
    };
    auto done = co_await when_all(sender(), receive_pattern(ends.server));
    EXPECT_EQ(done.get<1>(), size);
    EXPECT_EQ(ends.client.sent(), size);
  };
  run(program());
}

TEST_P(stream, does_not_touch_the_connection_in_a_cancelled_environment) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    must(co_await ends.client.send(bytes_of("hello")));
    co_await arrival(ends.server, 5);
    std::array<std::byte, 16> buffer{};
    co_await in_scope([&](scope& s) -> task<> {
      s.cancel();
      const std::error_code canceled = std::make_error_code(std::errc::operation_canceled);
      const result<std::size_t> receives = co_await ends.server.receive(buffer);
      EXPECT_EQ(error_of(receives), canceled);
      const result<received> lends = co_await ends.server.receive();
      EXPECT_EQ(error_of(lends), canceled);
      const result<void> sends = co_await ends.server.send(bytes_of("x"));
      EXPECT_EQ(error_of(sends), canceled);
      const std::array parts{bytes_of("x")};
      const result<void> sends_parts = co_await ends.server.send(parts);
      EXPECT_EQ(error_of(sends_parts), canceled);
    });
    EXPECT_EQ(buffer, (std::array<std::byte, 16>{}));
    EXPECT_EQ(ends.server.sent(), 0U);
    const std::string got = co_await receive_text(ends.server, 5);
    EXPECT_EQ(got, "hello");
    ends.server.close();
    const std::size_t end = must(co_await ends.client.receive(buffer));
    EXPECT_EQ(end, 0U) << "nothing was sent";
  };
  run(program());
}

}  // namespace pentad::test
