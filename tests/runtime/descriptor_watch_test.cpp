// Watching a descriptor for good, as drivers of devices do, on both engines.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>

#include "pentad/runtime/descriptor.hpp"
#include "pentad/runtime/descriptor_handle.hpp"
#include "tests/runtime/real_loop.hpp"

namespace pentad::test {
namespace {

class counting_watch final : public descriptor_watch {
 public:
  void ready() noexcept override { ++calls; }
  int calls = 0;
};

class descriptor_watches : public on_each_engine {
 protected:
  descriptor_watches() {
    std::array<int, 2> made;
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, made.data()), 0);
    near_ = descriptor_handle(made[0]);
    far_ = descriptor_handle(made[1]);
  }

  descriptor_engine& engine() { return *loop().engine().descriptors(); }

  // Looks at the engine without waiting; twice, because a request that ends may make another.
  void look() {
    loop().engine().poll(instant::min());
    loop().engine().poll(instant::min());
  }

  // What was called since the last time.
  int calls(counting_watch& watch) {
    look();
    return std::exchange(watch.calls, 0);
  }

  void far_sends() { EXPECT_EQ(::send(far_.get(), "x", 1, 0), 1); }
  bool near_receives() {
    char byte = 0;
    return ::recv(near_.get(), &byte, 1, 0) == 1;
  }

  descriptor_handle near_;
  descriptor_handle far_;
};

INSTANTIATE_TEST_SUITE_P(, descriptor_watches, testing::Values("uring", "epoll"), engine_name);

TEST_P(descriptor_watches, tell_at_the_first_look_what_was_ready_before) {
  counting_watch watch;
  far_sends();
  ASSERT_TRUE(engine().watch(near_.get(), watch));
  EXPECT_GE(calls(watch), 1);
  engine().unwatch(near_.get(), watch);
}

TEST_P(descriptor_watches, tell_of_each_change_and_of_nothing_else) {
  counting_watch watch;
  ASSERT_TRUE(engine().watch(near_.get(), watch));
  calls(watch);  // it is writable
  EXPECT_EQ(calls(watch), 0);
  for (int i = 0; i != 100; ++i) {
    far_sends();
    EXPECT_GE(calls(watch), 1);
    EXPECT_TRUE(near_receives());
    calls(watch);
  }
  engine().unwatch(near_.get(), watch);
}

TEST_P(descriptor_watches, tell_again_though_nothing_was_read) {
  counting_watch watch;
  ASSERT_TRUE(engine().watch(near_.get(), watch));
  far_sends();
  EXPECT_GE(calls(watch), 1);
  EXPECT_EQ(calls(watch), 0);
  far_sends();
  EXPECT_GE(calls(watch), 1);
  engine().unwatch(near_.get(), watch);
}

TEST_P(descriptor_watches, tell_when_there_is_room_to_write_again) {
  counting_watch watch;
  while (::send(near_.get(), "x", 1, 0) == 1) continue;
  ASSERT_TRUE(engine().watch(near_.get(), watch));
  calls(watch);
  std::array<char, 8> byte;
  while (::recv(far_.get(), byte.data(), byte.size(), 0) >= 0) continue;
  EXPECT_GE(calls(watch), 1);
  engine().unwatch(near_.get(), watch);
}

TEST_P(descriptor_watches, tell_that_the_other_end_is_gone) {
  std::array<int, 2> ends;
  ASSERT_EQ(::pipe2(ends.data(), O_NONBLOCK | O_CLOEXEC), 0);
  const descriptor_handle out(ends[0]);
  descriptor_handle in(ends[1]);
  counting_watch watch;
  ASSERT_TRUE(engine().watch(out.get(), watch));
  calls(watch);
  in = descriptor_handle();
  EXPECT_GE(calls(watch), 1);
  engine().unwatch(out.get(), watch);
}

TEST_P(descriptor_watches, are_silent_from_unwatch_on_and_may_die_at_once) {
  auto watch = std::make_unique<counting_watch>();
  ASSERT_TRUE(engine().watch(near_.get(), *watch));
  look();
  far_sends();  // on its way when the watch dies
  engine().unwatch(near_.get(), *watch);
  watch.reset();
  far_sends();
  look();
}

TEST_P(descriptor_watches, let_go_of_the_file) {
  counting_watch watch;
  std::array<int, 2> ends;
  ASSERT_EQ(::pipe2(ends.data(), O_NONBLOCK | O_CLOEXEC), 0);
  const descriptor_handle out(ends[0]);
  {
    const descriptor_handle in(ends[1]);
    ASSERT_TRUE(engine().watch(in.get(), watch));
    look();
    engine().unwatch(in.get(), watch);
  }
  // The end of the file comes when nobody holds the other end any more.
  char byte = 0;
  EXPECT_EQ(::read(out.get(), &byte, 1), 0);
}

TEST_P(descriptor_watches, can_follow_each_other_on_one_number) {
  counting_watch first;
  counting_watch second;
  ASSERT_TRUE(engine().watch(near_.get(), first));
  look();
  engine().unwatch(near_.get(), first);
  ASSERT_TRUE(engine().watch(near_.get(), second));
  first.calls = 0;
  far_sends();
  EXPECT_GE(calls(second), 1);
  EXPECT_EQ(first.calls, 0);
  engine().unwatch(near_.get(), second);
}

TEST_P(descriptor_watches, are_one_for_each_descriptor) {
  counting_watch first;
  counting_watch second;
  ASSERT_TRUE(engine().watch(near_.get(), first));
  EXPECT_EQ(engine().watch(near_.get(), second).error(), std::errc::file_exists);
  engine().unwatch(near_.get(), first);
}

TEST_P(descriptor_watches, refuse_what_cannot_be_watched) {
  counting_watch watch;
  EXPECT_EQ(engine().watch(-1, watch).error(), std::errc::bad_file_descriptor);
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::tmpfile(), &std::fclose);
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(engine().watch(::fileno(file.get()), watch).error(),
            std::errc::operation_not_permitted);
}

}  // namespace
}  // namespace pentad::test
