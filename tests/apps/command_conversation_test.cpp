#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

#include "apps/pentad/conversation.hpp"
#include "pentad/hosts/make_host.hpp"
#include "pentad/runtime/scope.hpp"
#include "tests/runtime/must.hpp"

namespace pentad::command {
namespace {

using namespace std::chrono_literals;
using test::must;

class conversations : public testing::TestWithParam<const char*> {
 protected:
  // Runs `peer(socket)` at the other end of a conversation and gives the exit code of that.
  template <class Peer>
  int converse_with(Peer peer) {
    const auto program = [&]() -> task<int> {
      stream_listener listener = must(here_->listen(endpoint(loopback, 0)));
      stream_socket other = must(co_await here_->connect(must(listener.local())));
      stream_socket accepted = must(co_await listener.accept());
      conversation one(*here_, std::move(accepted), settings_, console_);
      co_await in_scope([&](scope& both) -> task<> {
        both.spawn(one.hold());
        co_await peer(other);
      });
      co_return one.code();
    };
    return must(here_->run(program()));
  }

  void put_in(std::string_view text) {
    const auto program = [&]() -> task<> {
      const std::span<std::byte> room = must(co_await console_.input().room());
      std::ranges::copy(std::as_bytes(std::span(text)), room.begin());
      console_.input().written(text.size());
    };
    ASSERT_TRUE(here_->run(program()));
  }

  const ip_address loopback = ip_address::loopback(ip_version::v4);
  std::unique_ptr<host> here_ = must(make_host(GetParam()));
  conversation_settings settings_{.subcommand = "test"};
  console console_{"test", 1h};
};

TEST_P(conversations, send_the_input_and_its_end) {
  put_in("input");
  console_.input().finish();
  const auto peer = [](stream_socket& other) -> task<> {
    std::array<std::byte, 100> buffer;
    EXPECT_EQ(must(co_await other.receive(buffer)), 5U);
    EXPECT_EQ(must(co_await other.receive(buffer)), 0U);
    EXPECT_TRUE(other.shutdown(direction::send));
  };
  EXPECT_EQ(converse_with(peer), exit_done);
}

TEST_P(conversations, end_some_time_after_the_peer_has_finished) {
  settings_.half_closed_timeout = 10ms;
  const auto peer = [](stream_socket& other) -> task<> {
    EXPECT_TRUE(other.shutdown(direction::send));
    std::array<std::byte, 100> buffer;
    EXPECT_EQ(must(co_await other.receive(buffer)), 0U);
  };
  EXPECT_EQ(converse_with(peer), exit_done);
}

TEST_P(conversations, end_when_nothing_passes) {
  settings_.timeout = 10ms;
  const auto peer = [](stream_socket& other) -> task<> {
    std::array<std::byte, 100> buffer;
    EXPECT_EQ(must(co_await other.receive(buffer)), 0U);
  };
  EXPECT_EQ(converse_with(peer), exit_timed_out);
}

TEST_P(conversations, fail_when_the_peer_resets_them) {
  const auto peer = [](stream_socket& other) -> task<> {
    other.abort();
    co_return;
  };
  EXPECT_EQ(converse_with(peer), exit_failed);
}

INSTANTIATE_TEST_SUITE_P(stacks, conversations, testing::Values("kernel:uring", "kernel:epoll"),
                         [](const auto& tested) {
                           return std::string(tested.param).substr(std::string("kernel:").size());
                         });

}  // namespace
}  // namespace pentad::command
