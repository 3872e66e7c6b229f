// A listener that runs out of descriptors rests: it does not spin, it is not lost, and connections
// wait in the queue of the system until there is room.

#include <gtest/gtest.h>

#include "pentad/runtime/when.hpp"
#include "tests/socket/kernel_stacks.hpp"
#include "tests/stack/descriptor_limit.hpp"

namespace pentad::test {
namespace {

class descriptor_shortage : public on_each_stack {
 protected:
  void SetUp() override { ASSERT_TRUE(limit_.is_set()); }

  // Runs `program` as a host does and counts the turns of its loop.
  int turns_of(task<> program) {
    struct counted_environment : environment {
      bool done = false;
    } top;
    top.loop = &server().loop();
    top.finished = [](environment& ended) noexcept {
      static_cast<counted_environment&>(ended).done = true;
    };
    top.resume_later(program.bind(top));
    int turns = 0;
    server().loop().run_until([&] {
      ++turns;
      return top.done;
    });
    if (top.error) std::rethrow_exception(top.error);
    return turns;
  }

  descriptor_limit limit_{200};
  hoard rest_;
};

INSTANTIATE_TEST_SUITE_P(kernel, descriptor_shortage, testing::ValuesIn(kernel_stacks), stack_name);

TEST_P(descriptor_shortage, does_not_make_a_listener_spin) {
  stream_listener listener = must(server().listen(stack().server_endpoint()));
  const descriptor_handle waiting = plain_connect(must(listener.local()));
  rest_.fill();
  const auto program = [&]() -> task<> {
    const result<stream_socket> accepted = co_await listener.accept().timeout(250ms);
    EXPECT_EQ(error_of(accepted), std::errc::timed_out);
  };
  EXPECT_LT(turns_of(program()), 50);
}

TEST_P(descriptor_shortage, ends_when_somebody_else_frees_descriptors) {
  constexpr std::size_t connections = 5;
  stream_listener listener = must(server().listen(stack().server_endpoint()));
  std::vector<descriptor_handle> waiting;
  for (std::size_t i = 0; i < connections; ++i) {
    waiting.push_back(plain_connect(must(listener.local())));
  }
  rest_.fill();
  const auto program = [&]() -> task<> {
    const result<stream_socket> too_soon = co_await listener.accept().timeout(5ms);
    EXPECT_EQ(error_of(too_soon), std::errc::timed_out);
    rest_.release(connections);
    for (std::size_t i = 0; i < connections; ++i) {
      const stream_socket accepted = must(co_await listener.accept().timeout(10s));
      EXPECT_TRUE(accepted.tuple());
    }
    rest_.release(10);
  };
  run(program());
}

// What its own host closes lets the listener go on at once, not after a rest.
TEST_P(descriptor_shortage, ends_when_a_stream_of_the_host_is_closed) {
  stream_listener listener = must(server().listen(stack().server_endpoint()));
  const descriptor_handle first = plain_connect(must(listener.local()));
  const auto program = [&]() -> task<> {
    stream_socket open = must(co_await listener.accept());
    rest_.fill();
    rest_.release(1);
    const descriptor_handle second = plain_connect(must(listener.local()));
    const auto closes = [&]() -> task<> {
      must(co_await sleep(5ms));
      open.close();
      static_cast<void>(co_await sleep(50ms));  // a rest is longer
    };
    auto raced = co_await when_any(listener.accept(), closes());
    EXPECT_EQ(raced.index, 0U);
    EXPECT_TRUE(raced.get<0>());
    rest_.release(10);
  };
  run(program());
}

TEST_P(descriptor_shortage, is_told_to_those_who_connect_or_listen) {
  rest_.fill();
  const std::error_code none_left = std::make_error_code(std::errc::too_many_files_open);
  EXPECT_EQ(error_of(server().listen(stack().server_endpoint())), none_left);
  EXPECT_EQ(error_of(client().open(stream, ip_version::v4)), none_left);
  const auto program = [&]() -> task<> {
    const endpoint anywhere(stack().server_address(ip_version::v4, 0), 9);
    const result<stream_socket> connected = co_await client().connect(anywhere);
    EXPECT_EQ(error_of(connected), none_left);
  };
  run(program());
}

TEST_P(descriptor_shortage, is_told_to_those_who_make_a_host) {
  rest_.fill();
  EXPECT_EQ(error_of(make_host("kernel:uring")), std::errc::too_many_files_open);
  EXPECT_EQ(error_of(make_host("kernel:epoll")), std::errc::too_many_files_open);
  EXPECT_EQ(error_of(make_host("kernel")), std::errc::too_many_files_open);
}

TEST_P(descriptor_shortage, does_not_outlive_a_listener_that_rests) {
  const auto program = [&]() -> task<> {
    {
      stream_listener listener = must(server().listen(stack().server_endpoint()));
      const descriptor_handle waiting = plain_connect(must(listener.local()));
      rest_.fill();
      const result<stream_socket> accepted = co_await listener.accept().timeout(5ms);
      EXPECT_EQ(error_of(accepted), std::errc::timed_out);
    }
    must(co_await sleep(120ms));  // the rest would end meanwhile
    rest_.release(10);
  };
  run(program());
}

}  // namespace
}  // namespace pentad::test
