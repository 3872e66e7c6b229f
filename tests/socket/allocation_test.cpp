// Once a program has warmed up, no operation and no message costs a heap allocation. This file
// counts them for the whole test program, by replacing operator new.

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <new>

#include "pentad/runtime/event.hpp"
#include "pentad/runtime/frame_pool.hpp"
#include "pentad/runtime/scope.hpp"
#include "pentad/runtime/shielded.hpp"
#include "tests/socket/kernel_stacks.hpp"
#include "tests/socket/stream_pair.hpp"

#if PENTAD_POOLS_FRAMES

namespace {

std::size_t allocations = 0;

void* counted(std::size_t size, std::size_t alignment) {
  ++allocations;
  void* made = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (made == nullptr) throw std::bad_alloc();
  return made;
}

}  // namespace

// NOLINTBEGIN(misc-new-delete-overloads): the other forms call these
void* operator new(std::size_t size) { return counted(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
// NOLINTEND(misc-new-delete-overloads)

namespace pentad::test {
namespace {

class allocation : public on_each_stack {
 protected:
  // Runs `step` often enough to fill all pools, then counts what 10,000 times more cost.
  template <class Step>
  task<> expect_no_allocations(const Step& step) {
    for (int i = 0; i < 500; ++i) co_await step();
    const std::size_t before = allocations;
    for (int i = 0; i < 10'000; ++i) co_await step();
    EXPECT_EQ(allocations - before, 0U);
  }

  // A connection whose far end sends back what it gets.
  template <class Body>
  void run_with_echo(const Body& body) {
    const auto program = [&]() -> task<> {
      stream_pair ends = co_await connect_pair(stack());
      const auto echo = [&]() -> task<> {
        std::array<std::byte, 256> buffer;
        for (;;) {
          const std::size_t got = must(co_await ends.server.receive(buffer));
          if (got == 0) co_return;
          must(co_await ends.server.send(std::span(buffer).first(got)));
        }
      };
      co_await in_scope([&](scope& s) -> task<> {
        s.spawn(echo());
        co_await body(ends.client);
        must(ends.client.shutdown(direction::send));
      });
    };
    run(program());
  }
};

INSTANTIATE_TEST_SUITE_P(kernel, allocation, testing::ValuesIn(kernel_stacks), stack_name);

TEST(allocation_count, works) {
  const std::size_t before = allocations;
  delete ::new int(1);
  ::operator delete(::operator new(100, std::align_val_t(64)), std::align_val_t(64));
  std::string(1000, 'x').shrink_to_fit();
  EXPECT_GE(allocations - before, 3U);
}

TEST_P(allocation, is_not_needed_to_send_and_receive) {
  run_with_echo([&](stream_socket& s) -> task<> {
    std::array<std::byte, 64> buffer{};
    const auto step = [&]() -> task<> {
      must(co_await s.send(buffer));
      for (std::size_t count = 0; count < buffer.size();) {
        count += must(co_await s.receive(std::span(buffer).subspan(count)));
      }
    };
    co_await expect_no_allocations(step);
  });
}

TEST_P(allocation, is_not_needed_to_lend) {
  run_with_echo([&](stream_socket& s) -> task<> {
    const std::array<std::byte, 64> message{};
    const auto step = [&]() -> task<> {
      must(co_await s.send(message));
      for (std::size_t count = 0; count < message.size();) {
        const received got = must(co_await s.receive());
        count += got.size();
      }
    };
    co_await expect_no_allocations(step);
  });
}

TEST_P(allocation, is_not_needed_to_send_many_buffers) {
  run_with_echo([&](stream_socket& s) -> task<> {
    std::array<std::byte, 60> buffer{};
    std::array<std::span<const std::byte>, 20> parts;
    parts.fill(std::span(buffer).first(3));
    const auto step = [&]() -> task<> {
      must(co_await s.send(parts));
      for (std::size_t count = 0; count < buffer.size();) {
        count += must(co_await s.receive(std::span(buffer).subspan(count)));
      }
    };
    co_await expect_no_allocations(step);
  });
}

TEST_P(allocation, is_not_needed_for_deadlines) {
  run_with_echo([&](stream_socket& s) -> task<> {
    std::array<std::byte, 64> buffer{};
    const auto step = [&]() -> task<> {
      const result<std::size_t> nothing = co_await s.receive(buffer).timeout(0ns);
      EXPECT_EQ(error_of(nothing), std::errc::timed_out);
      must(co_await s.send(buffer).timeout(10s));
      for (std::size_t count = 0; count < buffer.size();) {
        count += must(co_await s.receive(std::span(buffer).subspan(count)).timeout(10s));
      }
    };
    co_await expect_no_allocations(step);
  });
}

TEST_P(allocation, is_not_needed_for_races_scopes_and_clean_ups) {
  run_with_echo([&](stream_socket& s) -> task<> {
    std::array<std::byte, 1> buffer{};
    event done;
    const auto sends = [&]() -> task<> {
      must(co_await s.send(buffer));
      done.set();
    };
    const auto waits = [&]() -> task<> { must(co_await done.wait()); };
    const auto step = [&]() -> task<> {
      auto nothing = co_await when_any(s.receive(buffer), yield());
      EXPECT_EQ(nothing.index, 1U);
      co_await in_scope([&](scope& in) -> task<> {
        in.spawn(sends());
        in.spawn(waits());
        co_return;
      });
      auto both = co_await when_all(s.receive(buffer), yield());
      EXPECT_EQ(both.get<0>(), 1U);
      co_await shielded(sends());
      co_await waits().timeout(10s);
      must(co_await s.receive(buffer));
    };
    co_await expect_no_allocations(step);
  });
}

TEST_P(allocation, is_not_needed_for_datagrams) {
  const auto program = [&]() -> task<> {
    datagram_socket far = must(server().datagram(stack().server_endpoint()));
    datagram_socket near = must(client().datagram(stack().server_endpoint()));
    const socket_address where = must(far.local());
    std::array<std::byte, 64> buffer{};
    const auto receives = [&]() -> task<> {
      const received_datagram got = must(co_await far.receive(buffer).timeout(10s));
      EXPECT_EQ(got.size, buffer.size());
    };
    const auto sends = [&]() -> task<> { must(co_await near.send(buffer, where)); };
    const auto step = [&]() -> task<> { co_await when_all(receives(), sends()); };
    co_await expect_no_allocations(step);
  };
  run(program());
}

TEST_P(allocation, is_not_needed_for_batches_of_datagrams) {
  const auto program = [&]() -> task<> {
    datagram_socket far = must(server().datagram(stack().server_endpoint()));
    datagram_socket near = must(client().datagram(stack().server_endpoint()));
    const std::array<std::byte, 64> buffer{};
    std::array<std::array<std::byte, 64>, 8> memory{};
    std::array<datagram_slot, memory.size()> slots;
    std::array<outgoing_datagram, memory.size()> messages;
    for (std::size_t i = 0; i != slots.size(); ++i) {
      slots[i].buffer = memory[i];
      messages[i] = {.bytes = buffer, .to = must(far.local())};
    }
    const auto step = [&]() -> task<> {
      must(co_await near.send(messages));
      for (std::size_t count = 0; count < messages.size();) {
        count += must(co_await far.receive(slots));
      }
    };
    co_await expect_no_allocations(step);
  };
  run(program());
}

TEST_P(allocation, is_not_needed_for_a_connection) {
  const auto program = [&]() -> task<> {
    stream_listener listener = must(server().listen(stack().server_endpoint()));
    const socket_address where = must(listener.local());
    std::array<std::byte, 16> buffer{};
    const auto connects = [&]() -> task<> {
      stream_socket s = must(co_await client().connect(where));
      must(co_await s.send(buffer));
      const received answer = must(co_await s.receive());
      EXPECT_FALSE(answer.empty());
      s.abort();  // leaves no port in TIME_WAIT
    };
    const auto accepts = [&]() -> task<> {
      stream_socket s = must(co_await listener.accept());
      const std::size_t got = must(co_await s.receive(buffer));
      must(co_await s.send(std::span(buffer).first(got)));
      const result<received> end = co_await s.receive();
      EXPECT_EQ(error_of(end), std::errc::connection_reset);
    };
    const auto step = [&]() -> task<> { co_await when_all(connects(), accepts()); };
    for (int i = 0; i < 100; ++i) co_await step();
    const std::size_t before = allocations;
    for (int i = 0; i < 1000; ++i) co_await step();
    EXPECT_EQ(allocations - before, 0U);
  };
  run(program());
}

}  // namespace
}  // namespace pentad::test

#else

TEST(allocation, is_not_needed) {
  GTEST_SKIP() << "under AddressSanitizer every frame comes from the heap";
}

#endif
