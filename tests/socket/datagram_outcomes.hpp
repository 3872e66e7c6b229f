// Conformance of datagram sockets: the outcome decides, and errors reach the operation to which
// they belong.
#pragma once

#include <algorithm>

#include "pentad/runtime/scope.hpp"
#include "tests/socket/datagram_suite.hpp"

namespace pentad::test {

inline task<> nothing_to_do() { co_return; }

TEST_P(datagram, receive_ends_when_its_time_is_over) {
  const auto program = [&]() -> task<> {
    datagram_socket far = server_socket();
    std::array<std::byte, 16> buffer;
    const result<received_datagram> nothing = co_await far.receive(buffer).timeout(1ms);
    EXPECT_EQ(error_of(nothing), std::errc::timed_out);
    std::array<datagram_slot, 1> slots{datagram_slot{.buffer = buffer}};
    const result<std::size_t> none = co_await far.receive(slots).timeout(1ms);
    EXPECT_EQ(error_of(none), std::errc::timed_out);
  };
  run(program());
}

TEST_P(datagram, receive_loses_nothing_to_a_cancel_that_comes_with_it) {
  const auto program = [&]() -> task<> {
    datagram_socket far = server_socket();
    datagram_socket near = client_socket();
    std::array<std::byte, 16> buffer;
    int got = 0;
    for (int round = 0; round < 200; ++round) {
      must(co_await near.send(as_datagram("x"), local_of(far)));
      if (round % 2 == 0) {
        auto raced = co_await when_any(far.receive(buffer), nothing_to_do());
        if (raced.get<0>()) ++got;
      } else {
        auto raced = co_await when_any(nothing_to_do(), far.receive(buffer));
        if (raced.get<1>()) ++got;
      }
    }
    while (got < 200) {
      const result<received_datagram> late = co_await far.receive(buffer).timeout(10s);
      if (!late) break;
      ++got;
    }
    EXPECT_EQ(got, 200);
  };
  run(program());
}

TEST_P(datagram, has_one_receive_at_a_time) {
  const auto program = [&]() -> task<> {
    datagram_socket far = server_socket();
    std::array<std::byte, 16> one;
    std::array<std::byte, 16> other;
    auto both = co_await when_any(far.receive(one), far.receive(other));
    EXPECT_EQ(both.index, 1U);
    EXPECT_EQ(error_of(both.get<1>()), std::errc::connection_already_in_progress);
    EXPECT_EQ(error_of(both.get<0>()), std::errc::operation_canceled);
  };
  run(program());
}

TEST_P(datagram, operations_end_when_the_socket_closes) {
  const auto program = [&]() -> task<> {
    datagram_socket far = server_socket(ip_version::v4, {.errors = true, .path_tracing = true});
    std::error_code received;
    std::error_code error;
    std::error_code times;
    const auto receive = [](datagram_socket& socket, std::error_code& outcome) -> task<> {
      std::array<std::byte, 16> buffer;
      const result<received_datagram> ended = co_await socket.receive(buffer);
      outcome = error_of(ended);
    };
    const auto receive_error = [](datagram_socket& socket, std::error_code& outcome) -> task<> {
      const result<datagram_error> ended = co_await socket.receive_error();
      outcome = error_of(ended);
    };
    const auto receive_times = [](datagram_socket& socket, std::error_code& outcome) -> task<> {
      const result<sent_message> ended = co_await socket.sent_message();
      outcome = error_of(ended);
    };
    co_await in_scope([&](scope& all) -> task<> {
      all.spawn(receive(far, received));
      all.spawn(receive_error(far, error));
      all.spawn(receive_times(far, times));
      must(co_await sleep(1ms));
      far.close();
    });
    EXPECT_EQ(received, std::errc::operation_canceled);
    EXPECT_EQ(error, std::errc::operation_canceled);
    EXPECT_EQ(times, std::errc::operation_canceled);
    EXPECT_FALSE(far.is_open());
  };
  run(program());
}

TEST_P(datagram, that_is_refused_ends_the_next_receive_of_a_connected_socket) {
  const auto program = [&](ip_version version) -> task<> {
    datagram_socket far = server_socket(version);
    const endpoint nobody = local_of(far);
    far.close();
    datagram_socket near = client_socket(version);
    must(near.connect(nobody));
    must(co_await near.send(as_datagram("is anybody there?")));
    std::array<std::byte, 16> buffer;
    const result<received_datagram> refused = co_await near.receive(buffer).timeout(10s);
    EXPECT_EQ(error_of(refused), std::errc::connection_refused);
    const result<received_datagram> nothing = co_await near.receive(buffer).timeout(1ms);
    EXPECT_EQ(error_of(nothing), std::errc::timed_out);
  };
  for (const ip_version each : versions()) run(program(each));
}

TEST_P(datagram, that_is_refused_is_reported_to_who_asked_for_errors) {
  const auto program = [&]() -> task<> {
    datagram_socket far = server_socket();
    const endpoint nobody = local_of(far);
    far.close();
    datagram_socket near = client_socket(ip_version::v4, {.errors = true});
    must(co_await near.send(as_datagram("is anybody there?"), nobody));
    std::array<std::byte, 100> buffer;
    const datagram_error error = must(co_await near.receive_error(buffer).timeout(10s));
    EXPECT_EQ(error.code, std::errc::connection_refused);
    EXPECT_FALSE(error.is_local);
    EXPECT_EQ(error.type, 3);       // destination unreachable ...
    EXPECT_EQ(error.icmp_code, 3);  // ... because of the port (RFC 792)
    EXPECT_EQ(error.reporter, nobody.address);
    EXPECT_EQ(error.destination, socket_address(nobody));
    EXPECT_TRUE(std::ranges::equal(error.bytes, as_datagram("is anybody there?")));
    const result<datagram_error> no_more = co_await near.receive_error(buffer).timeout(1ms);
    EXPECT_EQ(error_of(no_more), std::errc::timed_out);
  };
  run(program());
}

TEST_P(datagram, errors_are_not_reported_unless_they_are_asked_for) {
  const auto program = [&]() -> task<> {
    datagram_socket near = client_socket();
    const result<datagram_error> refused = co_await near.receive_error();
    EXPECT_EQ(error_of(refused), std::errc::operation_not_supported);
  };
  run(program());
}

TEST_P(datagram, batch_stops_before_the_one_that_cannot_be_sent) {
  const auto program = [&]() -> task<> {
    datagram_socket far = server_socket();
    datagram_socket near = client_socket();
    const std::vector<std::byte> too_large(70'000);
    std::vector<outgoing_datagram> outgoing;
    outgoing.push_back({.bytes = as_datagram("first"), .to = local_of(far)});
    outgoing.push_back({.bytes = too_large, .to = local_of(far)});
    outgoing.push_back({.bytes = as_datagram("third"), .to = local_of(far)});
    const std::size_t sent = must(co_await near.send(outgoing));
    EXPECT_EQ(sent, 1U);
    const std::span<const outgoing_datagram> rest = std::span(outgoing).subspan(sent);
    const result<std::size_t> refused = co_await near.send(rest);
    EXPECT_EQ(error_of(refused), std::errc::message_size);
    const std::string first = co_await receive_datagram_text(far);
    EXPECT_EQ(first, "first");
  };
  run(program());
}

TEST_P(datagram, needs_room_to_be_received_in_batches) {
  const auto program = [&]() -> task<> {
    datagram_socket far = server_socket();
    const result<std::size_t> refused = co_await far.receive(std::span<datagram_slot>());
    EXPECT_EQ(error_of(refused), std::errc::invalid_argument);
  };
  run(program());
}

}  // namespace pentad::test
