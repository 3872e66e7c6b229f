// Expressions with co_await that users write, in the forms that some version of GCC 12 gets wrong
// for types that are not made for it: captured objects destroyed twice, awaiters copied or moved
// behind the program's back. With Pentad's types they are right, and where they could not be, they
// do not compile.

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "pentad/pentad.hpp"
#include "tests/runtime/must.hpp"

namespace pentad::test {
namespace {

using namespace std::chrono_literals;

// What must not compile.

// GCC 12 destroys a closure that is a temporary of a co_await expression twice.
const std::string some_text;
const auto captures_text = [some_text = some_text](scope&) -> task<> { co_return; };
const auto captures_pointer = [kept = std::make_shared<int>()](scope&) -> task<> { co_return; };
const auto captures_number = [number = 1](scope&) -> task<> {
  static_cast<void>(number);
  co_return;
};

template <class F>
concept opens_scope = requires(F f) { in_scope(f); };
static_assert(opens_scope<decltype(captures_number)>);
static_assert(!opens_scope<decltype(captures_text)>);
static_assert(!opens_scope<decltype(captures_pointer)>);
static_assert(!opens_scope<std::function<task<>(scope&)>>);

const auto blocks_with_text = [some_text = some_text] { return some_text.size(); };
const auto blocks_with_number = [number = 1] { return number; };

template <class F>
concept blocks = requires(F f) { blocking(f); };
static_assert(blocks<decltype(blocks_with_number)>);
static_assert(!blocks<decltype(blocks_with_text)>);

const auto runs_with_text = [some_text = some_text](host&, unsigned) -> task<int> { co_return 0; };
const auto runs_with_number = [number = 1](host&, unsigned) -> task<int> { co_return number; };

template <class F>
concept runs_per_core = requires(F f) { run_per_core("kernel", 1, f); };
static_assert(runs_per_core<decltype(runs_with_number)>);
static_assert(!runs_per_core<decltype(runs_with_text)>);

// GCC 12 copies or relocates an awaiter that it can copy or move.
template <class Operation>
constexpr bool is_immovable =
    !std::is_copy_constructible_v<Operation> && !std::is_move_constructible_v<Operation> &&
    !std::is_copy_assignable_v<Operation> && !std::is_move_assignable_v<Operation>;
static_assert(is_immovable<receive_operation>);
static_assert(is_immovable<lend_operation>);
static_assert(is_immovable<send_operation>);
static_assert(is_immovable<send_parts_operation>);
static_assert(is_immovable<accept_operation>);
static_assert(is_immovable<connect_operation>);
static_assert(is_immovable<sleep_operation>);
static_assert(is_immovable<event_operation>);
static_assert(is_immovable<readiness_operation>);
static_assert(is_immovable<blocking_operation<int (*)()>>);
static_assert(is_immovable<timed_task<int>>);
static_assert(is_immovable<shielded_task<int>>);
static_assert(is_immovable<when_operation<true, sleep_operation, task<int>>>);

// A deadline makes a new operation by value; a reference to the old one would be copied.
template <class Operation>
concept times_by_value = requires(Operation&& x) {
  { std::move(x).timeout(1s) } -> std::same_as<std::remove_cvref_t<Operation>>;
};
static_assert(times_by_value<receive_operation> && times_by_value<lend_operation>);
static_assert(times_by_value<send_operation> && times_by_value<send_parts_operation>);
static_assert(times_by_value<accept_operation> && times_by_value<connect_operation>);
static_assert(times_by_value<event_operation> && times_by_value<readiness_operation>);

template <class Operation>
concept times_a_name = requires(Operation& x) { x.timeout(1s); };
static_assert(!times_a_name<receive_operation> && !times_a_name<task<>>);

// GCC 12 destroys aggregates with destructors twice when they are arguments in a co_await.
static_assert(std::is_trivially_destructible_v<stream_options>);
static_assert(std::is_trivially_destructible_v<connect_options>);
static_assert(std::is_trivially_destructible_v<listen_options>);
static_assert(std::is_trivially_destructible_v<keep_alive_options>);
static_assert(std::is_trivially_destructible_v<within>);
static_assert(std::is_trivially_destructible_v<socket_address>);
static_assert(!std::is_aggregate_v<received> && !std::is_aggregate_v<stream_socket>);
static_assert(!std::is_aggregate_v<task<>> && !std::is_aggregate_v<outcomes<int>>);

// A coroutine of another library has no environment to give to an operation.
struct foreign_promise {};
template <class Operation, class Promise>
concept can_await = requires(Operation x, std::coroutine_handle<Promise> h) { x.await_suspend(h); };
static_assert(can_await<sleep_operation, task<>::promise_type>);
static_assert(!can_await<sleep_operation, foreign_promise>);
static_assert(!can_await<receive_operation, foreign_promise>);
static_assert(!can_await<task<int>, foreign_promise>);

// What must be right.

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}
std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class gcc_coroutine_forms : public testing::TestWithParam<const char*> {
 protected:
  struct streams {
    streams(stream_socket a, stream_socket b) : near(std::move(a)), far(std::move(b)) {}
    stream_socket near;
    stream_socket far;
  };

  task<streams> connect() {
    stream_listener listener =
        must(here_->listen(endpoint(ip_address::loopback(ip_version::v4), 0), {{}, 16}));
    auto both =
        co_await when_all(here_->connect(must(listener.local()), {.no_delay = true}).timeout(10s),
                          listener.accept(within(10s)));
    co_return streams(must(std::move(both.get<0>())), must(std::move(both.get<1>())));
  }

  template <class T>
  void run(task<T> program) {
    must(here_->run(std::move(program)));
  }

  std::unique_ptr<host> here_ = must(make_host(GetParam()));
};

INSTANTIATE_TEST_SUITE_P(, gcc_coroutine_forms, testing::Values("kernel:uring", "kernel:epoll"));

TEST_P(gcc_coroutine_forms, a_named_closure_that_owns_something) {
  const auto program = [&]() -> task<> {
    const auto owned = std::make_shared<int>(1);
    const auto body = [owned](int add) -> task<int> {
      co_await yield();
      co_return *owned + add;
    };
    const int got = co_await body(2);
    EXPECT_EQ(got, 3);
    EXPECT_EQ(owned.use_count(), 2) << "the closure's and mine";
    co_await in_scope([&](scope& s) -> task<> {
      const auto child = [owned]() -> task<> {
        co_await yield();
        EXPECT_GE(owned.use_count(), 3);
      };
      s.spawn(child());
      co_await yield();
      co_await yield();
    });
    EXPECT_EQ(owned.use_count(), 2);
  };
  run(program());
}

TEST_P(gcc_coroutine_forms, arguments_that_own_something) {
  const auto program = [&]() -> task<> {
    const auto owned = std::make_shared<std::string>("owned");
    const auto takes = [](std::shared_ptr<std::string> a, std::string b,
                          std::optional<std::string> c) -> task<std::string> {
      co_await yield();
      co_return *a + b + c.value_or("");
    };
    const std::string got = co_await takes(owned, "a temporary that is too long to be short", "!");
    EXPECT_EQ(got, "owneda temporary that is too long to be short!");
    const std::string timed = co_await takes(owned, std::string(100, 'x'), {}).timeout(10s);
    EXPECT_EQ(timed, "owned" + std::string(100, 'x'));
    auto both = co_await when_all(takes(owned, std::string(50, 'y'), "1"),
                                  takes(owned, std::string(50, 'z'), "2"));
    EXPECT_EQ(both.get<0>(), "owned" + std::string(50, 'y') + "1");
    EXPECT_EQ(both.get<1>(), "owned" + std::string(50, 'z') + "2");
    EXPECT_EQ(owned.use_count(), 1);
  };
  run(program());
}

TEST_P(gcc_coroutine_forms, options_with_designated_initialisers) {
  const auto program = [&]() -> task<> {
    stream_listener listener = must(here_->listen(endpoint(ip_address::loopback(ip_version::v4), 0),
                                                  {{.reuse_port = true, .device = "lo"}, 16}));
    const socket_address where = must(listener.local());
    auto both = co_await when_all(
        here_->connect(where, {.no_delay = false, .user_timeout = 5s, .send_buffer = 65536}),
        listener.accept());
    EXPECT_TRUE(both.get<0>());
    const result<stream_socket> bad = co_await here_->connect(
        where, {.keep_alive = keep_alive_options{.idle = 10s}, .device = "no-such-device"});
    EXPECT_EQ(error_of(bad), std::errc::no_such_device);
    const result<stream_socket> defaults = co_await here_->connect(where).timeout(10s);
    EXPECT_TRUE(defaults);
  };
  run(program());
}

TEST_P(gcc_coroutine_forms, a_loan_that_lives_through_the_send_of_its_bytes) {
  const auto program = [&]() -> task<> {
    streams s = co_await connect();
    for (int i = 0; i < 10; ++i) {
      must(co_await s.near.send(bytes_of("loan")));
      must(co_await s.far.send((co_await s.far.receive())->bytes()));
      must(co_await s.far.send(bytes_of("!")).timeout(10s));
      std::array<std::byte, 5> buffer;
      std::size_t count = 0;
      while (count < 5) count += must(co_await s.near.receive(std::span(buffer).subspan(count)));
      EXPECT_EQ(text_of(buffer), "loan!");
    }
  };
  run(program());
}

TEST_P(gcc_coroutine_forms, operations_that_were_named_first) {
  const auto program = [&]() -> task<> {
    streams s = co_await connect();
    std::array<std::byte, 8> buffer;
    auto receives = s.far.receive(buffer);
    auto sends = s.near.send(bytes_of("named"));
    must(co_await sends);
    const std::size_t got = must(co_await receives);
    EXPECT_EQ(got, 5U);
    auto late = s.far.receive(buffer).timeout(1ms);
    auto& reference = late;
    const result<std::size_t> nothing = co_await reference;
    EXPECT_EQ(error_of(nothing), std::errc::timed_out);
    task<streams> connects = connect();
    streams other = co_await connects;
    EXPECT_TRUE(other.near.is_open());
  };
  run(program());
}

TEST_P(gcc_coroutine_forms, conditions_and_loops) {
  const auto program = [&]() -> task<> {
    streams s = co_await connect();
    std::array<std::byte, 8> buffer;
    if (const result<void> sent = co_await s.near.send(bytes_of("abcdef")); !sent) {
      ADD_FAILURE() << sent.error();
    }
    must(s.near.shutdown(direction::send));
    std::string text;
    while (const std::size_t got = must(co_await s.far.receive(std::span(buffer).first(2)))) {
      text += text_of(std::span(buffer).first(got));
    }
    EXPECT_EQ(text, "abcdef");
    const auto truth = [](bool x) -> task<bool> {
      co_await yield();
      co_return x;
    };
    EXPECT_TRUE(co_await truth(true) && !co_await truth(false));
    int rounds = 0;
    for (; co_await truth(rounds < 5); ++rounds) continue;
    EXPECT_EQ(rounds, 5);
    const auto number = [](int x) -> task<int> { co_return x; };
    const int chosen = rounds == 5 ? co_await number(1) : co_await number(2);
    EXPECT_EQ(chosen, 1);
    const std::array<int, 3> all{co_await number(1), co_await number(2), co_await number(3)};
    EXPECT_EQ(all, (std::array{1, 2, 3}));
  };
  run(program());
}

TEST_P(gcc_coroutine_forms, results_that_are_moved_out_of_the_expression) {
  const auto program = [&]() -> task<> {
    stream_listener listener =
        must(here_->listen(endpoint(ip_address::loopback(ip_version::v4), 0)));
    const auto dial = [&]() -> task<stream_socket> {
      co_return must(co_await here_->connect(must(listener.local())));
    };
    auto both = co_await when_all(dial(), listener.accept());
    stream_socket near = std::move(both.get<0>());
    stream_socket far = std::move(*both.get<1>());
    must(co_await near.send(bytes_of("x")));
    const received got = std::move(*co_await far.receive());
    EXPECT_EQ(text_of(got.bytes()), "x");
    const std::string text =
        text_of(must(co_await [](stream_socket& a, stream_socket& b) -> task<result<received>> {
                  must(co_await a.send(bytes_of("closure")));
                  co_return co_await b.receive();
                }(near, far))
                    .bytes());
    EXPECT_EQ(text, "closure");
  };
  run(program());
}

TEST_P(gcc_coroutine_forms, try_blocks_and_what_they_destroy) {
  const auto program = [&]() -> task<> {
    const auto owned = std::make_shared<int>(1);
    const auto thrower = [](std::shared_ptr<int> kept) -> task<int> {
      co_await yield();
      throw std::runtime_error(std::to_string(*kept));
    };
    for (int i = 0; i < 3; ++i) {
      std::string caught;
      try {
        const std::shared_ptr<int> local = owned;
        static_cast<void>(co_await thrower(local));
      } catch (const std::runtime_error& error) {
        caught = error.what();
      }
      EXPECT_EQ(caught, "1");
      EXPECT_EQ(owned.use_count(), 1);
    }
  };
  run(program());
}

TEST_P(gcc_coroutine_forms, member_functions_and_temporaries_of_classes) {
  class service {
   public:
    explicit service(std::string name) : name_(std::move(name)) {}
    task<std::string> greet(std::string_view whom) const {
      co_await yield();
      co_return name_ + " greets " + std::string(whom);
    }

   private:
    std::string name_;
  };
  const auto program = [&]() -> task<> {
    const service named("somebody with a long name indeed");
    const std::string first = co_await named.greet("you");
    EXPECT_EQ(first, "somebody with a long name indeed greets you");
    const std::string second = co_await service("a temporary with a long name").greet("me");
    EXPECT_EQ(second, "a temporary with a long name greets me");
  };
  run(program());
}

}  // namespace
}  // namespace pentad::test
