// The messaging server on real sockets, on every stack that this machine has.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "apps/messenger/server/port_holder.hpp"
#include "apps/messenger/server/serve.hpp"
#include "pentad/hosts/make_host.hpp"
#include "pentad/runtime/scope.hpp"

namespace pentad::messenger {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace std::chrono_literals;

std::vector<std::string> said;

void say(std::string_view line) { said.emplace_back(line); }

/// A client of the server: sends lines and reads them.
class caller {
 public:
  explicit caller(stream_socket socket) : socket_(std::move(socket)) {}

  task<> says(std::string_view line) {
    const std::string text = std::string{line} + "\r\n";
    const result<void> sent = co_await socket_.send(std::as_bytes(std::span{text}));
    EXPECT_TRUE(sent);
  }

  /// The next line that begins like this; empty when the server closes the connection first.
  task<std::string> hears(std::string_view beginning) {
    for (;;) {
      for (std::size_t end = 0; (end = unread_.find("\r\n")) != unread_.npos;) {
        const std::string line = unread_.substr(0, end);
        unread_.erase(0, end + 2);
        if (line.starts_with(beginning)) co_return line;
      }
      const result<received> got = co_await socket_.receive().timeout(10s);
      if (!got || got->empty()) co_return std::string{};
      unread_.append(reinterpret_cast<const char*>(got->bytes().data()), got->size());
    }
  }

  task<> registers(std::string_view nick) {
    const std::string name{nick};
    co_await says("NICK " + name + "\r\nUSER " + name + " 0 * :" + name);
    const std::string greeting = co_await hears(":irc.test 001 ");
    EXPECT_FALSE(greeting.empty());
  }

  stream_socket& socket() noexcept { return socket_; }

 private:
  stream_socket socket_;
  std::string unread_;
};

class serving : public ::testing::TestWithParam<const char*> {
 protected:
  serving() {
    said.clear();
    settings.name = "irc.test";
    settings.listen = {"127.0.0.1:0"};
    settings.limit.messages_per_second = 0;
    result<std::unique_ptr<host>> made = make_host(GetParam());
    if (made) here = std::move(*made);
  }

  void SetUp() override {
    if (!here) GTEST_SKIP() << "this machine has no " << GetParam();
  }

  /// Where the server listens.
  socket_address address() const {
    const std::string& line = said.at(0);
    return *endpoint::parse(std::string_view{line}.substr(line.rfind('/') + 1));
  }

  task<caller> calls() {
    result<stream_socket> connected = co_await here->connect(address());
    EXPECT_TRUE(connected);
    co_return caller(std::move(*connected));
  }

  task<caller> calls_as(std::string_view nick) {
    caller made = co_await calls();
    co_await made.registers(nick);
    co_return std::move(made);
  }

  /// Runs the server and `visit` beside it, then ends the server by SIGTERM. Returns what the
  /// server ended with.
  template <class Visit>
  int serve_during(Visit visit) {
    int code = -1;
    const auto program = [&]() -> task<int> {
      co_await in_scope([&](scope& tasks) { return beside(tasks, code, visit); });
      co_return code;
    };
    const result<int> ended = here->run(program());
    EXPECT_TRUE(ended);
    return code;
  }

  std::unique_ptr<host> here;
  configuration settings;

 private:
  template <class Visit>
  task<> beside(scope& tasks, int& code, Visit& visit) {
    tasks.spawn(server_task(code));
    while (said.empty()) co_await yield();
    co_await visit();
    ::kill(::getpid(), SIGTERM);
  }

  task<> server_task(int& code) { code = co_await serve(*here, {&settings, say}); }
};

TEST_P(serving, says_where_it_listens) {
  const int code = serve_during([]() -> task<> { co_return; });
  EXPECT_EQ(code, 0);
  ASSERT_EQ(said.size(), 1U);
  EXPECT_THAT(said[0], StartsWith("listening on irc://127.0.0.1:"));
  EXPECT_NE(said[0], "listening on irc://127.0.0.1:0");
}

TEST_P(serving, carries_messages_both_ways) {
  serve_during([&]() -> task<> {
    caller alice = co_await calls_as("alice");
    caller bob = co_await calls_as("bob");
    co_await alice.says("PRIVMSG bob :hello");
    const std::string to_bob = co_await bob.hears(":alice!");
    EXPECT_EQ(to_bob, ":alice!alice@127.0.0.1 PRIVMSG bob :hello");
    co_await bob.says("PRIVMSG alice :hello yourself");
    const std::string to_alice = co_await alice.hears(":bob!");
    EXPECT_EQ(to_alice, ":bob!bob@127.0.0.1 PRIVMSG alice :hello yourself");
  });
}

TEST_P(serving, listens_on_several_addresses) {
  settings.listen = {"127.0.0.1:0", "[::1]:0", "localhost:0"};
  serve_during([&]() -> task<> {
    EXPECT_EQ(said.size(), 3U);
    said.front() = said.at(1);
    caller alice = co_await calls_as("alice");
    co_await alice.says("WHOIS alice");
    const std::string about = co_await alice.hears(":irc.test 311 ");
    EXPECT_EQ(about, ":irc.test 311 alice alice alice 0::1 * :alice");
  });
}

TEST_P(serving, closes_the_connection_behind_the_last_line) {
  serve_during([&]() -> task<> {
    caller alice = co_await calls_as("alice");
    co_await alice.says("QUIT :bye");
    const std::string error = co_await alice.hears("ERROR ");
    EXPECT_EQ(error, "ERROR :Closing Link: 127.0.0.1 (Quit: bye)");
    const std::string nothing = co_await alice.hears("");
    EXPECT_EQ(nothing, "");
  });
}

TEST_P(serving, answers_what_came_before_the_end_of_a_stream) {
  serve_during([&]() -> task<> {
    caller alice = co_await calls();
    co_await alice.says("NICK alice\r\nUSER a 0 * :a\r\nPING last");
    EXPECT_TRUE(alice.socket().shutdown(direction::send));
    const std::string pong = co_await alice.hears(":irc.test PONG");
    EXPECT_EQ(pong, ":irc.test PONG irc.test :last");
    const std::string error = co_await alice.hears("ERROR ");
    EXPECT_EQ(error, "ERROR :Closing Link: 127.0.0.1 (Connection closed)");
  });
}

TEST_P(serving, tells_others_of_a_connection_that_was_reset) {
  serve_during([&]() -> task<> {
    caller alice = co_await calls_as("alice");
    caller bob = co_await calls_as("bob");
    co_await alice.says("JOIN #a");
    co_await bob.says("JOIN #a");
    const std::string joined = co_await alice.hears(":bob!");
    EXPECT_EQ(joined, ":bob!bob@127.0.0.1 JOIN :#a");
    bob.socket().abort();
    const std::string quit = co_await alice.hears(":bob!");
    EXPECT_EQ(quit, ":bob!bob@127.0.0.1 QUIT :Connection reset by peer");
  });
}

TEST_P(serving, drops_a_client_that_never_reads_and_serves_the_rest) {
  settings.limit.send_queue = 65'536;
  serve_during([&]() -> task<> {
    caller slow = co_await calls_as("slow");
    caller alice = co_await calls_as("alice");
    co_await slow.says("JOIN #a");
    co_await alice.says("JOIN #a");
    std::string seen = co_await alice.hears(":irc.test 366 ");
    const std::string line = "PRIVMSG #a :" + std::string(400, 'x');
    for (std::string batch = line; seen.find(" QUIT ") == seen.npos && !seen.empty();) {
      for (batch = line; batch.size() < 65'536;) batch += "\r\n" + line;
      co_await alice.says(batch + "\r\nPING now");
      seen = co_await alice.hears(":");
    }
    EXPECT_EQ(seen, ":slow!slow@127.0.0.1 QUIT :SendQ exceeded");
  });
}

TEST_P(serving, lets_a_flood_wait_and_loses_none_of_it) {
  settings.exempt.clear();
  settings.limit.message_burst = 1;
  settings.limit.messages_per_second = 1000;
  serve_during([&]() -> task<> {
    caller alice = co_await calls_as("alice");
    std::string flood = "PING 1";
    for (int i = 2; i <= 50; ++i) flood += "\r\nPING " + std::to_string(i);
    const instant start = here->now();
    co_await alice.says(flood);
    for (int i = 1; i <= 50; ++i) {
      const std::string pong = co_await alice.hears(":irc.test PONG");
      EXPECT_EQ(pong, ":irc.test PONG irc.test :" + std::to_string(i));
    }
    EXPECT_GE(here->now() - start, 49ms);
  });
}

TEST_P(serving, is_told_of_its_end_by_a_signal_within_two_seconds_whoever_reads) {
  settings.limit.line.line = 8192;
  settings.limit.send_queue = 100'000'000;
  std::vector<caller> callers;
  instant signalled{};
  const int code = serve_during([&]() -> task<> {
    for (const char* nick : {"reads", "sleeps"}) {
      caller made = co_await calls_as(nick);
      callers.push_back(std::move(made));
    }
    // More than the buffers of the system take.
    co_await callers[1].says("JOIN #a\r\nMODE #a -n\r\nPING x");
    co_await callers[1].hears(":irc.test PONG");
    for (int i = 0; i < 1600; ++i) {
      co_await callers[0].says("PRIVMSG #a :" + std::string(8000, 'x'));
    }
    co_await callers[0].says("PING x");
    co_await callers[0].hears(":irc.test PONG");
    signalled = here->now();
  });
  EXPECT_EQ(code, 0);
  EXPECT_LT(here->now() - signalled, 2s);
  const result<int> read = here->run([](caller& from) -> task<int> {
    const std::string error = co_await from.hears("ERROR ");
    EXPECT_EQ(error, "ERROR :Closing Link: 127.0.0.1 (Server shutting down)");
    co_return 0;
  }(callers[0]));
  EXPECT_TRUE(read);
  callers.clear();
}

TEST_P(serving, forgets_a_thousand_clients_when_they_have_gone) {
  serve_during([&]() -> task<> {
    {
      std::vector<caller> crowd;
      for (int i = 0; i < 1000; ++i) {
        caller made = co_await calls();
        crowd.push_back(std::move(made));
      }
      for (std::size_t i = 0; i < crowd.size(); ++i) {
        const std::string nick = "p" + std::to_string(i);
        co_await crowd[i].says("NICK " + nick + "\r\nUSER p 0 * :p\r\nPING x");
      }
      for (caller& each : crowd) {
        const std::string pong = co_await each.hears(":irc.test PONG");
        EXPECT_EQ(pong, ":irc.test PONG irc.test :x");
      }
    }
    caller last = co_await calls_as("last");
    std::string count;
    while (!count.starts_with(":irc.test 251 last :There are 1 users")) {
      co_await last.says("LUSERS");
      count = co_await last.hears(":irc.test 251 ");
      if (count.empty()) break;
    }
    EXPECT_EQ(count, ":irc.test 251 last :There are 1 users and 0 invisible on 1 servers");
  });
}

TEST_P(serving, says_who_has_its_port) {
  result<stream_listener> taken = here->listen(endpoint{ip_address::v4(127, 0, 0, 1), 0});
  ASSERT_TRUE(taken);
  const std::string address = to_string(*taken->local());
  settings.listen = {address};
  const result<int> code = here->run(serve(*here, {&settings, say}));
  EXPECT_EQ(code.value_or(-1), 1);
  ASSERT_EQ(said.size(), 1U);
  EXPECT_THAT(said[0], StartsWith("pentad serve: cannot listen on " + address +
                                  ": Address already in use\n"));
  EXPECT_THAT(said[0], HasSubstr(", process " + std::to_string(::getpid()) + "."));
  EXPECT_THAT(said[0], HasSubstr("--listen"));
}

TEST_P(serving, says_what_is_no_address) {
  settings.listen = {"irc.example.org"};
  const result<int> code = here->run(serve(*here, {&settings, say}));
  EXPECT_EQ(code.value_or(-1), 1);
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0],
            "pentad serve: cannot listen on irc.example.org: not an address\n"
            "  Write HOST:PORT, such as 127.0.0.1:6667.");
}

INSTANTIATE_TEST_SUITE_P(stacks, serving, ::testing::Values("kernel:uring", "kernel:epoll"),
                         [](const auto& tested) { return std::string{tested.param}.substr(7); });

TEST(port_holder, is_nobody_for_a_port_that_is_free) {
  const result<std::unique_ptr<host>> here = make_host("kernel:epoll");
  ASSERT_TRUE(here);
  result<stream_listener> taken = (*here)->listen(endpoint{ip_address::v4(127, 0, 0, 1), 0});
  ASSERT_TRUE(taken);
  const std::uint16_t port = taken->local()->ip().port;
  EXPECT_TRUE(find_port_holder(port));
  taken->close();
  EXPECT_FALSE(find_port_holder(port));
}

}  // namespace
}  // namespace pentad::messenger
