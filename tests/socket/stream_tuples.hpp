// Conformance of streams: five values identify a connection, and each of them tells two apart.
#pragma once

#include <array>

#include "tests/socket/stream_pair.hpp"
#include "tests/socket/stream_suite.hpp"

namespace pentad::test {

// A connection from one endpoint to another, both chosen.
inline task<stream_pair> connect_from(stack_under_test& on, const endpoint& from,
                                      stream_listener& to) {
  unbound_socket opened =
      must(on.client().open(pentad::stream, ip_version::v4, {.reuse_address = true}));
  bound_socket bound = must(std::move(opened).bind(from));
  const socket_address where = must(to.local());
  auto both = co_await when_all(std::move(bound).connect(where), to.accept());
  co_return stream_pair(must(std::move(both.get<1>())), must(std::move(both.get<0>())));
}

// Two connections carry different messages both ways, at the same time.
inline task<> expect_not_to_mix(stream_pair& one, stream_pair& other) {
  must(co_await one.client.send(bytes_of("1 to server")));
  must(co_await other.client.send(bytes_of("2 to server")));
  must(co_await other.server.send(bytes_of("2 to client")));
  must(co_await one.server.send(bytes_of("1 to client")));
  for (stream_pair* each : {&one, &other}) {
    must(each->client.shutdown(direction::send));
    must(each->server.shutdown(direction::send));
  }
  const std::string one_there = co_await receive_text(one.server, 100);
  const std::string other_there = co_await receive_text(other.server, 100);
  const std::string one_back = co_await receive_text(one.client, 100);
  const std::string other_back = co_await receive_text(other.client, 100);
  EXPECT_EQ(one_there, "1 to server");
  EXPECT_EQ(other_there, "2 to server");
  EXPECT_EQ(one_back, "1 to client");
  EXPECT_EQ(other_back, "2 to client");
}

// How many of the five values differ.
inline int differences(const five_tuple& a, const five_tuple& b) {
  return (a.protocol != b.protocol) + (a.local.address != b.local.address) +
         (a.local.port != b.local.port) + (a.remote.address != b.remote.address) +
         (a.remote.port != b.remote.port);
}

TEST_P(stream, knows_its_five_values) {
  const auto program = [&]() -> task<> {
    stream_listener listener = must(server().listen(stack().server_endpoint()));
    const endpoint where = must(listener.local()).ip();
    const endpoint from(stack().client_address(ip_version::v4, 0), 0);
    stream_pair ends = co_await connect_from(stack(), from, listener);
    const five_tuple near = ends.client.tuple().value();
    EXPECT_EQ(near.protocol, ip_protocol::tcp);
    EXPECT_EQ(near.local.address, from.address);
    EXPECT_NE(near.local.port, 0);
    EXPECT_EQ(near.remote, where);
    EXPECT_EQ(ends.server.tuple(), near.swapped());
    EXPECT_EQ(must(ends.client.local()), socket_address(near.local));
    EXPECT_EQ(must(ends.server.remote()), socket_address(near.local));
  };
  run(program());
}

TEST_P(stream, differs_by_local_port_alone) {
  const auto program = [&]() -> task<> {
    stream_listener listener = must(server().listen(stack().server_endpoint()));
    const endpoint from(stack().client_address(ip_version::v4, 0), 0);
    stream_pair one = co_await connect_from(stack(), from, listener);
    stream_pair other = co_await connect_from(stack(), from, listener);
    EXPECT_NE(one.client.tuple()->local.port, other.client.tuple()->local.port);
    EXPECT_EQ(differences(*one.client.tuple(), *other.client.tuple()), 1);
    co_await expect_not_to_mix(one, other);
  };
  run(program());
}

TEST_P(stream, differs_by_local_address_alone) {
  const auto program = [&]() -> task<> {
    stream_listener listener = must(server().listen(stack().server_endpoint()));
    const endpoint from(stack().client_address(ip_version::v4, 0), 0);
    stream_pair one = co_await connect_from(stack(), from, listener);
    const endpoint also(stack().client_address(ip_version::v4, 1), one.client.tuple()->local.port);
    stream_pair other = co_await connect_from(stack(), also, listener);
    EXPECT_NE(one.client.tuple()->local.address, other.client.tuple()->local.address);
    EXPECT_EQ(differences(*one.client.tuple(), *other.client.tuple()), 1);
    co_await expect_not_to_mix(one, other);
  };
  run(program());
}

TEST_P(stream, differs_by_remote_port_alone) {
  const auto program = [&]() -> task<> {
    stream_listener listener = must(server().listen(stack().server_endpoint()));
    stream_listener second = must(server().listen(stack().server_endpoint()));
    const endpoint from(stack().client_address(ip_version::v4, 0), 0);
    stream_pair one = co_await connect_from(stack(), from, listener);
    stream_pair other = co_await connect_from(stack(), one.client.tuple()->local, second);
    EXPECT_NE(one.client.tuple()->remote.port, other.client.tuple()->remote.port);
    EXPECT_EQ(differences(*one.client.tuple(), *other.client.tuple()), 1);
    co_await expect_not_to_mix(one, other);
  };
  run(program());
}

TEST_P(stream, differs_by_remote_address_alone) {
  const auto program = [&]() -> task<> {
    stream_listener listener = must(server().listen(stack().server_endpoint()));
    const endpoint also(stack().server_address(ip_version::v4, 1),
                        must(listener.local()).ip().port);
    stream_listener second = must(server().listen(also));
    const endpoint from(stack().client_address(ip_version::v4, 0), 0);
    stream_pair one = co_await connect_from(stack(), from, listener);
    stream_pair other = co_await connect_from(stack(), one.client.tuple()->local, second);
    EXPECT_NE(one.client.tuple()->remote.address, other.client.tuple()->remote.address);
    EXPECT_EQ(differences(*one.client.tuple(), *other.client.tuple()), 1);
    co_await expect_not_to_mix(one, other);
  };
  run(program());
}

TEST_P(stream, tells_how_it_is_doing) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    const std::vector<std::byte> bytes = pattern(1000);
    must(co_await ends.client.send(bytes));
    co_await arrival(ends.server, 1000);
    const stream_info waiting = ends.server.info();
    EXPECT_EQ(waiting.receive_queue.value_or(1000), 1000U);
    EXPECT_EQ(waiting.bytes_received.value_or(1000), 1000U);
    const std::vector<std::byte> got = co_await receive_exactly(ends.server, 1000);
    EXPECT_EQ(got, bytes);
    EXPECT_EQ(ends.server.info().receive_queue.value_or(0), 0U);
    must(co_await ends.server.send(bytes_of("answer")));
    const std::string answer = co_await receive_text(ends.client, 6);
    EXPECT_EQ(answer, "answer");
    const stream_info sender = ends.client.info();
    EXPECT_GT(sender.segment_size.value_or(1), 0U);
    EXPECT_GT(sender.congestion_window.value_or(1), 0U);
    EXPECT_GE(sender.bytes_acknowledged.value_or(1000), 1000U) << "with the answer at the latest";
    EXPECT_EQ(sender.retransmits.value_or(0), 0U);
    EXPECT_EQ(sender.send_queue.value_or(0), 0U);
    EXPECT_EQ(sender.in_flight.value_or(0), 0U);
    EXPECT_GT(sender.rtt.value_or(1ns), 0ns);
  };
  run(program());
}

}  // namespace pentad::test
