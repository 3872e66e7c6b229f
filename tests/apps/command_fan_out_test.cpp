#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "apps/pentad/fan_out.hpp"
#include "pentad/runtime/scope.hpp"
#include "pentad/runtime/sleep.hpp"
#include "tests/runtime/must.hpp"
#include "tests/runtime/virtual_loop.hpp"

namespace pentad::command {
namespace {

using namespace std::chrono_literals;
using test::must;

constexpr std::size_t capacity = 8;
constexpr duration patience = 5s;

void ignore_dropping() {}

// Writes all of `text`, waiting for room.
task<> write(fan_out& to, std::string_view text) {
  while (!text.empty()) {
    const std::span<std::byte> room = must(co_await to.room());
    const std::size_t count = std::min(room.size(), text.size());
    std::memcpy(room.data(), text.data(), count);
    to.written(count);
    text.remove_prefix(count);
  }
}

task<std::string> read_once(fan_out::reader& from) {
  const std::span<const std::byte> bytes = must(co_await from.next());
  std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  from.consume(bytes.size());
  co_return text;
}

task<> read_all(fan_out::reader& from, std::string& text) {
  for (;;) {
    const std::string piece = co_await read_once(from);
    if (piece.empty()) co_return;
    text += piece;
  }
}

class fan_out_test : public testing::Test {
 protected:
  template <class Body>
  void run(Body body) {
    ASSERT_TRUE(loop_.run(in_scope(body)));
  }

  test::virtual_loop loop_;
  fan_out bytes_{capacity, patience};
};

TEST_F(fan_out_test, gives_each_reader_everything) {
  const std::string text = "more than the ring can hold at once, by far";
  std::string first;
  std::string second;
  run([&](scope& all) -> task<> {
    fan_out::reader one(bytes_, ignore_dropping);
    fan_out::reader other(bytes_, ignore_dropping);
    co_await in_scope([&](scope& readers) -> task<> {
      readers.spawn(read_all(one, first));
      readers.spawn(read_all(other, second));
      co_await write(bytes_, text);
      bytes_.finish();
    });
    all.cancel();
  });
  EXPECT_EQ(first, text);
  EXPECT_EQ(second, text);
}

TEST_F(fan_out_test, keeps_what_is_written_before_the_first_reader) {
  run([&](scope&) -> task<> {
    co_await write(bytes_, "early");
    fan_out::reader first(bytes_, ignore_dropping);
    fan_out::reader second(bytes_, ignore_dropping);
    EXPECT_TRUE(second.is_up_to_date());
    co_await write(bytes_, "!");
    EXPECT_EQ(co_await read_once(first), "early!");
    EXPECT_EQ(co_await read_once(second), "!");
  });
}

TEST_F(fan_out_test, gives_a_later_reader_nothing_that_an_earlier_one_left) {
  run([&](scope&) -> task<> {
    {
      fan_out::reader gone(bytes_, ignore_dropping);
      co_await write(bytes_, "old");
    }
    fan_out::reader next(bytes_, ignore_dropping);
    co_await write(bytes_, "new");
    EXPECT_EQ(co_await read_once(next), "new");
  });
}

TEST_F(fan_out_test, has_nothing_more_after_the_end) {
  run([&](scope&) -> task<> {
    co_await write(bytes_, "last");
    bytes_.finish();
    fan_out::reader first(bytes_, ignore_dropping);
    EXPECT_EQ(co_await read_once(first), "last");
    EXPECT_EQ(co_await read_once(first), "");
    fan_out::reader late(bytes_, ignore_dropping);
    EXPECT_EQ(co_await read_once(late), "");
  });
}

TEST_F(fan_out_test, waits_for_the_slowest_reader) {
  run([&](scope&) -> task<> {
    fan_out::reader quick(bytes_, ignore_dropping);
    fan_out::reader slow(bytes_, ignore_dropping);
    co_await write(bytes_, "12345678");
    EXPECT_EQ(co_await read_once(quick), "12345678");
    EXPECT_FALSE(slow.is_up_to_date());
    co_await in_scope([&](scope& both) -> task<> {
      both.spawn(write(bytes_, "9"));
      co_await sleep(patience - 1s);
      EXPECT_TRUE(quick.is_up_to_date());
      slow.consume(1);
    });
    EXPECT_EQ(co_await read_once(quick), "9");
  });
  EXPECT_EQ(loop_.elapsed(), patience - 1s);
}

TEST_F(fan_out_test, drops_readers_that_take_nothing_and_goes_on_with_the_others) {
  std::string received;
  int dropped = 0;
  run([&](scope&) -> task<> {
    fan_out::reader healthy(bytes_, [] { ADD_FAILURE(); });
    co_await in_scope([&](scope& readers) -> task<> {
      readers.spawn(read_all(healthy, received));
      const auto stall = [&](event& leave) -> task<> {
        fan_out::reader stalled(bytes_, [&] {
          ++dropped;
          leave.set();
        });
        must(co_await leave.wait());
      };
      event first_leaves;
      event second_leaves;
      co_await in_scope([&](scope& stalling) -> task<> {
        stalling.spawn(stall(first_leaves));
        stalling.spawn(stall(second_leaves));
        co_await yield();
        co_await write(bytes_, "0123456789");
        bytes_.finish();
      });
    });
  });
  EXPECT_EQ(dropped, 2);
  EXPECT_EQ(received, "0123456789");
  EXPECT_EQ(loop_.elapsed(), patience);
}

TEST_F(fan_out_test, has_patience_with_each_reader_from_when_it_came) {
  run([&](scope&) -> task<> {
    co_await write(bytes_, "12345678");
    co_await in_scope([&](scope& both) -> task<> {
      both.spawn(write(bytes_, "9"));
      co_await sleep(1h);  // nobody is there to be dropped
      bool dropped = false;
      fan_out::reader late(bytes_, [&] { dropped = true; });
      co_await sleep(patience - 1s);
      EXPECT_FALSE(dropped);
      co_await sleep(2s);
      EXPECT_TRUE(dropped);
    });
  });
}

TEST_F(fan_out_test, ends_waits_that_are_cancelled) {
  run([&](scope&) -> task<> {
    fan_out::reader reader(bytes_, ignore_dropping);
    const auto more = co_await reader.next().timeout(1s);
    EXPECT_EQ(test::error_of(more), std::errc::timed_out);
    co_await write(bytes_, "12345678");
    co_await in_scope([&](scope& canceled) -> task<> {
      canceled.cancel();
      const auto room = co_await bytes_.room();
      EXPECT_EQ(test::error_of(room), std::errc::operation_canceled);
    });
  });
}

}  // namespace
}  // namespace pentad::command
