#include "pentad/hosts/native_pair.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "pentad/runtime/when.hpp"
#include "tests/runtime/must.hpp"

namespace pentad::test {
namespace {

using namespace std::chrono_literals;

// Sends `size` bytes from the first host to the second; how long it took, on virtual time.
duration carry(native_pair& hosts, const ip_address& to, std::size_t size) {
  const auto program = [&]() -> task<> {
    stream_listener listener = must(hosts.second().listen(endpoint(to, 7)));
    auto both = co_await when_all(hosts.first().connect(must(listener.local())), listener.accept());
    stream_socket near = must(std::move(both.get<0>()));
    stream_socket far = must(std::move(both.get<1>()));
    const auto send = [&]() -> task<> {
      must(co_await near.send(std::vector<std::byte>(size, std::byte{5})));
      must(near.shutdown(direction::send));
    };
    const auto receive = [&]() -> task<> {
      std::size_t count = 0;
      for (;;) {
        const received got = must(co_await far.receive());
        if (got.empty()) break;
        count += got.bytes().size();
      }
      EXPECT_EQ(count, size);
    };
    static_cast<void>(co_await when_all(send(), receive()));
  };
  const instant start = hosts.first().now();
  must(hosts.first().run(program()));
  return hosts.first().now() - start;
}

TEST(native_pair, joins_two_hosts) {
  native_pair hosts;
  carry(hosts, ip_address::v4(10, 0, 0, 2), 100'000);
}

TEST(native_pair, may_have_addresses_of_ipv6) {
  const ip_address first = must(ip_address::parse("fd00::1"));
  const ip_address second = must(ip_address::parse("fd00::2"));
  native_pair hosts({.first = first, .second = second});
  carry(hosts, second, 100'000);
}

TEST(native_pair, takes_no_time_for_a_slow_cable_and_loses_nothing_to_a_bad_one) {
  native_pair hosts({.cable = {.loss = 0.05, .duplicate = 0.01, .delay = 100ms, .reorder = 0.01}});
  EXPECT_GT(carry(hosts, ip_address::v4(10, 0, 0, 2), 100'000), 1s);
}

TEST(native_pair, does_the_same_for_the_same_seed) {
  const auto took = [](std::uint64_t seed) {
    native_pair hosts({.cable = {.loss = 0.05, .delay = 10ms, .jitter = 3ms}, .seed = seed});
    return carry(hosts, ip_address::v4(10, 0, 0, 2), 300'000);
  };
  const duration once = took(1);
  EXPECT_EQ(took(1), once);
  EXPECT_NE(took(2), once);
}

TEST(native_pair, refuses_addresses_that_no_host_has) {
  EXPECT_THROW(native_pair({.first = ip_address::v4(224, 0, 0, 1)}), std::invalid_argument);
}

}  // namespace
}  // namespace pentad::test
