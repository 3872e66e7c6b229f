// Programs on two hosts of Pentad's own stack, joined by a cable of memory, on virtual time.
#include <optional>
#include <vector>

#include "pentad/runtime/scope.hpp"
#include "pentad/runtime/when.hpp"
#include "tests/socket/native_under_test.hpp"
#include "tests/socket/stream_pair.hpp"

namespace pentad::test {
namespace {

class native_stream : public on_each_stack {};

task<> echo_once(stream_listener& listener) {
  stream_socket client = must(co_await listener.accept());
  for (;;) {
    const received got = must(co_await client.receive());
    if (got.empty()) break;
    must(co_await client.send(got.bytes()));
  }
  must(client.shutdown(direction::send));
}

TEST_P(native_stream, echoes_and_ends_both_ways) {
  const auto program = [&]() -> task<> {
    stream_listener listener = must(server().listen(stack().server_endpoint()));
    const socket_address where = must(listener.local());
    co_await in_scope([&](scope& all) -> task<> {
      all.spawn(echo_once(listener));
      stream_socket socket = must(co_await client().connect(where));
      EXPECT_EQ(socket.tuple()->remote, where.ip());
      std::vector<std::byte> data(1 << 20);
      for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::byte>(i * 7 >> 3);
      std::vector<std::byte> back;
      std::array<std::byte, 4096> buffer;
      for (std::size_t sent = 0; sent < data.size(); sent += 65536) {
        must(co_await socket.send(std::span(data).subspan(sent, 65536)));
        while (back.size() < sent + 65536) {
          const std::size_t count = must(co_await socket.receive(buffer));
          back.insert(back.end(), buffer.begin(), buffer.begin() + static_cast<long>(count));
        }
      }
      EXPECT_TRUE(back == data);
      must(socket.shutdown(direction::send));
      const std::size_t end = must(co_await socket.receive(buffer));
      EXPECT_EQ(end, 0U);
    });
  };
  run(program());
}

TEST_P(native_stream, is_refused_where_nobody_listens) {
  const auto program = [&]() -> task<> {
    const endpoint nowhere(stack().server_address(ip_version::v6, 0), 1);
    const result<stream_socket> refused = co_await client().connect(nowhere);
    EXPECT_EQ(refused.error(), std::errc::connection_refused);
  };
  run(program());
}

// Its own SYN comes back to it: both ends open at once, and are one (RFC 9293, section 3.5).
TEST_P(native_stream, connects_to_itself) {
  const auto program = [&]() -> task<> {
    unbound_socket opened = must(client().open(pentad::stream, ip_version::v4));
    const endpoint own(stack().client_address(ip_version::v4, 0), 0);
    bound_socket bound = must(std::move(opened).bind(own));
    const socket_address where = must(bound.local());
    stream_socket self = must(co_await std::move(bound).connect(where));
    EXPECT_EQ(self.tuple()->local, self.tuple()->remote);
    must(co_await self.send(bytes_of("hello")));
    const received heard = must(co_await self.receive());
    EXPECT_EQ(text_of(heard.bytes()), "hello");
    must(self.shutdown(direction::send));
    const received end = must(co_await self.receive());
    EXPECT_TRUE(end.empty());
  };
  run(program());
}

TEST_P(native_stream, gives_up_at_a_deadline) {
  const auto program = [&]() -> task<> {
    const instant start = client().now();
    const result<stream_socket> late = co_await client().connect(stack().silence()).timeout(500ms);
    EXPECT_EQ(late.error(), std::errc::timed_out);
    EXPECT_EQ(client().now() - start, 500ms);
  };
  run(program());
}

TEST_P(native_stream, arrives_whole_when_its_program_ends_right_after_it) {
  constexpr std::size_t size = 200'000;  // more than what can be sent at once
  std::optional<stream_socket> there;
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    there.emplace(std::move(ends.server));
    must(co_await ends.client.send(std::vector<std::byte>(size)));
  };
  must(client().run(program()));
  EXPECT_EQ(there->info().receive_queue, size);
  there.reset();
}

TEST_P(native_stream, resets_its_peer_when_its_program_ends_right_after_an_abort) {
  std::optional<stream_socket> there;
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    there.emplace(std::move(ends.server));
    ends.client.abort();
  };
  must(client().run(program()));
  const auto look = [&]() -> task<> {
    const result<received> got = co_await there->receive().timeout(1ms);
    EXPECT_EQ(error_of(got), std::errc::connection_reset);
  };
  run(look());
  there.reset();
}

INSTANTIATE_TEST_SUITE_P(memory, native_stream, testing::Values(native_over_memory), stack_name);

}  // namespace
}  // namespace pentad::test
