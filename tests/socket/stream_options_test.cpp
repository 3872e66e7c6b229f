// Options of streams of Linux's stack, each set through Pentad and read back from the system.

#include <gtest/gtest.h>
#include <netinet/tcp.h>

#include <functional>
#include <optional>

#include "tests/socket/kernel_stacks.hpp"
#include "tests/socket/stream_pair.hpp"

namespace pentad::test {
namespace {

// The process's descriptor of the socket with these addresses.
int descriptor_of(const socket_address& local, const std::optional<socket_address>& remote) {
  const auto is_at = [](int descriptor, auto name_of, const socket_address& wanted) {
    sockaddr_in found{};
    socklen_t size = sizeof found;
    if (name_of(descriptor, reinterpret_cast<sockaddr*>(&found), &size) != 0) return false;
    const sockaddr_in expected = plain_address(wanted.ip());
    return found.sin_family == AF_INET && found.sin_port == expected.sin_port &&
           found.sin_addr.s_addr == expected.sin_addr.s_addr;
  };
  for (int descriptor = 3; descriptor < 1024; ++descriptor) {
    if (!is_at(descriptor, ::getsockname, local)) continue;
    if (!remote || is_at(descriptor, ::getpeername, *remote)) return descriptor;
  }
  ADD_FAILURE() << "no socket at " << to_string(local);
  return -1;
}

int descriptor_of(const stream_socket& socket) {
  return descriptor_of(must(socket.local()), must(socket.remote()));
}
int descriptor_of(const stream_listener& listener) {
  return descriptor_of(must(listener.local()), std::nullopt);
}

int option(int descriptor, int level, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  EXPECT_EQ(::getsockopt(descriptor, level, name, &value, &size), 0);
  return value;
}

using stream_options_ = on_each_stack;
INSTANTIATE_TEST_SUITE_P(kernel, stream_options_, testing::ValuesIn(kernel_stacks), stack_name);

struct expectation {
  stream_options set;
  int level;
  int name;
  int value;
};

const expectation settable[] = {
    {{.no_delay = false}, IPPROTO_TCP, TCP_NODELAY, 0},
    {{.no_delay = true}, IPPROTO_TCP, TCP_NODELAY, 1},
    {{.keep_alive = keep_alive_options{}}, SOL_SOCKET, SO_KEEPALIVE, 1},
    {{.keep_alive = keep_alive_options{.idle = 11s}}, IPPROTO_TCP, TCP_KEEPIDLE, 11},
    {{.keep_alive = keep_alive_options{.interval = 12s}}, IPPROTO_TCP, TCP_KEEPINTVL, 12},
    {{.keep_alive = keep_alive_options{.count = 13}}, IPPROTO_TCP, TCP_KEEPCNT, 13},
    {{.user_timeout = 1234ms}, IPPROTO_TCP, TCP_USER_TIMEOUT, 1234},
    {{.send_buffer = 20'000}, SOL_SOCKET, SO_SNDBUF, 40'000},
    {{.receive_buffer = 20'000}, SOL_SOCKET, SO_RCVBUF, 40'000},
    {{.reuse_address = true}, SOL_SOCKET, SO_REUSEADDR, 1},
    {{.reuse_port = true}, SOL_SOCKET, SO_REUSEPORT, 1},
};

TEST_P(stream_options_, are_set_when_connecting) {
  const auto program = [&]() -> task<> {
    for (const expectation& each : settable) {
      const stream_pair ends = co_await connect_pair(stack(), ip_version::v4, {}, each.set);
      EXPECT_EQ(option(descriptor_of(ends.client), each.level, each.name), each.value);
    }
  };
  run(program());
}

TEST_P(stream_options_, are_set_when_listening_and_inherited_by_what_is_accepted) {
  const auto program = [&]() -> task<> {
    for (const expectation& each : settable) {
      stream_listener listener = must(server().listen(stack().server_endpoint(), {each.set}));
      EXPECT_EQ(option(descriptor_of(listener), each.level, each.name), each.value);
      const socket_address where = must(listener.local());
      auto both = co_await when_all(client().connect(where), listener.accept());
      const stream_socket accepted = must(std::move(both.get<1>()));
      EXPECT_EQ(option(descriptor_of(accepted), each.level, each.name), each.value);
    }
  };
  run(program());
}

TEST_P(stream_options_, are_set_on_an_open_stream) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    for (const expectation& each : settable) {
      must(ends.server.set(each.set));
      EXPECT_EQ(option(descriptor_of(ends.server), each.level, each.name), each.value);
    }
  };
  run(program());
}

TEST_P(stream_options_, have_defaults) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    for (const stream_socket* each : {&ends.server, &ends.client}) {
      EXPECT_EQ(option(descriptor_of(*each), IPPROTO_TCP, TCP_NODELAY), 1);
      EXPECT_EQ(option(descriptor_of(*each), SOL_SOCKET, SO_KEEPALIVE), 0);
    }
    EXPECT_EQ(option(descriptor_of(ends.client), SOL_SOCKET, SO_REUSEADDR), 0);
    const stream_listener listener = must(server().listen(stack().server_endpoint()));
    EXPECT_EQ(option(descriptor_of(listener), SOL_SOCKET, SO_REUSEADDR), 1);
    EXPECT_EQ(option(descriptor_of(listener), SOL_SOCKET, SO_REUSEPORT), 0);
    const stream_listener strict =
        must(server().listen(stack().server_endpoint(), {{.reuse_address = false}}));
    EXPECT_EQ(option(descriptor_of(strict), SOL_SOCKET, SO_REUSEADDR), 0);
  };
  run(program());
}

TEST_P(stream_options_, let_listeners_share_a_port) {
  const auto program = [&]() -> task<> {
    const listen_options shared{{.reuse_port = true}};
    stream_listener first = must(server().listen(stack().server_endpoint(), shared));
    const socket_address where = must(first.local());
    const stream_listener second = must(server().listen(where, shared));
    EXPECT_EQ(must(second.local()), where);
    EXPECT_EQ(error_of(server().listen(where)), std::errc::address_in_use);
    co_return;
  };
  run(program());
}

TEST_P(stream_options_, bind_traffic_to_a_device) {
  const auto program = [&]() -> task<> {
    stream_listener listener = must(server().listen(stack().server_endpoint(), {{.device = "lo"}}));
    const socket_address where = must(listener.local());
    char name[16] = {};
    socklen_t size = sizeof name;
    EXPECT_EQ(::getsockopt(descriptor_of(listener), SOL_SOCKET, SO_BINDTODEVICE, name, &size), 0);
    EXPECT_STREQ(name, "lo");
    auto both = co_await when_all(client().connect(where, {.device = "lo"}), listener.accept());
    EXPECT_TRUE(both.get<0>());
    const result<unbound_socket> none =
        client().open(pentad::stream, ip_version::v4, {.device = "no-such-device"});
    EXPECT_EQ(error_of(none), std::errc::no_such_device);
  };
  run(program());
}

TEST_P(stream_options_, fail_where_they_mean_nothing) {
  const auto program = [&]() -> task<> {
    const stream_options only_v6{.ipv6_only = true};
    const std::error_code unsupported = std::make_error_code(std::errc::operation_not_supported);
    EXPECT_EQ(error_of(client().open(pentad::stream, ip_version::v4, only_v6)), unsupported);
    EXPECT_EQ(error_of(server().listen(stack().server_endpoint(), {only_v6})), unsupported);
    stream_pair ends = co_await connect_pair(stack());
    EXPECT_EQ(error_of(ends.client.set(only_v6)), unsupported);
  };
  run(program());
}

TEST_P(stream_options_, fail_where_their_value_is_impossible) {
  const auto program = [&]() -> task<> {
    const stream_options impossible[] = {
        {.keep_alive = keep_alive_options{.idle = 0s}},
        {.keep_alive = keep_alive_options{.interval = -1s}},
        {.keep_alive = keep_alive_options{.count = 0}},
        {.user_timeout = -1ms},
        {.device = "a name that is longer than any device's"},
    };
    stream_pair ends = co_await connect_pair(stack());
    for (const stream_options& each : impossible) {
      EXPECT_TRUE(error_of(client().open(pentad::stream, ip_version::v4, each)));
      EXPECT_TRUE(error_of(ends.client.set(each)));
    }
  };
  run(program());
}

// Durations and sizes beyond what the system can hold are not cut to something else.
TEST_P(stream_options_, fail_where_their_value_does_not_fit) {
  const auto program = [&]() -> task<> {
    const stream_options too_large[] = {
        {.user_timeout = std::chrono::hours(24 * 365)},
        {.keep_alive = {}, .user_timeout = std::chrono::milliseconds(std::int64_t{1} << 32)},
        {.user_timeout = std::chrono::milliseconds((std::int64_t{1} << 32) + 5)},
    };
    for (const stream_options& each : too_large) {
      EXPECT_TRUE(error_of(client().open(pentad::stream, ip_version::v4, each)));
    }
    co_return;
  };
  run(program());
}

}  // namespace
}  // namespace pentad::test
