// Conformance of streams: parts of files are sent as they are.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

#include "pentad/runtime/scope.hpp"
#include "tests/socket/stream_pair.hpp"
#include "tests/socket/stream_suite.hpp"

namespace pentad::test {

/// A file of the pattern that is gone when it closes.
class pattern_file {
 public:
  explicit pattern_file(std::size_t size) : file_(std::tmpfile()) {
    const std::vector<std::byte> bytes = pattern(size);
    EXPECT_EQ(std::fwrite(bytes.data(), 1, size, file_), size);
    EXPECT_EQ(std::fflush(file_), 0);
  }
  ~pattern_file() { std::fclose(file_); }
  pattern_file(const pattern_file&) = delete;
  pattern_file& operator=(const pattern_file&) = delete;

  int descriptor() const { return fileno(file_); }

 private:
  std::FILE* file_;
};

TEST_P(stream, sends_a_file_that_is_larger_than_all_buffers) {
  constexpr std::uint64_t size = 8 << 20;
  pattern_file file(size);
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    std::uint64_t got = 0;
    const auto receive = [](stream_socket& from, std::uint64_t& count) -> task<> {
      count = co_await receive_pattern(from);
    };
    co_await in_scope([&](scope& both) -> task<> {
      both.spawn(receive(ends.server, got));
      // More is asked for than there is: the file ends before.
      const std::uint64_t sent =
          must(co_await ends.client.send_file(file.descriptor(), 0, size + 1000));
      EXPECT_EQ(sent, size);
      must(ends.client.shutdown(direction::send));
    });
    EXPECT_EQ(got, size);
    EXPECT_EQ(ends.client.sent(), size);
  };
  run(program());
}

TEST_P(stream, sends_a_part_of_a_file_between_other_bytes) {
  pattern_file file(10'000);
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    must(co_await ends.client.send(bytes_of("head")));
    const std::uint64_t sent = must(co_await ends.client.send_file(file.descriptor(), 1'000, 500));
    EXPECT_EQ(sent, 500U);
    must(co_await ends.client.send(bytes_of("tail")));
    const std::string head = co_await receive_text(ends.server, 4);
    const std::vector<std::byte> part = co_await receive_exactly(ends.server, 500);
    const std::string tail = co_await receive_text(ends.server, 4);
    EXPECT_EQ(head, "head");
    EXPECT_TRUE(is_pattern(part, 1'000));
    EXPECT_EQ(tail, "tail");
  };
  run(program());
}

TEST_P(stream, stops_in_the_middle_of_a_file_when_its_time_is_over) {
  constexpr std::uint64_t size = 64 << 20;
  pattern_file file(size);
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    const result<std::uint64_t> late =
        co_await ends.client.send_file(file.descriptor(), 0, size).timeout(10ms);
    EXPECT_EQ(error_of(late), std::errc::timed_out);
    const std::uint64_t sent = ends.client.sent();
    EXPECT_LT(sent, size);
    must(ends.client.shutdown(direction::send));
    const std::uint64_t got = co_await receive_pattern(ends.server);
    EXPECT_EQ(got, sent);
  };
  run(program());
}

TEST_P(stream, tells_what_is_wrong_with_a_file) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    const result<std::uint64_t> none = co_await ends.client.send_file(-1, 0, 10);
    EXPECT_EQ(error_of(none), std::errc::bad_file_descriptor);
    must(co_await ends.client.send(bytes_of("goes on")));
    const std::string got = co_await receive_text(ends.server, 7);
    EXPECT_EQ(got, "goes on");
  };
  run(program());
}

}  // namespace pentad::test
