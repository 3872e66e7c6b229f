// TCP fast open (RFC 7413) on Linux's stack, on Pentad's own and between the two: the second
// connection to a server carries its first message in the SYN.

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "pentad/hosts/make_host.hpp"
#include "pentad/hosts/native_pair.hpp"
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

void allow_clients_and_servers() { std::ofstream("/proc/sys/net/ipv4/tcp_fastopen") << "3"; }

// Two connections, the second of which can begin with its first message.
task<> talk_twice(host& server, host& client, const endpoint& at) {
  listen_options listening;
  listening.fast_open = true;
  stream_listener listener = must(server.listen(at, listening));
  const socket_address where = must(listener.local());
  for (int i = 0; i < 2; ++i) {
    stream_socket near = must(co_await client.connect(where, {.fast_open = true}).timeout(10s));
    must(co_await near.send(bytes_of("hello")));
    stream_socket far = must(co_await listener.accept().timeout(10s));
    const std::string got = co_await receive_text(far, 5);
    EXPECT_EQ(got, "hello");
    must(co_await far.send(bytes_of("answer")));
    const std::string answer = co_await receive_text(near, 6);
    EXPECT_EQ(answer, "answer");
  }
}

class fast_open : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!namespace_) GTEST_SKIP() << "needs CAP_SYS_ADMIN";
    must(configure_link("lo", {}));
    allow_clients_and_servers();
    here_ = must(make_host(GetParam()));
  }

  host& here() { return *here_; }

 private:
  namespace_of_test namespace_;
  std::unique_ptr<host> here_;
};

TEST_P(fast_open, brings_the_first_message_with_the_syn_to_a_server_that_is_known) {
  const endpoint anywhere(ip_address::loopback(ip_version::v4), 0);
  must(here().run(talk_twice(here(), here(), anywhere)));
  EXPECT_EQ(counter("TCPFastOpenActive"), 1U);
  EXPECT_EQ(counter("TCPFastOpenPassive"), 1U);
}

INSTANTIATE_TEST_SUITE_P(kernel, fast_open, testing::Values("kernel:uring", "kernel:epoll"),
                         [](const auto& each) { return std::string(each.param).substr(7); });

class native_fast_open : public on_each_stack {};

// What Linux has counted is that it sent data with a SYN that was taken, or took some.
TEST_P(native_fast_open, is_understood_by_linux) {
  allow_clients_and_servers();
  run(talk_twice(server(), client(), stack().server_endpoint()));
  EXPECT_EQ(counter("TCPFastOpenActive") + counter("TCPFastOpenPassive"), 1U);
}

INSTANTIATE_TEST_SUITE_P(tap, native_fast_open, testing::ValuesIn(native_against_linux),
                         stack_name);

TEST(native_pair_fast_open, saves_a_round_trip) {
  native_pair pair({.cable = {.delay = 50ms}});
  const endpoint at(ip_address::v4(10, 0, 0, 2), 7000);
  const auto program = [&]() -> task<> {
    listen_options listening;
    listening.fast_open = true;
    stream_listener listener = must(pair.second().listen(at, listening));
    std::array<duration, 2> taken{};
    for (duration& each : taken) {
      const instant begin = pair.first().now();
      stream_socket near = must(co_await pair.first().connect(at, {.fast_open = true}));
      must(co_await near.send(bytes_of("hello")));
      stream_socket far = must(co_await listener.accept());
      const std::string got = co_await receive_text(far, 5);
      each = pair.first().now() - begin;
    }
    EXPECT_GE(taken[0], 150ms);
    EXPECT_LT(taken[1], 60ms);
  };
  must(pair.first().run(program()));
}

TEST(native_pair_fast_open, begins_when_its_program_only_reads) {
  native_pair pair;
  const endpoint at(ip_address::v4(10, 0, 0, 2), 7000);
  const auto program = [&]() -> task<> {
    listen_options listening;
    listening.fast_open = true;
    stream_listener listener = must(pair.second().listen(at, listening));
    for (int i = 0; i < 2; ++i) {
      stream_socket near = must(co_await pair.first().connect(at, {.fast_open = true}));
      const auto serve = [&]() -> task<> {
        stream_socket far = must(co_await listener.accept());
        must(co_await far.send(bytes_of("hello")));
      };
      auto served = serve();
      auto read = receive_text(near, 5);
      auto both = co_await when_all(served, read);
      EXPECT_EQ(both.get<1>(), "hello");
    }
  };
  must(pair.first().run(program()));
}

}  // namespace
}  // namespace pentad::test
