#include <gtest/gtest.h>

#include <algorithm>

#include "pentad/base/error.hpp"
#include "pentad/runtime/scope.hpp"
#include "pentad/socket/resolver.hpp"
#include "tests/socket/kernel_stacks.hpp"

namespace pentad::test {
namespace {

using resolver = on_each_stack;
INSTANTIATE_TEST_SUITE_P(kernel, resolver, testing::ValuesIn(kernel_stacks), stack_name);

TEST_P(resolver, takes_an_address_for_itself) {
  const auto program = [&]() -> task<> {
    for (const char* text : {"127.0.0.1", "::1", "192.0.2.7", "2001:db8::1"}) {
      const std::vector<ip_address> found = must(co_await resolve(text));
      EXPECT_EQ(found, std::vector(1, must(ip_address::parse(text))));
    }
  };
  run(program());
}

TEST_P(resolver, finds_this_machine) {
  const auto program = [&]() -> task<> {
    const std::vector<ip_address> found = must(co_await resolve("localhost"));
    EXPECT_FALSE(found.empty());
    EXPECT_TRUE(std::ranges::all_of(found, &ip_address::is_loopback));
    EXPECT_EQ(std::ranges::adjacent_find(found), found.end()) << "each address once";
  };
  run(program());
}

TEST_P(resolver, tells_that_a_name_does_not_exist) {
  const auto program = [&]() -> task<> {
    for (const char* text : {"", "no such name", "name.invalid", "256.0.0.1"}) {
      const result<std::vector<ip_address>> found = co_await resolve(text);
      const std::error_code why = error_of(found);
      // Without a network the name service cannot even be asked.
      EXPECT_TRUE(why == errc::name_not_found || why == errc::name_try_again ||
                  why == errc::name_failed)
          << '"' << text << "\": " << why.message();
    }
  };
  run(program());
}

TEST_P(resolver, asks_nobody_in_a_cancelled_environment) {
  const auto program = [&]() -> task<> {
    co_await in_scope([&](scope& s) -> task<> {
      s.cancel();
      const result<std::vector<ip_address>> found = co_await resolve("localhost");
      EXPECT_EQ(error_of(found), std::errc::operation_canceled);
    });
  };
  run(program());
}

}  // namespace
}  // namespace pentad::test
