// A receive is cancelled while its socket says that it is ready, for there are reports to read, and
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
  static datagram_socket open(host& here, const datagram_options& options = {}) {
    return must(here.datagram(endpoint(ip_address::loopback(ip_version::v4), 0), options));
  }

  // Its times come to the error queue of the socket, which calls itself ready then.
  static task<> send_one(datagram_socket& from, socket_address to) {
    must(co_await from.send(message, to));
  }

  static constexpr std::array<std::byte, 4> message{};
};

INSTANTIATE_TEST_SUITE_P(kernel, cancelled_receive, testing::Values("uring", "epoll"),
                         [](const auto& each) { return each.param; });

TEST_P(cancelled_receive, ends_although_reports_wait) {
  const auto here = must(make_host(std::string("kernel:") + GetParam()));
  const auto program = [&]() -> task<> {
    datagram_socket far = open(*here);
    datagram_options options;
    options.path_tracing = true;
    datagram_socket socket = open(*here, options);
    std::array<std::byte, 16> buffer;
    for (int i = 0; i != 100; ++i) {
      task<> sending = send_one(socket, must(far.local()));
      auto ended = co_await when_any(socket.receive(buffer), sending);
      EXPECT_EQ(ended.index, 1U);
      EXPECT_EQ(ended.get<0>().error(), std::errc::operation_canceled);
    }
  };
  must(here->run(program()));
}

}  // namespace
}  // namespace pentad::test
