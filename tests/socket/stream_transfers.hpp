// Conformance of streams: bytes arrive, all of them, once, in order.
#pragma once

#include <array>
#include <numeric>
#include <random>

#include "pentad/runtime/scope.hpp"
#include "tests/socket/stream_pair.hpp"
#include "tests/socket/stream_suite.hpp"

namespace pentad::test {

TEST_P(stream, echoes) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    for (const std::string_view message : {"hello", "x", "a longer message than the others"}) {
      must(co_await ends.client.send(bytes_of(message)));
      const std::string there = co_await receive_text(ends.server, message.size());
      EXPECT_EQ(there, message);
      must(co_await ends.server.send(bytes_of(there)));
      const std::string back = co_await receive_text(ends.client, message.size());
      EXPECT_EQ(back, message);
    }
  };
  run(program());
}

TEST_P(stream, gives_what_is_there_and_does_not_wait_for_more) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    must(co_await ends.client.send(bytes_of("hello")));
    co_await arrival(ends.server, 5);
    std::array<std::byte, 3> small;
    const std::size_t first = must(co_await ends.server.receive(small));
    EXPECT_EQ(text_of(std::span(small).first(first)), "hel");
    std::array<std::byte, 100> large;
    const std::size_t second = must(co_await ends.server.receive(large));
    EXPECT_EQ(text_of(std::span(large).first(second)), "lo");
  };
  run(program());
}

TEST_P(stream, carries_16_mebibytes_both_ways_at_once) {
  constexpr std::uint64_t size = 16 << 20;
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    auto done = co_await when_all(send_pattern(ends.client, size), send_pattern(ends.server, size),
                                  receive_pattern(ends.client), receive_pattern(ends.server));
    EXPECT_EQ(done.get<2>(), size);
    EXPECT_EQ(done.get<3>(), size);
    EXPECT_EQ(ends.client.sent(), size);
    EXPECT_EQ(ends.server.sent(), size);
  };
  run(program());
}

// Buffers of every size from one byte to more than any queue holds.
TEST_P(stream, carries_sends_and_receives_of_every_size) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    std::mt19937 random(20260101);
    std::vector<std::size_t> sizes{1, 2, 3, 4095, 4096, 4097, 65535, 65536, 65537, 3 << 20};
    for (int i = 0; i < 200; ++i) sizes.push_back(1 + random() % 20'000);
    const auto sender = [&]() -> task<> {
      std::uint64_t offset = 0;
      for (const std::size_t size : sizes) {
        const std::vector<std::byte> part = pattern(size, offset);
        must(co_await ends.client.send(part));
        offset += size;
      }
      must(ends.client.shutdown(direction::send));
    };
    std::uint64_t received = 0;
    const auto receiver = [&]() -> task<> {
      std::vector<std::byte> buffer(100'000);
      for (std::size_t i = 0;; ++i) {
        const std::size_t wanted = 1 + (i * 7919) % buffer.size();
        const auto into = std::span(buffer).first(wanted);
        const std::size_t got = must(co_await ends.server.receive(into));
        if (got == 0) co_return;
        EXPECT_TRUE(is_pattern(into.first(got), received));
        received += got;
      }
    };
    static_cast<void>(co_await when_all(sender(), receiver()));
    EXPECT_EQ(received, std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0}));
  };
  run(program());
}

TEST_P(stream, goes_on_one_way_when_the_other_is_shut_down) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    std::array<std::byte, 16> buffer;
    must(co_await ends.client.send(bytes_of("question")));
    must(ends.client.shutdown(direction::send));
    const std::string question = co_await receive_text(ends.server, 8);
    EXPECT_EQ(question, "question");
    for (int i = 0; i < 3; ++i) {
      const std::size_t end = must(co_await ends.server.receive(buffer));
      EXPECT_EQ(end, 0U) << "the end stays the end";
    }
    must(co_await ends.server.send(bytes_of("answer")));
    must(ends.server.shutdown(direction::send));
    const std::string answer = co_await receive_text(ends.client, 6);
    EXPECT_EQ(answer, "answer");
    const std::size_t end = must(co_await ends.client.receive(buffer));
    EXPECT_EQ(end, 0U);
  };
  run(program());
}

TEST_P(stream, cannot_send_after_it_has_ended_sending) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    must(ends.client.shutdown(direction::send));
    const result<void> sent = co_await ends.client.send(bytes_of("late"));
    EXPECT_EQ(error_of(sent), std::errc::broken_pipe);
    EXPECT_EQ(ends.client.sent(), 0U);
  };
  run(program());
}

TEST_P(stream, ends_a_receive_when_receiving_is_shut_down) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    std::array<std::byte, 16> buffer;
    const auto shutter = [&]() -> task<> {
      co_await yield();
      must(ends.server.shutdown(direction::receive));
    };
    auto done = co_await when_all(ends.server.receive(buffer), shutter());
    EXPECT_EQ(done.get<0>(), 0U);
  };
  run(program());
}

TEST_P(stream, refuses_an_empty_buffer) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    const result<std::size_t> got = co_await ends.server.receive(std::span<std::byte>());
    EXPECT_EQ(error_of(got), std::errc::invalid_argument);
  };
  run(program());
}

TEST_P(stream, sends_nothing_at_once) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    must(co_await ends.client.send(std::span<const std::byte>()));
    must(co_await ends.client.send(std::span<const std::span<const std::byte>>()));
    const std::array<std::span<const std::byte>, 3> empty_parts{};
    must(co_await ends.client.send(empty_parts));
    EXPECT_EQ(ends.client.sent(), 0U);
    must(co_await ends.client.send(bytes_of("then something")));
    const std::string got = co_await receive_text(ends.server, 14);
    EXPECT_EQ(got, "then something");
  };
  run(program());
}

TEST_P(stream, sends_many_buffers_as_if_they_were_one) {
  constexpr std::size_t large = 8 << 20;
  using sizes = std::vector<std::size_t>;
  const std::vector<sizes> cases{
      {1},
      {5},
      {0, 3, 0, 0, 7, 0},
      sizes(40, 100),
      sizes(16, 1),
      sizes(17, 1),
      sizes(1000, 3),
      {0, large, 0, 1, large, 0, 0, 17},
      {large, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, large},
  };
  for (const sizes& each : cases) {
    const auto program = [&]() -> task<> {
      stream_pair ends = co_await connect_pair(stack());
      const std::size_t total = std::accumulate(each.begin(), each.end(), std::size_t{0});
      const std::vector<std::byte> all = pattern(total);
      std::vector<std::span<const std::byte>> parts;
      std::size_t offset = 0;
      for (const std::size_t size : each) {
        parts.push_back(std::span(all).subspan(offset, size));
        offset += size;
      }
      const auto sender = [&]() -> task<> {
        must(co_await ends.client.send(parts));
        EXPECT_EQ(ends.client.sent(), total);
        must(ends.client.shutdown(direction::send));
      };
      auto done = co_await when_all(sender(), receive_pattern(ends.server));
      EXPECT_EQ(done.get<1>(), total);
    };
    run(program());
  }
}

TEST_P(stream, has_one_receive_and_one_send_in_flight) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    const std::vector<std::byte> large(64 << 20);
    std::array<std::byte, 16> first;
    std::array<std::byte, 16> second;
    const auto others = [&]() -> task<> {
      co_await yield();
      const std::error_code busy = std::make_error_code(std::errc::connection_already_in_progress);
      const result<std::size_t> receives = co_await ends.server.receive(second);
      EXPECT_EQ(error_of(receives), busy);
      const result<received> lends = co_await ends.server.receive();
      EXPECT_EQ(error_of(lends), busy);
      const result<void> sends = co_await ends.server.send(bytes_of("x"));
      EXPECT_EQ(error_of(sends), busy);
      const std::array parts{bytes_of("x")};
      const result<void> sends_parts = co_await ends.server.send(parts);
      EXPECT_EQ(error_of(sends_parts), busy);
    };
    // The peer neither sends nor receives, so both stay in flight until the others have ended.
    const auto both = [&]() -> task<> {
      auto done = co_await when_all(ends.server.receive(first), ends.server.send(large));
      EXPECT_EQ(error_of(done.get<0>()), std::errc::operation_canceled);
      EXPECT_EQ(error_of(done.get<1>()), std::errc::operation_canceled);
    };
    auto ended = co_await when_any(both(), others());
    EXPECT_EQ(ended.index, 1U);
  };
  run(program());
}

TEST_P(stream, holds_a_sender_back_whose_peer_does_not_read) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    const std::vector<std::byte> large = pattern(64 << 20);
    const result<void> sent = co_await ends.client.send(large).timeout(20ms);
    EXPECT_EQ(error_of(sent), std::errc::timed_out);
    EXPECT_GT(ends.client.sent(), 0U);
    EXPECT_LT(ends.client.sent(), large.size());
  };
  run(program());
}

}  // namespace pentad::test
