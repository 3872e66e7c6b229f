// TCP fast open (RFC 7413) on Linux's stack: the second connection to a server carries its first
// message in the SYN.

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "pentad/hosts/make_host.hpp"
#include "tests/socket/native_over_tap.hpp"
#include "tests/socket/stream_pair.hpp"

namespace pentad::test {
namespace {

// A counter of the calling thread's network namespace, such as TCPFastOpenActive of TcpExt.
std::uint64_t counter(const std::string& wanted) {
  std::ifstream file("/proc/thread-self/net/netstat");
  std::string names;
  std::string values;
  while (std::getline(file, names) && std::getline(file, values)) {
    std::istringstream name_words(names);
    std::istringstream value_words(values);
    std::string name;
    std::string value;
    while (name_words >> name && value_words >> value) {
      if (name == wanted) return std::stoull(value);
    }
  }
  ADD_FAILURE() << "no counter " << wanted;
  return 0;
}

class fast_open : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!namespace_) GTEST_SKIP() << "needs CAP_SYS_ADMIN";
    must(configure_link("lo", {}));
    std::ofstream("/proc/sys/net/ipv4/tcp_fastopen") << "3";  // clients and servers
    here_ = must(make_host(GetParam()));
  }

  host& here() { return *here_; }

 private:
  namespace_of_test namespace_;
  std::unique_ptr<host> here_;
};

TEST_P(fast_open, brings_the_first_message_with_the_syn_to_a_server_that_is_known) {
  const auto program = [&]() -> task<> {
    listen_options listening;
    listening.fast_open = true;
    const endpoint anywhere(ip_address::loopback(ip_version::v4), 0);
    stream_listener listener = must(here().listen(anywhere, listening));
    const socket_address where = must(listener.local());
    for (int i = 0; i < 2; ++i) {
      stream_socket near = must(co_await here().connect(where, {.fast_open = true}));
      must(co_await near.send(bytes_of("hello")));
      stream_socket far = must(co_await listener.accept().timeout(10s));
      const std::string got = co_await receive_text(far, 5);
      EXPECT_EQ(got, "hello");
      must(co_await far.send(bytes_of("answer")));
      const std::string answer = co_await receive_text(near, 6);
      EXPECT_EQ(answer, "answer");
    }
    EXPECT_EQ(counter("TCPFastOpenActive"), 1U);
    EXPECT_EQ(counter("TCPFastOpenPassive"), 1U);
  };
  must(here().run(program()));
}

INSTANTIATE_TEST_SUITE_P(kernel, fast_open, testing::Values("kernel:uring", "kernel:epoll"),
                         [](const auto& each) { return std::string(each.param).substr(7); });

}  // namespace
}  // namespace pentad::test
