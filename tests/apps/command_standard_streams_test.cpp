#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <string>

#include "apps/pentad/standard_streams.hpp"
#include "pentad/runtime/descriptor_handle.hpp"
#include "pentad/runtime/scope.hpp"
#include "tests/runtime/real_loop.hpp"

namespace pentad::command {
namespace {

using namespace std::chrono_literals;
using test::error_of;
using test::must;

struct ends {
  descriptor_handle read;
  descriptor_handle write;
};

ends make_pipe() {
  std::array<int, 2> made{};
  EXPECT_EQ(::pipe2(made.data(), O_CLOEXEC), 0);
  return {descriptor_handle(made[0]), descriptor_handle(made[1])};
}

ends make_socket_pair() {
  std::array<int, 2> made{};
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, made.data()), 0);
  return {descriptor_handle(made[0]), descriptor_handle(made[1])};
}

// More than pipes and sockets hold.
const std::string much(1'000'000, 'x');

task<> write(output_stream& to, std::string_view text) {
  must(co_await to.write(std::as_bytes(std::span(text))));
}

task<std::string> read(input_stream& from, std::size_t size) {
  std::string text;
  std::array<char, 1000> buffer;
  while (text.size() < size) {
    const std::size_t count = must(co_await from.read(std::as_writable_bytes(std::span(buffer))));
    if (count == 0) break;
    text.append(buffer.data(), count);
  }
  co_return text;
}

class standard_streams : public test::on_each_engine {};

TEST_P(standard_streams, wait_for_a_slow_reader) {
  for (const auto make : {make_pipe, make_socket_pair}) {
    const ends pipe = make();
    output_stream output(pipe.write.get());
    input_stream input(pipe.read.get());
    const auto program = [&]() -> task<> {
      co_await in_scope([&](scope& both) -> task<> {
        both.spawn(write(output, much));
        const std::string text = co_await read(input, much.size());
        EXPECT_TRUE(text == much);
      });
    };
    ASSERT_TRUE(run(program()));
    EXPECT_EQ(::fcntl(pipe.write.get(), F_GETFL) & O_NONBLOCK, 0);
    EXPECT_EQ(::fcntl(pipe.read.get(), F_GETFL) & O_NONBLOCK, 0);
  }
}

TEST_P(standard_streams, keep_the_bytes_of_each_writer_together) {
  const ends pipe = make_pipe();
  output_stream output(pipe.write.get());
  input_stream input(pipe.read.get());
  const std::string others(much.size(), 'y');
  const auto program = [&]() -> task<> {
    co_await in_scope([&](scope& all) -> task<> {
      all.spawn(write(output, much));
      all.spawn(write(output, others));
      const std::string text = co_await read(input, much.size() + others.size());
      EXPECT_TRUE(text == much + others);
    });
  };
  ASSERT_TRUE(run(program()));
}

TEST_P(standard_streams, write_files) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
  output_stream output(::fileno(file.get()));
  ASSERT_TRUE(run(write(output, much)));
  ASSERT_EQ(::lseek(::fileno(file.get()), 0, SEEK_SET), 0);
  input_stream input(::fileno(file.get()));
  EXPECT_TRUE(must(run(read(input, much.size() + 1))) == much);
}

TEST_P(standard_streams, read_until_the_end) {
  ends pipe = make_pipe();
  output_stream output(pipe.write.get());
  ASSERT_TRUE(run(write(output, "all")));
  pipe.write = {};
  input_stream input(pipe.read.get());
  EXPECT_EQ(must(run(read(input, 100))), "all");
  EXPECT_EQ(must(run(read(input, 100))), "");
}

TEST_P(standard_streams, remember_that_nobody_reads) {
  ends pipe = make_socket_pair();
  pipe.read = {};
  output_stream output(pipe.write.get());
  EXPECT_FALSE(output.error());
  const auto written = must(run(output.write(std::as_bytes(std::span("text")))));
  EXPECT_EQ(error_of(written), std::errc::broken_pipe);
  EXPECT_EQ(output.error(), std::errc::broken_pipe);
}

TEST_P(standard_streams, can_be_cancelled_while_they_wait) {
  const ends pipe = make_pipe();
  output_stream output(pipe.write.get());
  input_stream input(pipe.read.get());
  const auto program = [&]() -> task<> {
    std::array<std::byte, 10> buffer;
    const auto nothing = co_await input.read(buffer).timeout(1ms);
    EXPECT_EQ(error_of(nothing), std::errc::timed_out);
    co_await in_scope([&](scope& all) -> task<> {
      const auto write_much = [&]() -> task<> {
        const auto stopped = co_await output.write(std::as_bytes(std::span(much)));
        EXPECT_EQ(error_of(stopped), std::errc::operation_canceled);
      };
      all.spawn(write_much());
      all.spawn(write_much());
      co_await read(input, 1);
      all.cancel();
    });
  };
  ASSERT_TRUE(run(program()));
  EXPECT_FALSE(output.error());
}

INSTANTIATE_TEST_SUITE_P(engines, standard_streams, testing::Values("uring", "epoll"),
                         test::engine_name);

}  // namespace
}  // namespace pentad::command
