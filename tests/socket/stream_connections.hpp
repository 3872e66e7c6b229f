// Conformance of streams: how connections come about, and how that fails.
#pragma once

#include <array>
#include <memory>
#include <set>

#include "pentad/runtime/scope.hpp"
#include "tests/socket/stream_pair.hpp"
#include "tests/socket/stream_suite.hpp"

namespace pentad::test {

TEST_P(stream, listens_on_a_port_that_the_system_chooses) {
  const auto program = [&]() -> task<> {
    const stream_listener first = must(server().listen(stack().server_endpoint()));
    const stream_listener second = must(server().listen(stack().server_endpoint()));
    const socket_address one = must(first.local());
    const socket_address other = must(second.local());
    EXPECT_EQ(one.ip().address, stack().server_endpoint().address);
    EXPECT_NE(one.ip().port, 0);
    EXPECT_NE(one.ip().port, other.ip().port);
    co_return;
  };
  run(program());
}

TEST_P(stream, cannot_listen_where_another_listens) {
  const auto program = [&]() -> task<> {
    stream_listener first = must(server().listen(stack().server_endpoint()));
    const socket_address where = must(first.local());
    const result<stream_listener> second = server().listen(where);
    EXPECT_EQ(error_of(second), std::errc::address_in_use);
    first.close();
    // What io_uring has in flight for the first ends in the next turns.
    must(co_await sleep(1ms));
    must(server().listen(where));
  };
  run(program());
}

TEST_P(stream, connects_step_by_step) {
  const auto program = [&]() -> task<> {
    unbound_socket opened = must(server().open(pentad::stream, ip_version::v4));
    bound_socket bound = must(std::move(opened).bind(stack().server_endpoint()));
    const socket_address where = must(bound.local());
    EXPECT_NE(where.ip().port, 0);
    stream_listener listener = must(std::move(bound).listen(16));
    EXPECT_EQ(must(listener.local()), where);

    const socket_address from = endpoint(stack().client_address(ip_version::v4, 0), 0);
    unbound_socket other = must(client().open(pentad::stream, ip_version::v4));
    bound_socket there = must(std::move(other).bind(from));
    const socket_address source = must(there.local());
    auto both = co_await when_all(std::move(there).connect(where), listener.accept());
    const stream_socket near = must(std::move(both.get<0>()));
    const stream_socket far = must(std::move(both.get<1>()));
    EXPECT_EQ(must(near.local()), source);
    EXPECT_EQ(must(far.remote()), source);
    EXPECT_EQ(must(near.remote()), where);

    unbound_socket third = must(client().open(pentad::stream, ip_version::v4));
    auto again = co_await when_all(std::move(third).connect(where), listener.accept());
    EXPECT_TRUE(again.get<0>());
  };
  run(program());
}

TEST_P(stream, cannot_be_bound_to_an_address_of_another) {
  const auto program = [&]() -> task<> {
    unbound_socket opened = must(client().open(pentad::stream, ip_version::v4));
    const endpoint foreign(ip_address::v4(192, 0, 2, 1), 0);  // for documentation, RFC 5737
    const result<bound_socket> bound = std::move(opened).bind(foreign);
    EXPECT_EQ(error_of(bound), std::errc::address_not_available);
    co_return;
  };
  run(program());
}

TEST_P(stream, is_refused_where_nobody_listens) {
  const auto program = [&]() -> task<> {
    socket_address where;
    {
      const stream_listener gone = must(server().listen(stack().server_endpoint()));
      where = must(gone.local());
    }
    must(co_await sleep(1ms));
    for (int i = 0; i < 3; ++i) {
      const result<stream_socket> connected = co_await client().connect(where).timeout(10s);
      EXPECT_EQ(error_of(connected), std::errc::connection_refused);
    }
  };
  run(program());
}

TEST_P(stream, gives_up_connecting_at_a_deadline) {
  const auto program = [&]() -> task<> {
    const instant before = client().now();
    const result<stream_socket> first = co_await client().connect(stack().silence()).timeout(5ms);
    EXPECT_EQ(error_of(first), std::errc::timed_out);
    const result<stream_socket> second =
        co_await client().connect(stack().silence(), {}, within(5ms));
    EXPECT_EQ(error_of(second), std::errc::timed_out);
    EXPECT_GE(client().now() - before, 10ms);
    stream_pair ends = co_await connect_pair(stack());
  };
  run(program());
}

TEST_P(stream, can_be_cancelled_while_it_connects) {
  const auto program = [&]() -> task<> {
    const auto connects = [this]() -> task<> {
      const result<stream_socket> connected = co_await client().connect(stack().silence());
      EXPECT_EQ(error_of(connected), std::errc::operation_canceled);
    };
    for (const duration after : {0ms, 1ms}) {
      co_await in_scope([&](scope& s) -> task<> {
        s.spawn(connects());
        must(co_await sleep(after));
        s.cancel();
      });
    }
  };
  run(program());
}

TEST_P(stream, makes_no_connection_in_a_cancelled_environment) {
  const auto program = [&]() -> task<> {
    stream_listener listener = must(server().listen(stack().server_endpoint()));
    const socket_address where = must(listener.local());
    co_await in_scope([&](scope& s) -> task<> {
      s.cancel();
      const result<stream_socket> connected = co_await client().connect(where);
      EXPECT_EQ(error_of(connected), std::errc::operation_canceled);
    });
    const result<stream_socket> accepted = co_await listener.accept().timeout(5ms);
    EXPECT_EQ(error_of(accepted), std::errc::timed_out);
    auto real = co_await when_all(client().connect(where), listener.accept());
    EXPECT_TRUE(real.get<0>() && real.get<1>());
    const stream_socket waiting = must(co_await client().connect(where));
    co_await in_scope([&](scope& s) -> task<> {
      s.cancel();
      const result<stream_socket> refused = co_await listener.accept();
      EXPECT_EQ(error_of(refused), std::errc::operation_canceled);
    });
    must(co_await listener.accept());
  };
  run(program());
}

TEST_P(stream, has_one_accept_in_flight) {
  const auto program = [&]() -> task<> {
    stream_listener listener = must(server().listen(stack().server_endpoint()));
    const socket_address where = must(listener.local());
    const auto second = [&]() -> task<> {
      co_await yield();
      const result<stream_socket> busy = co_await listener.accept();
      EXPECT_EQ(error_of(busy), std::errc::connection_already_in_progress);
      must(co_await client().connect(where));
    };
    auto done = co_await when_all(listener.accept(), second());
    EXPECT_TRUE(done.get<0>());
  };
  run(program());
}

// Connections arrive while accepts are started and cancelled: each is accepted, once.
TEST_P(stream, loses_no_connection_to_a_cancelled_accept) {
  constexpr int connections = 60;
  const auto program = [&]() -> task<> {
    stream_listener listener = must(server().listen(stack().server_endpoint()));
    const socket_address where = must(listener.local());
    std::multiset<std::uint16_t> connected;
    std::multiset<std::uint16_t> accepted;
    std::vector<std::unique_ptr<stream_socket>> open;
    const auto keep = [&](result<stream_socket>&& made, std::multiset<std::uint16_t>& in) {
      if (!made) {
        const std::error_code why = made.error();
        EXPECT_TRUE(why == std::errc::operation_canceled || why == std::errc::timed_out) << why;
        return;
      }
      const five_tuple tuple = made->tuple().value();
      in.insert(&in == &connected ? tuple.local.port : tuple.remote.port);
      open.push_back(std::make_unique<stream_socket>(std::move(*made)));
    };
    const auto ready = []() -> task<> { co_return; };
    const auto connector = [&]() -> task<> {
      for (int i = 0; i < connections; ++i) {
        result<stream_socket> made = co_await client().connect(where);
        keep(std::move(made), connected);
        if (i % 7 == 0) must(co_await sleep(100us));
      }
    };
    const auto acceptor = [&]() -> task<> {
      for (int i = 0; i < 10 * connections; ++i) {
        if (i % 2 == 0) {
          auto raced = co_await when_any(listener.accept(), ready());
          keep(std::move(raced.get<0>()), accepted);
        } else {
          result<stream_socket> made = co_await listener.accept().timeout(i % 50 * 1us);
          keep(std::move(made), accepted);
        }
      }
    };
    static_cast<void>(co_await when_all(connector(), acceptor()));
    while (accepted.size() < connections) {
      result<stream_socket> made = co_await listener.accept().timeout(5s);
      if (!made) break;
      keep(std::move(made), accepted);
    }
    EXPECT_EQ(connected.size(), std::size_t{connections});
    EXPECT_EQ(accepted, connected);
  };
  run(program());
}

TEST_P(stream, holds_a_bounded_number_of_connections_that_nobody_accepts) {
  constexpr int backlog = 3;
  const auto program = [&]() -> task<> {
    stream_listener listener = must(server().listen(stack().server_endpoint(), {{}, backlog}));
    const socket_address where = must(listener.local());
    std::vector<std::unique_ptr<stream_socket>> waiting;
    for (int i = 0; i < 20; ++i) {
      result<stream_socket> made = co_await client().connect(where).timeout(10ms);
      if (!made) break;
      waiting.push_back(std::make_unique<stream_socket>(std::move(*made)));
    }
    EXPECT_GE(waiting.size(), std::size_t{backlog});
    EXPECT_LE(waiting.size(), std::size_t{backlog + 1});
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      const stream_socket accepted = must(co_await listener.accept().timeout(10s));
      EXPECT_EQ(accepted.tuple(), waiting[i]->tuple()->swapped()) << "first come, first served";
    }
    auto next = co_await when_all(client().connect(where).timeout(10s), listener.accept());
    EXPECT_TRUE(next.get<0>());
  };
  run(program());
}

TEST_P(stream, ends_an_accept_when_the_listener_is_closed) {
  const auto program = [&]() -> task<> {
    stream_listener listener = must(server().listen(stack().server_endpoint()));
    const socket_address where = must(listener.local());
    for (const duration after : {0ms, 1ms}) {
      stream_listener other = must(server().listen(stack().server_endpoint()));
      const auto closer = [&]() -> task<> {
        must(co_await sleep(after));
        other.close();
        EXPECT_FALSE(other.is_open());
      };
      auto done = co_await when_all(other.accept(), closer());
      EXPECT_EQ(error_of(done.get<0>()), std::errc::operation_canceled);
    }
    auto others = co_await when_all(client().connect(where), listener.accept());
    EXPECT_TRUE(others.get<1>()) << "another listener is not concerned";
  };
  run(program());
}

TEST_P(stream, resets_connections_that_nobody_accepted_when_the_listener_is_closed) {
  const auto program = [&]() -> task<> {
    for (const bool has_accepted : {false, true}) {
      stream_listener listener = must(server().listen(stack().server_endpoint()));
      const socket_address where = must(listener.local());
      if (has_accepted) {
        auto first = co_await when_all(client().connect(where), listener.accept());
        EXPECT_TRUE(first.get<1>());
      }
      std::vector<std::unique_ptr<stream_socket>> waiting;
      for (int i = 0; i < 3; ++i) {
        waiting.push_back(std::make_unique<stream_socket>(must(co_await client().connect(where))));
      }
      must(co_await sleep(1ms));
      listener.close();
      for (const auto& each : waiting) {
        const result<received> got = co_await each->receive().timeout(10s);
        // The end, if the system had handed the connection over already.
        EXPECT_TRUE(got ? got->empty() : got.error() == std::errc::connection_reset)
            << error_of(got);
      }
    }
  };
  run(program());
}

TEST_P(stream, works_over_ipv6) {
  if (!stack().has(ip_version::v6)) GTEST_SKIP() << "no IPv6 here";
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack(), ip_version::v6);
    must(co_await ends.client.send(bytes_of("six")));
    const std::string got = co_await receive_text(ends.server, 3);
    EXPECT_EQ(got, "six");
    const five_tuple tuple = ends.client.tuple().value();
    EXPECT_EQ(tuple.remote.address, stack().server_address(ip_version::v6, 0));
    EXPECT_EQ(ends.server.tuple(), tuple.swapped());
  };
  run(program());
}

TEST_P(stream, takes_ipv4_on_an_ipv6_listener_unless_told_otherwise) {
  if (!stack().has(ip_version::v6)) GTEST_SKIP() << "no IPv6 here";
  const auto program = [&]() -> task<> {
    const endpoint any(ip_address::any(ip_version::v6), 0);
    stream_listener dual = must(server().listen(any));
    const std::uint16_t port = must(dual.local()).ip().port;
    for (const ip_version version : {ip_version::v4, ip_version::v6}) {
      const endpoint to(stack().server_address(version, 0), port);
      auto both = co_await when_all(client().connect(to), dual.accept());
      const five_tuple near = must(std::move(both.get<0>())).tuple().value();
      const five_tuple far = must(std::move(both.get<1>())).tuple().value();
      EXPECT_EQ(far.remote.address.version(), version) << "an IPv4 peer is shown as one";
      EXPECT_EQ(far, near.swapped());
    }
    const stream_listener only = must(server().listen(any, {{.ipv6_only = true}}));
    const endpoint to(stack().server_address(ip_version::v4, 0), must(only.local()).ip().port);
    const result<stream_socket> refused = co_await client().connect(to).timeout(10s);
    EXPECT_EQ(error_of(refused), std::errc::connection_refused);
  };
  run(program());
}

TEST_P(stream, gives_back_all_that_a_connection_needs) {
  const auto program = [&]() -> task<> {
    stream_listener listener = must(server().listen(stack().server_endpoint()));
    const socket_address where = must(listener.local());
    for (int i = 0; i < 500; ++i) {
      auto both = co_await when_all(client().connect(where), listener.accept());
      stream_socket near = must(std::move(both.get<0>()));
      const stream_socket far = must(std::move(both.get<1>()));
      i % 2 == 0 ? near.abort() : near.close();
    }
  };
  run(program());
}

}  // namespace pentad::test
