#include "pentad/runtime/descriptor.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "pentad/runtime/descriptor_handle.hpp"
#include "pentad/runtime/scope.hpp"
#include "pentad/runtime/sleep.hpp"
#include "tests/runtime/real_loop.hpp"
#include "tests/runtime/virtual_loop.hpp"

namespace pentad::test {
namespace {

struct pipe_ends {
  pipe_ends() {
    std::array<int, 2> made;
    EXPECT_EQ(::pipe2(made.data(), O_NONBLOCK | O_CLOEXEC), 0);
    out = descriptor_handle(made[0]);
    in = descriptor_handle(made[1]);
  }

  void write_byte() { EXPECT_EQ(::write(in.get(), "x", 1), 1); }
  void read_byte() {
    char byte;
    EXPECT_EQ(::read(out.get(), &byte, 1), 1);
  }
  void fill() {
    const std::array<char, 4096> block{};
    while (::write(in.get(), block.data(), block.size()) > 0) continue;
  }
  void drain() {
    std::array<char, 4096> block;
    while (::read(out.get(), block.data(), block.size()) > 0) continue;
  }

  descriptor_handle out;
  descriptor_handle in;
};

using descriptor = on_each_engine;
INSTANTIATE_TEST_SUITE_P(, descriptor, testing::Values("uring", "epoll"), engine_name);

TEST_P(descriptor, is_readable_when_there_is_something_to_read) {
  const auto program = []() -> task<> {
    pipe_ends pipe;
    const result<void> empty = co_await readable(pipe.out.get()).timeout(1ms);
    EXPECT_EQ(error_of(empty), std::errc::timed_out);
    pipe.write_byte();
    must(co_await readable(pipe.out.get()));
    must(co_await readable(pipe.out.get()));  // nobody has read it yet
    pipe.read_byte();
    const result<void> empty_again = co_await readable(pipe.out.get()).timeout(1ms);
    EXPECT_EQ(error_of(empty_again), std::errc::timed_out);
  };
  must(run(program()));
}

TEST_P(descriptor, becomes_readable_while_somebody_waits) {
  const auto program = []() -> task<> {
    pipe_ends pipe;
    const auto writer = [&]() -> task<> {
      for (int i = 0; i < 10; ++i) co_await yield();
      pipe.write_byte();
    };
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(writer());
      must(co_await readable(pipe.out.get()).timeout(10s));
    });
  };
  must(run(program()));
}

TEST_P(descriptor, is_writable_when_there_is_room) {
  const auto program = []() -> task<> {
    pipe_ends pipe;
    must(co_await writable(pipe.in.get()));
    pipe.fill();
    const result<void> full = co_await writable(pipe.in.get()).timeout(1ms);
    EXPECT_EQ(error_of(full), std::errc::timed_out);
    pipe.drain();
    must(co_await writable(pipe.in.get()));
  };
  must(run(program()));
}

TEST_P(descriptor, is_ready_when_the_other_end_is_gone) {
  const auto program = []() -> task<> {
    pipe_ends pipe;
    pipe.in = descriptor_handle();
    must(co_await readable(pipe.out.get()));
    pipe_ends other;
    other.fill();
    other.out = descriptor_handle();
    must(co_await writable(other.in.get()));
  };
  must(run(program()));
}

TEST_P(descriptor, can_be_waited_for_in_both_ways_at_once) {
  const auto program = []() -> task<> {
    std::array<int, 2> made;
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, made.data()), 0);
    const descriptor_handle near(made[0]);
    const descriptor_handle far(made[1]);
    bool read = false;
    const auto reader = [&]() -> task<> {
      must(co_await readable(near.get()).timeout(10s));
      read = true;
    };
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(reader());
      co_await yield();
      must(co_await writable(near.get()).timeout(10s));
      EXPECT_FALSE(read);
      EXPECT_EQ(::write(far.get(), "x", 1), 1);
    });
    EXPECT_TRUE(read);
  };
  must(run(program()));
}

TEST_P(descriptor, of_a_file_on_disk_is_always_ready) {
  const auto program = []() -> task<> {
    char path[] = "/tmp/pentad-descriptor-XXXXXX";
    const descriptor_handle file(::mkstemp(path));
    ::unlink(path);
    EXPECT_TRUE(file);
    must(co_await readable(file.get()));
    must(co_await writable(file.get()));
  };
  must(run(program()));
}

TEST_P(descriptor, that_is_none_is_an_error) {
  const auto program = []() -> task<> {
    const result<void> negative = co_await readable(-1);
    EXPECT_EQ(error_of(negative), std::errc::bad_file_descriptor);
    int closed = 0;
    {
      const pipe_ends pipe;
      closed = pipe.out.get();
    }
    const result<void> waited = co_await readable(closed);
    EXPECT_EQ(error_of(waited), std::errc::bad_file_descriptor);
  };
  must(run(program()));
}

TEST_P(descriptor, has_one_waiter_for_each_way) {
  const auto program = []() -> task<> {
    pipe_ends pipe;
    const auto first = [&]() -> task<> { must(co_await readable(pipe.out.get()).timeout(10s)); };
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(first());
      co_await yield();
      const result<void> second = co_await readable(pipe.out.get()).timeout(1ms);
      EXPECT_EQ(error_of(second), std::errc::connection_already_in_progress);
      pipe.write_byte();
    });
    must(co_await readable(pipe.out.get()));
  };
  must(run(program()));
}

TEST_P(descriptor, is_free_again_after_a_cancel) {
  const auto program = []() -> task<> {
    pipe_ends pipe;
    const auto waits = [&]() -> task<> {
      const result<void> waited = co_await readable(pipe.out.get());
      EXPECT_EQ(error_of(waited), std::errc::operation_canceled);
    };
    for (int i = 0; i < 3; ++i) {
      co_await in_scope([&](scope& s) -> task<> {
        s.spawn(waits());
        co_await yield();
        s.cancel();
      });
    }
    pipe.write_byte();
    must(co_await readable(pipe.out.get()));
  };
  must(run(program()));
}

TEST_P(descriptor, may_be_a_number_that_stood_for_another_file) {
  const auto program = []() -> task<> {
    for (int i = 0; i < 5; ++i) {
      pipe_ends pipe;  // gets the numbers of the one before
      const result<void> empty = co_await readable(pipe.out.get()).timeout(1ms);
      EXPECT_EQ(error_of(empty), std::errc::timed_out);
      pipe.write_byte();
      must(co_await readable(pipe.out.get()).timeout(10s));
    }
  };
  must(run(program()));
}

TEST(descriptor_on_virtual_time, is_not_supported) {
  virtual_loop world;
  const auto program = []() -> task<> {
    const result<void> waited = co_await readable(0);
    EXPECT_EQ(error_of(waited), std::errc::operation_not_supported);
  };
  must(world.run(program()));
}

}  // namespace
}  // namespace pentad::test
