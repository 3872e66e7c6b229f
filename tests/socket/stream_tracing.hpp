// Conformance of streams: with path tracing, messages tell when they passed the hops of their path.
#pragma once

#include "tests/socket/stream_pair.hpp"
#include "tests/socket/stream_suite.hpp"

namespace pentad::test {

TEST_P(stream, tells_when_messages_passed_the_hops_of_their_path) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    must(co_await ends.client.send(bytes_of("before")));
    const std::string before = co_await receive_text(ends.server, 6);
    must(ends.client.set({.path_tracing = true}));
    must(ends.server.set({.path_tracing = true}));
    std::array<std::byte, 100> buffer;
    // Linux begins to stamp what arrives a moment after the first socket has asked for it.
    bool is_stamped = false;
    for (std::uint64_t i = 1; i <= 3 || !is_stamped; ++i) {
      must(co_await ends.client.send(bytes_of("0123456789")));
      const std::size_t got = must(co_await ends.server.receive(buffer));
      EXPECT_EQ(got, 10U);
      const hop_times in = ends.server.received_times();
      must(co_await ends.server.send(bytes_of("x")));  // acknowledges
      must(co_await ends.client.receive(buffer));
      const sent_message sent = must(co_await ends.client.sent_message().timeout(10s));
      must(co_await ends.server.sent_message().timeout(10s));
      EXPECT_EQ(sent.number, 6 + i * 10);
      EXPECT_EQ(sent.number, ends.client.sent());
      const hop_times& out = sent.times;
      EXPECT_LE(out.given.value(), out.scheduled.value());
      EXPECT_LE(out.scheduled.value(), out.transmitted.value());
      EXPECT_LE(out.transmitted.value(), out.acknowledged.value());
      is_stamped = in.arrived.has_value();
      if (is_stamped) {
        EXPECT_LE(*in.arrived, in.read.value());
      }
    }
    EXPECT_TRUE(ends.client.received_times().read.has_value());
  };
  run(program());
}

TEST_P(stream, has_no_times_unless_they_are_asked_for) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    const result<sent_message> refused = co_await ends.client.sent_message();
    EXPECT_EQ(error_of(refused), std::errc::operation_not_supported);
    EXPECT_FALSE(ends.client.received_times().read.has_value());
  };
  run(program());
}

TEST_P(stream, is_not_traced_before_it_is_connected) {
  EXPECT_EQ(error_of(client().open(pentad::stream, ip_version::v4, {.path_tracing = true})),
            std::errc::operation_not_supported);
  listen_options listening;
  listening.path_tracing = true;
  EXPECT_EQ(error_of(server().listen(stack().server_endpoint(), listening)),
            std::errc::operation_not_supported);
}

TEST_P(stream, waits_for_times_until_it_closes) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    must(ends.client.set({.path_tracing = true}));
    const result<sent_message> late = co_await ends.client.sent_message().timeout(1ms);
    EXPECT_EQ(error_of(late), std::errc::timed_out);
    const auto close_soon = [](stream_socket& socket) -> task<> {
      must(co_await sleep(1ms));
      socket.close();
    };
    auto both = co_await when_all(ends.client.sent_message(), close_soon(ends.client));
    EXPECT_EQ(error_of(both.get<0>()), std::errc::operation_canceled);
  };
  run(program());
}

}  // namespace pentad::test
