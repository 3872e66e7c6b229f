// Happy eyeballs on virtual time: every delay is exact, and none costs any.

#include "pentad/socket/connection_race.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/socket/native_under_test.hpp"
#include "tests/socket/stream_pair.hpp"

namespace pentad::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class failures final : public connect_observer {
 public:
  void failed(const endpoint& candidate, std::error_code error) override {
    at.push_back(candidate);
    errors.push_back(error);
  }
  std::vector<endpoint> at;
  std::vector<std::error_code> errors;
};

class connection_race_ : public testing::Test {
 protected:
  host& here() { return network_.client(); }

  stream_listener listen(ip_version version = ip_version::v4) {
    return must(network_.server().listen(network_.server_endpoint(version)));
  }
  static endpoint at(const stream_listener& listener) { return must(listener.local()).ip(); }

  // On the link, but nobody's: connecting ends after seconds, with `host_unreachable`.
  static endpoint silent_v4() { return {ip_address::v4(10, 0, 0, 200), 1}; }
  static endpoint silent_v6() { return {ip_address::parse("fd00::200").value(), 1}; }
  static endpoint nowhere(std::uint8_t last) { return {ip_address::v4(198, 51, 100, last), 1}; }

  // Where nobody listens.
  endpoint refusing(ip_version version, std::uint16_t port = 9) {
    return {network_.server_address(version, 0), port};
  }

  template <class T>
  T run(task<T> program) {
    return must(here().run(std::move(program)));
  }

  result<stream_socket> race(std::initializer_list<endpoint> candidates) {
    connection_race started(here(), {}, &observed_);
    started.offer(std::vector(candidates), true);
    // Afterwards the stack waits for what is still on its way to addresses that nobody has.
    const auto timed = [&]() -> task<result<stream_socket>> {
      const instant begun = here().now();
      result<stream_socket> won = co_await started.run();
      taken_ = here().now() - begun;
      co_return won;
    };
    return run(timed());
  }

  static endpoint remote_of(const result<stream_socket>& socket) {
    return must(socket.value().remote()).ip();
  }

  native_under_test network_;
  failures observed_;
  duration taken_{};
};

TEST_F(connection_race_, takes_the_first_address_if_that_answers) {
  const stream_listener first = listen(ip_version::v6);
  const stream_listener second = listen(ip_version::v4);
  const auto won = race({at(first), at(second)});
  EXPECT_EQ(remote_of(won), at(first));
  EXPECT_LT(taken_, 1ms);
  EXPECT_THAT(observed_.at, IsEmpty());
}

TEST_F(connection_race_, does_not_wait_for_an_address_that_is_silent) {
  const stream_listener listener = listen();
  const auto won = race({silent_v6(), at(listener)});
  EXPECT_EQ(remote_of(won), at(listener));
  EXPECT_GE(taken_, connection_race::attempt_delay);
  EXPECT_LT(taken_, connection_race::attempt_delay + 1ms);
}

TEST_F(connection_race_, tries_the_next_address_at_once_when_one_fails) {
  const stream_listener listener = listen();
  const auto won = race({refusing(ip_version::v6), at(listener)});
  EXPECT_EQ(remote_of(won), at(listener));
  EXPECT_LT(taken_, 1ms);
  EXPECT_THAT(observed_.at, ElementsAre(refusing(ip_version::v6)));
  EXPECT_THAT(observed_.errors, ElementsAre(std::errc::connection_refused));
}

TEST_F(connection_race_, lets_the_versions_take_turns) {
  const auto v6 = [&](std::uint16_t port) { return refusing(ip_version::v6, port); };
  const auto v4 = [&](std::uint16_t port) { return refusing(ip_version::v4, port); };
  EXPECT_FALSE(race({v6(1), v6(2), v6(3), v6(4), v4(1), v4(2)}));
  EXPECT_THAT(observed_.at, ElementsAre(v6(1), v4(1), v6(2), v4(2), v6(3), v6(4)));
}

TEST_F(connection_race_, tries_an_address_once) {
  EXPECT_FALSE(race({refusing(ip_version::v4), refusing(ip_version::v4)}));
  EXPECT_EQ(observed_.at.size(), 1U);
}

TEST_F(connection_race_, lets_an_earlier_attempt_win_after_others_began) {
  const stream_listener listener = listen();
  // The third fails at once, while the second is still on its way.
  const auto won = race({silent_v6(), silent_v4(), refusing(ip_version::v6), at(listener)});
  EXPECT_EQ(remote_of(won), at(listener));
  EXPECT_GE(taken_, 2 * connection_race::attempt_delay);
  EXPECT_LT(taken_, 2 * connection_race::attempt_delay + 1ms);
}

TEST_F(connection_race_, tells_the_most_telling_error_when_all_fail) {
  EXPECT_EQ(error_of(race({refusing(ip_version::v6), nowhere(1)})), std::errc::connection_refused);
  EXPECT_EQ(error_of(race({nowhere(1), refusing(ip_version::v6)})), std::errc::connection_refused);
  EXPECT_EQ(error_of(race({nowhere(1), nowhere(2)})), std::errc::network_unreachable);
  EXPECT_EQ(error_of(race({nowhere(1), silent_v4()})), std::errc::host_unreachable);
  EXPECT_EQ(error_of(race({})), std::errc::destination_address_required);
}

TEST_F(connection_race_, can_be_cancelled_and_leaves_nothing_behind) {
  const auto program = [&]() -> task<result<stream_socket>> {
    connection_race started(here(), {});
    started.offer(std::vector{silent_v6(), silent_v4()}, true);
    auto outcome = co_await when_any(started.run(), here().sleep(300ms));
    EXPECT_EQ(outcome.index, 1U);
    co_return std::move(outcome.get<0>());
  };
  EXPECT_EQ(error_of(run(program())), std::errc::operation_canceled);
}

TEST_F(connection_race_, has_a_deadline_like_any_task) {
  const auto program = [&]() -> task<result<stream_socket>> {
    connection_race started(here(), {});
    started.offer(std::vector{refusing(ip_version::v4), silent_v6()}, true);
    co_return co_await started.run().timeout(100ms);
  };
  EXPECT_EQ(error_of(run(program())), std::errc::timed_out)
      << "not that of the attempt that failed before";
}

TEST_F(connection_race_, starts_nothing_in_a_cancelled_environment) {
  const stream_listener listener = listen();
  const auto program = [&]() -> task<> {
    co_await in_scope([&](scope& all) -> task<> {
      all.cancel();
      connection_race started(here(), {}, &observed_);
      started.offer(std::vector{at(listener)}, true);
      const result<stream_socket> won = co_await started.run();
      EXPECT_EQ(error_of(won), std::errc::operation_canceled);
    });
  };
  run(program());
}

TEST_F(connection_race_, takes_candidates_that_become_known_later) {
  const stream_listener listener = listen(ip_version::v6);
  const auto program = [&]() -> task<result<stream_socket>> {
    connection_race started(here(), {}, &observed_);
    const auto tell = [&]() -> task<> {
      must(co_await here().sleep(10ms));
      started.offer(std::vector{silent_v4()}, false);
      must(co_await here().sleep(10ms));
      started.offer(std::vector{at(listener), silent_v4()}, true);
    };
    const instant begun = here().now();
    auto outcome = co_await when_all(started.run(), tell());
    taken_ = here().now() - begun;
    co_return std::move(outcome.get<0>());
  };
  const auto won = run(program());
  EXPECT_EQ(remote_of(won), at(listener));
  EXPECT_GE(taken_, 10ms + connection_race::attempt_delay);
  EXPECT_LT(taken_, 11ms + connection_race::attempt_delay);
}

TEST_F(connection_race_, ends_when_no_candidate_becomes_known) {
  const auto program = [&]() -> task<result<stream_socket>> {
    connection_race started(here(), {});
    const auto tell = [&]() -> task<> {
      must(co_await here().sleep(10ms));
      started.offer({}, true);
    };
    auto outcome = co_await when_all(started.run(), tell());
    co_return std::move(outcome.get<0>());
  };
  EXPECT_EQ(error_of(run(program())), std::errc::destination_address_required);
}

}  // namespace
}  // namespace pentad::test
