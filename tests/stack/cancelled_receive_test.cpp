// A receive is cancelled while its socket says that it is ready, for there are errors to read, and
// yet has nothing to receive.

#include <gtest/gtest.h>

#include <array>

#include "pentad/hosts/make_host.hpp"
#include "pentad/runtime/when.hpp"
#include "tests/runtime/must.hpp"

namespace pentad::test {
namespace {

class cancelled_receive : public testing::TestWithParam<const char*> {
 protected:
  // A port that nobody has.
  static endpoint nowhere(host& here) {
    datagram_socket gone = must(here.datagram(endpoint(ip_address::loopback(ip_version::v4), 0)));
    return must(gone.local()).ip();
  }

  // Two errors about it wait in the socket's queue, and none of its operations fails with them.
  static task<datagram_socket> with_two_errors(host& here) {
    datagram_options options;
    options.errors = true;
    datagram_socket made =
        must(here.datagram(endpoint(ip_address::loopback(ip_version::v4), 0), options));
    const endpoint port = nowhere(here);
    for (int i = 0; i != 2; ++i) {
      must(co_await made.send(message, port));
      const result<void> refused = co_await made.send(message, port);
      EXPECT_EQ(refused.error(), std::errc::connection_refused);
    }
    co_return made;
  }

  // Afterwards one is left, and the socket's operations do not fail with it.
  static task<> take_one_error(datagram_socket& socket) {
    const datagram_error error = must(co_await socket.receive_error());
    EXPECT_EQ(error.code, std::errc::connection_refused);
    const result<void> refused = co_await socket.send(message, *error.destination);
    EXPECT_EQ(refused.error(), std::errc::connection_refused);
  }

  static constexpr std::array<std::byte, 4> message{};
};

INSTANTIATE_TEST_SUITE_P(kernel, cancelled_receive, testing::Values("uring", "epoll"),
                         [](const auto& each) { return each.param; });

TEST_P(cancelled_receive, ends_although_errors_wait) {
  const auto here = must(make_host(std::string("kernel:") + GetParam()));
  const auto program = [&]() -> task<> {
    datagram_socket socket = co_await with_two_errors(*here);
    std::array<std::byte, 16> buffer;
    task<> taking = take_one_error(socket);
    auto ended = co_await when_any(socket.receive(buffer), taking);
    EXPECT_EQ(ended.index, 1U);
    EXPECT_EQ(ended.get<0>().error(), std::errc::operation_canceled);
  };
  must(here->run(program()));
}

}  // namespace
}  // namespace pentad::test
