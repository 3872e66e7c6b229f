// Names on Linux's stack, through each engine.

#include <gtest/gtest.h>

#include <algorithm>

#include "pentad/base/error.hpp"
#include "tests/socket/kernel_stacks.hpp"
#include "tests/socket/resolver_suite.hpp"

namespace pentad::test {

INSTANTIATE_TEST_SUITE_P(kernel, resolver_, testing::ValuesIn(kernel_stacks), stack_name);

namespace {

class names_of_linux : public on_each_stack {};

INSTANTIATE_TEST_SUITE_P(kernel, names_of_linux, testing::ValuesIn(kernel_stacks), stack_name);

// What a host of Linux's stack knows from the files of this machine.
TEST_P(names_of_linux, are_those_of_its_files) {
  const auto program = [&]() -> task<resolver_::found> {
    co_return co_await client().resolve("localhost");
  };
  const std::vector<ip_address> addresses = must(run(program()));
  EXPECT_TRUE(std::ranges::all_of(addresses, &ip_address::is_loopback));
  EXPECT_FALSE(addresses.empty());
}

TEST_P(names_of_linux, are_enough_to_connect) {
  const stream_listener listener = must(server().listen(stack().server_endpoint()));
  const std::uint16_t port = must(listener.local()).ip().port;
  const auto program = [&](const char* name) -> task<result<stream_socket>> {
    co_return co_await client().connect(name, port);
  };
  EXPECT_EQ(must(must(run(program("localhost"))).remote()), must(listener.local()));
  EXPECT_EQ(error_of(run(program("name.invalid"))), errc::name_not_found);
}

}  // namespace
}  // namespace pentad::test
