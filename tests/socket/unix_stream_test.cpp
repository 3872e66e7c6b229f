// Streams between programs of one machine: unix(7).

#include <dirent.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <memory>

#include "pentad/runtime/scope.hpp"
#include "tests/socket/kernel_stacks.hpp"
#include "tests/socket/stream_pair.hpp"

namespace pentad::test {
namespace {

// A folder for socket files, empty again when it dies.
class unix_stream : public on_each_stack {
 protected:
  unix_stream() {
    char made[] = "/tmp/pentad-unix-XXXXXX";
    folder_ = ::mkdtemp(made);
  }
  ~unix_stream() override { EXPECT_EQ(::rmdir(folder_.c_str()), 0) << "files were left behind"; }

  std::string path(std::string_view name) const { return folder_ + "/" + std::string(name); }
  socket_address address(std::string_view name) const {
    return must(unix_endpoint::parse(path(name)));
  }
  static socket_address abstract(std::string_view name) {
    return must(unix_endpoint::parse("@pentad-test-" + std::to_string(::getpid()) + "-" +
                                     std::string(name)));
  }

  bool exists(std::string_view name) const {
    struct stat found;
    return ::lstat(path(name).c_str(), &found) == 0;
  }

  task<stream_pair> pair(const socket_address& at) {
    stream_listener listener = must(server().listen(at));
    auto both = co_await when_all(client().connect(at), listener.accept());
    co_return stream_pair(must(std::move(both.get<1>())), must(std::move(both.get<0>())));
  }

 private:
  std::string folder_;
};

INSTANTIATE_TEST_SUITE_P(kernel, unix_stream, testing::ValuesIn(kernel_stacks), stack_name);

TEST_P(unix_stream, carries_bytes_both_ways) {
  const auto program = [&]() -> task<> {
    for (const socket_address& at : {address("chat"), abstract("chat")}) {
      stream_pair ends = co_await pair(at);
      must(co_await ends.client.send(bytes_of("to server")));
      must(co_await ends.server.send(bytes_of("to client")));
      const std::string there = co_await receive_text(ends.server, 9);
      EXPECT_EQ(there, "to server");
      const received back = must(co_await ends.client.receive());
      EXPECT_EQ(text_of(back.bytes()), "to client");
      must(ends.client.shutdown(direction::send));
      const received end = must(co_await ends.server.receive());
      EXPECT_TRUE(end.empty());
    }
  };
  run(program());
}

TEST_P(unix_stream, carries_16_mebibytes_both_ways_at_once) {
  constexpr std::uint64_t size = 16 << 20;
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await pair(address("bulk"));
    auto done = co_await when_all(send_pattern(ends.client, size), send_pattern(ends.server, size),
                                  receive_pattern(ends.client), receive_pattern(ends.server));
    EXPECT_EQ(done.get<2>(), size);
    EXPECT_EQ(done.get<3>(), size);
  };
  run(program());
}

TEST_P(unix_stream, has_addresses_and_no_quintuple) {
  const auto program = [&]() -> task<> {
    for (const socket_address& at : {address("name"), abstract("name")}) {
      stream_pair ends = co_await pair(at);
      EXPECT_EQ(must(ends.client.remote()), at);
      EXPECT_EQ(must(ends.server.local()), at);
      EXPECT_EQ(must(ends.server.remote()), socket_address(unix_endpoint()));
      EXPECT_EQ(ends.client.tuple(), std::nullopt);
      EXPECT_EQ(ends.server.tuple(), std::nullopt);
    }
  };
  run(program());
}

TEST_P(unix_stream, connects_from_a_name_of_its_own) {
  const auto program = [&]() -> task<> {
    stream_listener listener = must(server().listen(address("server")));
    unbound_socket opened = must(client().open(pentad::stream, unix_domain));
    bound_socket bound = must(std::move(opened).bind(abstract("client")));
    auto both = co_await when_all(std::move(bound).connect(address("server")), listener.accept());
    const stream_socket accepted = must(std::move(both.get<1>()));
    EXPECT_EQ(must(accepted.remote()), abstract("client"));
  };
  run(program());
}

TEST_P(unix_stream, tells_what_it_knows) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await pair(address("info"));
    must(co_await ends.client.send(bytes_of("12345")));
    EXPECT_EQ(ends.server.info().receive_queue, 5U);
    EXPECT_EQ(ends.server.info().rtt, std::nullopt);
  };
  run(program());
}

TEST_P(unix_stream, removes_its_file_when_the_listener_is_closed) {
  const auto program = [&]() -> task<> {
    {
      stream_listener closed = must(server().listen(address("one")));
      const stream_listener dying = must(server().listen(address("two")));
      EXPECT_TRUE(exists("one"));
      EXPECT_TRUE(exists("two"));
      closed.close();
      EXPECT_FALSE(exists("one"));
    }
    EXPECT_FALSE(exists("two"));
    const result<stream_socket> gone = co_await client().connect(address("one"));
    EXPECT_EQ(error_of(gone), std::errc::no_such_file_or_directory);
    // Bound, but never listened.
    {
      unbound_socket opened = must(server().open(pentad::stream, unix_domain));
      const bound_socket bound = must(std::move(opened).bind(address("three")));
      EXPECT_TRUE(exists("three"));
    }
    EXPECT_FALSE(exists("three"));
  };
  run(program());
}

TEST_P(unix_stream, leaves_a_file_alone_that_is_not_its_own_any_more) {
  const auto program = [&]() -> task<> {
    stream_listener first = must(server().listen(address("shared")));
    EXPECT_EQ(::unlink(path("shared").c_str()), 0);
    stream_listener second = must(server().listen(address("shared")));
    first.close();
    EXPECT_TRUE(exists("shared"));
    auto both = co_await when_all(client().connect(address("shared")), second.accept());
    EXPECT_TRUE(both.get<0>());
  };
  run(program());
}

TEST_P(unix_stream, replaces_the_file_of_a_listener_that_died) {
  const auto program = [&]() -> task<> {
    {
      // A program that crashed leaves its file behind.
      const descriptor_handle crashed = plain_socket(AF_UNIX, SOCK_STREAM);
      sockaddr_un name{};
      name.sun_family = AF_UNIX;
      std::strcpy(name.sun_path, path("stale").c_str());
      EXPECT_EQ(::bind(crashed.get(), reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
      EXPECT_EQ(::listen(crashed.get(), 1), 0);
    }
    EXPECT_TRUE(exists("stale"));
    stream_pair ends = co_await pair(address("stale"));
  };
  run(program());
}

TEST_P(unix_stream, does_not_take_the_place_of_a_listener_that_lives) {
  const auto program = [&]() -> task<> {
    stream_listener first = must(server().listen(address("taken"), {{}, 1}));
    const result<stream_listener> second = server().listen(address("taken"));
    EXPECT_EQ(error_of(second), std::errc::address_in_use);
    // Nor that of one whose queue is full.
    std::vector<std::unique_ptr<stream_socket>> waiting;
    for (int i = 0; i < 3; ++i) {
      result<stream_socket> made = co_await client().connect(address("taken")).timeout(5ms);
      if (made) waiting.push_back(std::make_unique<stream_socket>(std::move(*made)));
    }
    const result<stream_listener> third = server().listen(address("taken"));
    EXPECT_EQ(error_of(third), std::errc::address_in_use);
    EXPECT_TRUE(exists("taken"));
    must(co_await first.accept().timeout(10s));
  };
  run(program());
}

TEST_P(unix_stream, never_removes_what_is_no_socket) {
  const auto program = [&]() -> task<> {
    std::ofstream(path("precious")) << "data";
    const result<stream_listener> on_file = server().listen(address("precious"));
    EXPECT_EQ(error_of(on_file), std::errc::address_in_use);
    EXPECT_TRUE(exists("precious"));
    // A link that leads to a socket that nobody listens on is no socket either.
    {
      unbound_socket opened = must(server().open(pentad::stream, unix_domain));
      const bound_socket idle = must(std::move(opened).bind(address("idle")));
      EXPECT_EQ(::symlink(path("idle").c_str(), path("link").c_str()), 0);
      const result<stream_listener> on_link = server().listen(address("link"));
      EXPECT_EQ(error_of(on_link), std::errc::address_in_use);
      EXPECT_TRUE(exists("link"));
    }
    ::unlink(path("precious").c_str());
    ::unlink(path("link").c_str());
    co_return;
  };
  run(program());
}

TEST_P(unix_stream, is_refused_by_a_name_that_nobody_listens_on) {
  const auto program = [&]() -> task<> {
    const result<stream_socket> no_name = co_await client().connect(abstract("nobody"));
    EXPECT_EQ(error_of(no_name), std::errc::connection_refused);
    unbound_socket opened = must(server().open(pentad::stream, unix_domain));
    const bound_socket idle = must(std::move(opened).bind(address("idle")));
    const result<stream_socket> not_listening = co_await client().connect(address("idle"));
    EXPECT_EQ(error_of(not_listening), std::errc::connection_refused);
  };
  run(program());
}

// connect(2) to a listener whose queue is full has to wait, and there is nothing to poll for.
TEST_P(unix_stream, waits_for_room_in_the_queue_of_the_listener) {
  const auto program = [&]() -> task<> {
    stream_listener listener = must(server().listen(address("full"), {{}, 1}));
    std::vector<std::unique_ptr<stream_socket>> waiting;
    std::error_code stopped;
    while (!stopped && waiting.size() < 10) {
      result<stream_socket> made = co_await client().connect(address("full")).timeout(10ms);
      stopped = error_of(made);
      if (made) waiting.push_back(std::make_unique<stream_socket>(std::move(*made)));
    }
    EXPECT_EQ(stopped, std::errc::timed_out);
    EXPECT_LE(waiting.size(), 2U);
    const auto connects = [&]() -> task<> {
      const result<stream_socket> canceled = co_await client().connect(address("full"));
      EXPECT_EQ(error_of(canceled), std::errc::operation_canceled);
    };
    co_await in_scope([&](scope& s) -> task<> {
      s.spawn(connects());
      must(co_await sleep(3ms));
      s.cancel();
    });
    const auto acceptor = [&]() -> task<> {
      must(co_await sleep(3ms));
      must(co_await listener.accept());
    };
    auto both = co_await when_all(client().connect(address("full")).timeout(10s), acceptor());
    EXPECT_TRUE(both.get<0>());
  };
  run(program());
}

TEST_P(unix_stream, ends_operations_when_it_is_closed) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await pair(address("close"));
    const std::vector<std::byte> large(16 << 20);
    const auto closer = [&]() -> task<> {
      must(co_await sleep(1ms));
      ends.server.close();
    };
    auto done = co_await when_all(ends.server.receive(), ends.server.send(large), closer());
    EXPECT_EQ(error_of(done.get<0>()), std::errc::operation_canceled);
    EXPECT_EQ(error_of(done.get<1>()), std::errc::operation_canceled);
    const result<void> sent = co_await ends.client.send(bytes_of("x"));
    EXPECT_EQ(error_of(sent), std::errc::broken_pipe);
  };
  run(program());
}

TEST_P(unix_stream, resumes_a_stopped_send) {
  constexpr std::size_t size = 4 << 20;
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await pair(address("resume"));
    const std::vector<std::byte> all = pattern(size);
    const result<void> stopped = co_await ends.client.send(all).timeout(3ms);
    EXPECT_EQ(error_of(stopped), std::errc::timed_out);
    const auto sender = [&]() -> task<> {
      must(co_await ends.client.send(
          std::span(all).subspan(static_cast<std::size_t>(ends.client.sent()))));
      must(ends.client.shutdown(direction::send));
    };
    auto done = co_await when_all(sender(), receive_pattern(ends.server));
    EXPECT_EQ(done.get<1>(), size);
  };
  run(program());
}

TEST_P(unix_stream, refuses_options_that_mean_nothing_to_it) {
  const auto program = [&]() -> task<> {
    const std::array<stream_options, 7> none_of_these{
        stream_options{.no_delay = true},   stream_options{.keep_alive = keep_alive_options{}},
        stream_options{.user_timeout = 1s}, stream_options{.reuse_address = true},
        stream_options{.reuse_port = true}, stream_options{.ipv6_only = true},
        stream_options{.device = "lo"},
    };
    stream_pair ends = co_await pair(address("options"));
    for (const stream_options& each : none_of_these) {
      const std::error_code unsupported = std::make_error_code(std::errc::operation_not_supported);
      EXPECT_EQ(error_of(client().open(pentad::stream, unix_domain, each)), unsupported);
      EXPECT_EQ(error_of(server().listen(address("refused"), {each})), unsupported);
      EXPECT_EQ(error_of(ends.client.set(each)), unsupported);
      const result<stream_socket> connected = co_await client().connect(address("options"), each);
      EXPECT_EQ(error_of(connected), unsupported);
    }
    EXPECT_FALSE(exists("refused"));
    must(ends.client.set({.send_buffer = 8192, .receive_buffer = 8192}));
  };
  run(program());
}

}  // namespace
}  // namespace pentad::test
