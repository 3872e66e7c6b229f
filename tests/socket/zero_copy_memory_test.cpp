// Sends without a copy where memory may not be locked: they are made all the same, with a copy.

#include <sys/resource.h>
#include <unistd.h>

#include "tests/socket/kernel_stacks.hpp"
#include "tests/socket/stream_pair.hpp"

namespace pentad::test {
namespace {

/// Nobody's rights, and no memory to lock, as long as it lives.
class without_locked_memory {
 public:
  without_locked_memory() {
    EXPECT_EQ(::getrlimit(RLIMIT_MEMLOCK, &before_), 0);
    const rlimit none{0, before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_MEMLOCK, &none), 0);
    if (was_root_) {
      EXPECT_EQ(::seteuid(65'534), 0);
    }
  }
  ~without_locked_memory() {
    if (was_root_) {
      EXPECT_EQ(::seteuid(0), 0);
    }
    EXPECT_EQ(::setrlimit(RLIMIT_MEMLOCK, &before_), 0);
  }
  without_locked_memory(const without_locked_memory&) = delete;
  without_locked_memory& operator=(const without_locked_memory&) = delete;

 private:
  bool was_root_ = ::geteuid() == 0;
  rlimit before_{};
};

class zero_copy_memory : public on_each_stack {};

INSTANTIATE_TEST_SUITE_P(kernel, zero_copy_memory, testing::ValuesIn(kernel_stacks), stack_name);

TEST_P(zero_copy_memory, sends_with_a_copy_when_none_may_be_locked) {
  constexpr std::size_t size = 1 << 20;
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    must(ends.client.set({.zero_copy = true}));
    const std::vector<std::byte> memory = pattern(size);
    const without_locked_memory poor;
    auto both = co_await when_all(ends.client.send(memory), receive_exactly(ends.server, size));
    must(std::move(both.get<0>()));
    EXPECT_EQ(both.get<1>(), memory);
  };
  run(program());
}

}  // namespace
}  // namespace pentad::test
