#include "pentad/hosts/make_host.hpp"

#include <gtest/gtest.h>

#include "pentad/runtime/when.hpp"
#include "tests/runtime/must.hpp"

namespace pentad::test {
namespace {

using namespace std::chrono_literals;

class make_host_ : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(, make_host_,
                         testing::Values("kernel", "kernel:uring", "kernel:epoll",
                                         "kernel:uring,spin=20us", "kernel:epoll,spin=20us"));

task<int> meet(host& here) {
  stream_listener listener = must(here.listen(endpoint(ip_address::loopback(ip_version::v4), 0)));
  auto both = co_await when_all(here.connect(must(listener.local())), listener.accept());
  stream_socket near = must(std::move(both.get<0>()));
  stream_socket far = must(std::move(both.get<1>()));
  int rounds = 0;
  std::array<std::byte, 1> byte{};
  for (; rounds < 100; ++rounds) {
    must(co_await near.send(byte));
    must(co_await far.receive(byte));
    must(co_await far.send(byte));
    must(co_await near.receive(byte));
  }
  const result<std::size_t> nothing = co_await near.receive(byte).timeout(1ms);
  EXPECT_EQ(error_of(nothing), std::errc::timed_out);
  co_return rounds;
}

TEST_P(make_host_, makes_one_that_works) {
  const std::unique_ptr<host> here = must(make_host(GetParam()));
  EXPECT_EQ(here->run(meet(*here)), 100);
}

TEST_P(make_host_, makes_as_many_as_wanted) {
  const std::unique_ptr<host> first = must(make_host(GetParam()));
  {
    const std::unique_ptr<host> second = must(make_host(GetParam()));
    EXPECT_EQ(second->run(meet(*second)), 100);
    EXPECT_NE(first->random(), second->random()) << "each has a seed of its own";
  }
  EXPECT_EQ(first->run(meet(*first)), 100);
}

TEST_P(make_host_, makes_one_that_need_not_be_used) { must(make_host(GetParam())); }

}  // namespace
}  // namespace pentad::test
