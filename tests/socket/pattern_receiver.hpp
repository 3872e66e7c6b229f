// A receiver whose receives may be stopped, and which checks that it gets every byte once.
#pragma once

#include <array>

#include "tests/socket/stream_pair.hpp"

namespace pentad::test {

// What a receiver has got of the pattern, however its receives ended.
class pattern_receiver {
 public:
  explicit pattern_receiver(stream_socket& from) : from_(from) {}

  void take(const result<std::size_t>& outcome, std::span<const std::byte> buffer) {
    if (outcome) return take(buffer.first(*outcome));
    expect_stopped(outcome.error());
  }
  void take(const result<received>& outcome) {
    if (outcome) return take(outcome->bytes());
    expect_stopped(outcome.error());
  }
  void take(std::span<const std::byte> bytes) {
    EXPECT_TRUE(is_pattern(bytes, count));
    count += bytes.size();
  }

  /// Receives until `size` bytes are there, without a race.
  task<> until(std::uint64_t size) {
    std::array<std::byte, 512> buffer;
    while (count < size) {
      const std::size_t got = must(co_await from_.receive(buffer).timeout(10s));
      if (got == 0) co_return;
      take(std::span(buffer).first(got));
    }
  }

  std::uint64_t count = 0;

 private:
  static void expect_stopped(std::error_code why) {
    EXPECT_TRUE(why == std::errc::operation_canceled || why == std::errc::timed_out) << why;
  }

  stream_socket& from_;
};

}  // namespace pentad::test
