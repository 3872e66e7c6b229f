// Conformance of streams: sends without a copy deliver what was in memory, and do not end before
// nobody reads it any more. Only Linux's stack has them.
#pragma once

#include "pentad/runtime/scope.hpp"
#include "tests/socket/stream_pair.hpp"
#include "tests/socket/stream_suite.hpp"

namespace pentad::test {

/// Turns on `zero_copy`; whether the stack has it.
inline bool avoids_copies(stream_socket& socket) {
  const result<void> set = socket.set({.zero_copy = true});
  if (!set) {
    EXPECT_EQ(error_of(set), std::errc::operation_not_supported);
  }
  return set.has_value();
}

TEST_P(stream, sends_memory_that_may_be_used_again_at_once) {
  constexpr std::size_t size = 300'000;
  constexpr std::uint64_t rounds = 40;
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    if (!avoids_copies(ends.client)) co_return;
    std::uint64_t got = 0;
    const auto receive = [](stream_socket& from, std::uint64_t& count) -> task<> {
      count = co_await receive_pattern(from);
    };
    co_await in_scope([&](scope& both) -> task<> {
      both.spawn(receive(ends.server, got));
      std::vector<std::byte> memory;
      for (std::uint64_t i = 0; i != rounds; ++i) {
        memory = pattern(size, i * size);
        must(co_await ends.client.send(memory));
        std::ranges::fill(memory, std::byte{0xee});
      }
      must(ends.client.shutdown(direction::send));
    });
    EXPECT_EQ(got, rounds * size);
    EXPECT_EQ(ends.client.sent(), rounds * size);
  };
  run(program());
}

TEST_P(stream, sends_many_parts_of_memory_that_may_be_used_again_at_once) {
  constexpr std::size_t size = 50'000;
  constexpr std::size_t count = 20;
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    if (!avoids_copies(ends.client)) co_return;
    std::uint64_t got = 0;
    const auto receive = [](stream_socket& from, std::uint64_t& bytes) -> task<> {
      bytes = co_await receive_pattern(from);
    };
    co_await in_scope([&](scope& both) -> task<> {
      both.spawn(receive(ends.server, got));
      std::vector<std::byte> memory = pattern(size * count);
      std::vector<std::span<const std::byte>> parts;
      for (std::size_t i = 0; i != count; ++i) {
        parts.push_back(std::span(memory).subspan(i * size, size));
      }
      must(co_await ends.client.send(parts));
      std::ranges::fill(memory, std::byte{0xee});
      must(ends.client.shutdown(direction::send));
    });
    EXPECT_EQ(got, size * count);
  };
  run(program());
}

TEST_P(stream, keeps_to_a_copy_for_small_sends) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    if (!avoids_copies(ends.client)) co_return;
    std::string memory = "small";
    must(co_await ends.client.send(bytes_of(memory)));
    memory = "other";
    const std::string got = co_await receive_text(ends.server, 5);
    EXPECT_EQ(got, "small");
    must(ends.client.set({.zero_copy = false}));
  };
  run(program());
}

// What is stopped has been sent up to `sent`, and the peer gets it as it was.
TEST_P(stream, stops_a_send_without_a_copy_when_the_peer_has_what_was_sent) {
  constexpr std::size_t size = 64 << 20;
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    if (!avoids_copies(ends.client)) co_return;
    const auto send = [](stream_socket& to) -> task<> {
      std::vector<std::byte> memory = pattern(size);
      const result<void> late = co_await to.send(memory).timeout(20ms);
      std::ranges::fill(memory, std::byte{0xee});
      EXPECT_EQ(error_of(late), std::errc::timed_out);
      must(to.shutdown(direction::send));
    };
    const auto receive_late = [](stream_socket& from) -> task<std::uint64_t> {
      must(co_await sleep(100ms));
      co_return co_await receive_pattern(from);
    };
    auto both = co_await when_all(send(ends.client), receive_late(ends.server));
    EXPECT_EQ(both.get<1>(), ends.client.sent());
    EXPECT_LT(ends.client.sent(), size);
  };
  run(program());
}

// When a send that nobody receives is under way.
inline task<> abort_soon(stream_socket& socket) {
  must(co_await sleep(20ms));
  socket.abort();
}

TEST_P(stream, lets_go_of_memory_at_once_when_it_is_aborted) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    if (!avoids_copies(ends.client)) co_return;
    const std::vector<std::byte> memory = pattern(64 << 20);
    auto both = co_await when_all(ends.client.send(memory), abort_soon(ends.client));
    EXPECT_EQ(error_of(both.get<0>()), std::errc::operation_canceled);
  };
  run(program());
}

TEST_P(stream, lets_go_of_memory_when_the_peer_is_gone) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    if (!avoids_copies(ends.client)) co_return;
    const std::vector<std::byte> memory = pattern(64 << 20);
    auto both = co_await when_all(ends.client.send(memory), abort_soon(ends.server));
    EXPECT_FALSE(both.get<0>().has_value());
    EXPECT_NE(error_of(both.get<0>()), std::errc::operation_canceled);
  };
  run(program());
}

TEST_P(stream, closes_while_the_kernel_reads_memory) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    if (!avoids_copies(ends.client)) co_return;
    const auto send = [](stream_socket& to) -> task<> {
      std::vector<std::byte> memory = pattern(64 << 20);
      const result<void> closed = co_await to.send(memory);
      std::ranges::fill(memory, std::byte{0xee});
      EXPECT_EQ(error_of(closed), std::errc::operation_canceled);
    };
    const auto close_and_receive = [](stream_pair& both) -> task<> {
      must(co_await sleep(20ms));
      both.client.close();
      const std::uint64_t got = co_await receive_pattern(both.server);
      EXPECT_GT(got, 0U);
    };
    co_await when_all(send(ends.client), close_and_receive(ends));
  };
  run(program());
}

TEST_P(stream, avoids_copies_only_when_connected_and_not_traced) {
  EXPECT_EQ(error_of(client().open(pentad::stream, ip_version::v4, {.zero_copy = true})),
            std::errc::operation_not_supported);
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    must(ends.client.set({.path_tracing = true}));
    EXPECT_EQ(error_of(ends.client.set({.zero_copy = true})), std::errc::operation_not_supported);
    must(ends.client.set({.path_tracing = false}));
    if (!avoids_copies(ends.client)) co_return;
    EXPECT_EQ(error_of(ends.client.set({.path_tracing = true})),
              std::errc::operation_not_supported);
  };
  run(program());
}

}  // namespace pentad::test
