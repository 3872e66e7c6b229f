// Pentad's own stack keeps the contracts of streams and datagrams towards Linux's, over a TAP
// device.
#include "tests/socket/native_over_tap.hpp"

#include "tests/socket/datagram_suite.hpp"
#include "tests/socket/stream_pair.hpp"
#include "tests/socket/stream_suite.hpp"

namespace pentad::test {

INSTANTIATE_TEST_SUITE_P(tap, stream, testing::ValuesIn(native_against_linux), stack_name);
INSTANTIATE_TEST_SUITE_P(tap, datagram, testing::ValuesIn(native_against_linux), stack_name);

namespace {

class native_against_linux_ : public on_each_stack {};

// The client closes first in every other of them, so that each stack has connections that wait for
// late segments.
TEST_P(native_against_linux_, opens_and_closes_ten_thousand_connections) {
  const auto program = [&]() -> task<> {
    stream_listener listener = must(server().listen(stack().server_endpoint()));
    const socket_address where = must(listener.local());
    for (int i = 0; i < 10'000; ++i) {
      auto both = co_await when_all(client().connect(where), listener.accept());
      stream_socket near = must(std::move(both.get<0>()));
      stream_socket far = must(std::move(both.get<1>()));
      stream_socket& first = i % 2 == 0 ? near : far;
      stream_socket& second = i % 2 == 0 ? far : near;
      first.close();
      const received end = must(co_await second.receive().timeout(10s));
      EXPECT_TRUE(end.empty());
    }
  };
  run(program());
}

INSTANTIATE_TEST_SUITE_P(tap, native_against_linux_, testing::ValuesIn(native_against_linux),
                         stack_name);

}  // namespace
}  // namespace pentad::test
