// Datagrams between programs of one machine: unix(7).

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/socket/datagram_suite.hpp"
#include "tests/socket/kernel_stacks.hpp"

namespace pentad::test {
namespace {

// A folder for socket files, empty again when it dies.
class unix_datagram : public on_each_stack {
 protected:
  unix_datagram() {
    char made[] = "/tmp/pentad-unix-XXXXXX";
    folder_ = ::mkdtemp(made);
  }
  ~unix_datagram() override { EXPECT_EQ(::rmdir(folder_.c_str()), 0) << "files were left behind"; }

  socket_address address(std::string_view name) const {
    return must(unix_endpoint::parse(folder_ + "/" + std::string(name)));
  }

 private:
  std::string folder_;
};

TEST_P(unix_datagram, is_answered_where_it_came_from) {
  const auto program = [&]() -> task<> {
    datagram_socket far = must(server().datagram(address("far")));
    datagram_socket near = must(client().datagram(address("near")));
    must(co_await near.send(as_datagram("question"), address("far")));
    std::array<std::byte, 100> buffer;
    const received_datagram question = must(co_await far.receive(buffer));
    EXPECT_EQ(as_text(question), "question");
    EXPECT_EQ(question.source, address("near"));
    must(co_await far.send(as_datagram("answer"), question.source));
    const std::string answer = co_await receive_datagram_text(near);
    EXPECT_EQ(answer, "answer");
    EXPECT_FALSE(far.tuple());
  };
  run(program());
}

TEST_P(unix_datagram, comes_from_nobody_if_its_sender_has_no_name) {
  const auto program = [&]() -> task<> {
    datagram_socket far = must(server().datagram(address("far")));
    datagram_socket near = must(client().datagram(unix_endpoint()));
    must(near.connect(address("far")));
    must(co_await near.send(as_datagram("x")));
    std::array<std::byte, 100> buffer;
    const received_datagram received = must(co_await far.receive(buffer));
    EXPECT_TRUE(received.source.unix_path().is_unnamed());
  };
  run(program());
}

TEST_P(unix_datagram, waits_until_its_receiver_has_room) {
  const auto program = [&]() -> task<> {
    datagram_socket far = must(server().datagram(address("far")));
    datagram_socket near = must(client().datagram(unix_endpoint()));
    must(near.connect(address("far")));
    const std::vector<std::byte> message(1000);
    int taken = 0;
    for (;;) {
      const result<void> sent = co_await near.send(message).timeout(0ns);
      if (!sent) {
        EXPECT_EQ(error_of(sent), std::errc::timed_out);
        break;
      }
      ++taken;
    }
    std::array<std::byte, 2000> buffer;
    auto both = co_await when_all(near.send(message), far.receive(buffer));
    EXPECT_TRUE(both.get<0>().has_value());
    EXPECT_TRUE(both.get<1>().has_value());
    for (int i = 0; i < taken; ++i) must(co_await far.receive(buffer).timeout(10s));
  };
  run(program());
}

TEST_P(unix_datagram, takes_over_the_file_of_a_socket_that_is_dead) {
  {
    const descriptor_handle dead = plain_socket(AF_UNIX, SOCK_DGRAM);
    sockaddr_un local{};
    local.sun_family = AF_UNIX;
    const socket_address at = address("far");
    const std::string_view path = at.unix_path().path();
    std::memcpy(local.sun_path, path.data(), path.size());
    ASSERT_EQ(::bind(dead.get(), reinterpret_cast<const sockaddr*>(&local), sizeof local), 0);
  }
  const datagram_socket far = must(server().datagram(address("far")));
  EXPECT_EQ(error_of(server().datagram(address("far"))), std::errc::address_in_use);
}

TEST_P(unix_datagram, refuses_what_only_ip_has) {
  EXPECT_EQ(error_of(server().datagram(address("far"), {.hop_limit = 3})),
            std::errc::operation_not_supported);
  const auto program = [&]() -> task<> {
    datagram_socket near = must(client().datagram(unix_endpoint()));
    outgoing_datagram message{.bytes = as_datagram("x"), .to = address("far")};
    message.hop_limit = 3;
    const result<void> refused = co_await near.send(message);
    EXPECT_EQ(error_of(refused), std::errc::operation_not_supported);
  };
  run(program());
}

INSTANTIATE_TEST_SUITE_P(kernel, unix_datagram, testing::ValuesIn(kernel_stacks), stack_name);

}  // namespace
}  // namespace pentad::test
