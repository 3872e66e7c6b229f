// Peers that are plain sockets of the system and do what Pentad's own never do, and races whose
// every step is chosen, which needs a peer that acts at once.

#include <gtest/gtest.h>

#include <array>

#include "tests/socket/kernel_stacks.hpp"
#include "tests/socket/pattern_receiver.hpp"
#include "tests/socket/stream_pair.hpp"

namespace pentad::test {
namespace {

class plain_pair {
 public:
  plain_pair(stream_socket accepted, descriptor_handle connected)
      : server(std::move(accepted)), client(std::move(connected)) {}

  void send(std::string_view text, int flags = 0) const {
    EXPECT_EQ(::send(client.get(), text.data(), text.size(), flags | MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }

  stream_socket server;
  descriptor_handle client;
};

class plain_peer : public on_each_stack {
 protected:
  task<plain_pair> accept_plain(const socket_address& at) {
    stream_listener listener = must(server().listen(at));
    descriptor_handle connected = plain_connect(must(listener.local()));
    stream_socket accepted = must(co_await listener.accept());
    co_return plain_pair(std::move(accepted), std::move(connected));
  }
};

INSTANTIATE_TEST_SUITE_P(kernel, plain_peer, testing::ValuesIn(kernel_stacks), stack_name);

// A receive stops at the mark of urgent data although more is there (tcp(7)); what follows must not
// wait for the next segment.
TEST_P(plain_peer, does_not_stall_behind_urgent_data) {
  const auto program = [&]() -> task<> {
    for (const bool arrives_while_waiting : {false, true}) {
      plain_pair ends = co_await accept_plain(stack().server_endpoint());
      const auto sends = [&]() -> task<> {
        ends.send("before");
        ends.send("!", MSG_OOB);
        ends.send("after");
        co_return;
      };
      if (!arrives_while_waiting) co_await sends();
      std::string got;
      const auto receives = [&]() -> task<> {
        std::array<std::byte, 100> buffer;
        while (got.size() < 11) {
          const std::size_t count = must(co_await ends.server.receive(buffer).timeout(2s));
          got += text_of(std::span(buffer).first(count));
        }
      };
      if (arrives_while_waiting) {
        static_cast<void>(co_await when_all(receives(), sends()));
      } else {
        co_await receives();
      }
      EXPECT_EQ(got, "beforeafter");
    }
  };
  run(program());
}

// A receive stops after a message that carries descriptors, too (unix(7)). They are thrown away.
TEST_P(plain_peer, does_not_stall_behind_descriptors_that_a_peer_sends) {
  const auto program = [&]() -> task<> {
    const socket_address at =
        must(unix_endpoint::parse("@pentad-test-rights-" + std::to_string(::getpid())));
    for (const bool lent : {false, true}) {
      plain_pair ends = co_await accept_plain(at);
      for (const std::string_view text : {"one", "two", "three"}) {
        alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
        iovec part{const_cast<char*>(text.data()), text.size()};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        cmsghdr* const header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        const int passed = ends.client.get();
        std::memcpy(CMSG_DATA(header), &passed, sizeof passed);
        EXPECT_EQ(::sendmsg(ends.client.get(), &message, 0), static_cast<ssize_t>(text.size()));
      }
      std::string got;
      while (got.size() < 11) {
        if (lent) {
          const received more = must(co_await ends.server.receive().timeout(2s));
          got += text_of(more.bytes());
        } else {
          std::array<std::byte, 100> buffer;
          const std::size_t count = must(co_await ends.server.receive(buffer).timeout(2s));
          got += text_of(std::span(buffer).first(count));
        }
      }
      EXPECT_EQ(got, "onetwothree");
    }
  };
  run(program());
}

TEST_P(plain_peer, survives_a_peer_that_resets_before_it_is_accepted) {
  const auto program = [&]() -> task<> {
    stream_listener listener = must(server().listen(stack().server_endpoint()));
    const socket_address where = must(listener.local());
    for (int i = 0; i < 20; ++i) {
      {
        const descriptor_handle hasty = plain_connect(where);
        const linger now{1, 0};
        ::setsockopt(hasty.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
      }
      const result<stream_socket> accepted = co_await listener.accept().timeout(10s);
      // Linux hands even a dead connection over.
      EXPECT_TRUE(accepted || error_of(accepted) == std::errc::connection_aborted);
      if (!accepted) continue;
      EXPECT_EQ(accepted->tuple(), std::nullopt);
    }
    auto live = co_await when_all(client().connect(where), listener.accept());
    EXPECT_TRUE(live.get<1>());
  };
  run(program());
}

// The deadline passes, the stack is told to stop the receive, and before it hears of that, bytes
// arrive: both timers fire in one turn, and the second one's task sends.
TEST_P(plain_peer, gives_bytes_that_arrive_between_a_stop_and_its_end) {
  const auto program = [&]() -> task<> {
    plain_pair ends = co_await accept_plain(stack().server_endpoint());
    pattern_receiver got(ends.server);
    std::uint64_t sent = 0;
    std::array<std::byte, 16> buffer;
    int stopped_with_bytes = 0;
    for (int round = 0; round < 200; ++round) {
      const std::vector<std::byte> message = pattern(5, sent);
      sent += message.size();
      const auto receives = [&]() -> task<> {
        const result<std::size_t> raced = co_await ends.server.receive(buffer).timeout(0ns);
        if (raced) ++stopped_with_bytes;
        got.take(raced, buffer);
      };
      const auto sends = [&]() -> task<> {
        must(co_await sleep(0ns));
        EXPECT_EQ(::send(ends.client.get(), message.data(), message.size(), 0),
                  static_cast<ssize_t>(message.size()));
      };
      static_cast<void>(co_await when_all(receives(), sends()));
      co_await got.until(sent);
    }
    EXPECT_EQ(got.count, sent);
  };
  run(program());
}

// The races of the conformance tests are real ones: receives that were told to stop did end with
// bytes.
TEST_P(plain_peer, has_receives_that_end_with_bytes_after_they_were_told_to_stop) {
  const auto program = [&]() -> task<> {
    plain_pair one = co_await accept_plain(stack().server_endpoint());
    plain_pair other = co_await accept_plain(stack().server_endpoint());
    std::array<std::byte, 16> first;
    std::array<std::byte, 16> second;
    int losers_with_bytes = 0;
    for (int round = 0; round < 50; ++round) {
      const auto sends = [&]() -> task<> {
        co_await yield();
        one.send("1");
        other.send("2");
      };
      const auto receives = [&]() -> task<> {
        auto raced = co_await when_any(one.server.receive(first), other.server.receive(second));
        const bool both = raced.get<0>().has_value() && raced.get<1>().has_value();
        losers_with_bytes += both ? 1 : 0;
        if (!raced.get<0>()) must(co_await one.server.receive(first));
        if (!raced.get<1>()) must(co_await other.server.receive(second));
      };
      static_cast<void>(co_await when_all(receives(), sends()));
      EXPECT_EQ(text_of(std::span(first).first(1)), "1");
      EXPECT_EQ(text_of(std::span(second).first(1)), "2");
    }
    EXPECT_EQ(losers_with_bytes, 50);
  };
  run(program());
}

// The fifth of the five values: the same endpoints speak TCP and UDP. (UDP by plain calls: it is
// the system that keeps the two apart.)
TEST_P(plain_peer, differs_by_protocol_alone) {
  const auto program = [&]() -> task<> {
    plain_pair tcp = co_await accept_plain(stack().server_endpoint());
    const five_tuple tuple = tcp.server.tuple().value();
    const descriptor_handle near = plain_socket(AF_INET, SOCK_DGRAM);
    const descriptor_handle far = plain_socket(AF_INET, SOCK_DGRAM);
    sockaddr_in local = plain_address(tuple.local);
    sockaddr_in remote = plain_address(tuple.remote);
    auto* const here = reinterpret_cast<sockaddr*>(&local);
    auto* const there = reinterpret_cast<sockaddr*>(&remote);
    EXPECT_EQ(::bind(near.get(), here, sizeof local), 0);
    EXPECT_EQ(::bind(far.get(), there, sizeof remote), 0);
    EXPECT_EQ(::connect(near.get(), there, sizeof remote), 0);
    EXPECT_EQ(::connect(far.get(), here, sizeof local), 0);

    EXPECT_EQ(::send(far.get(), "by udp", 6, 0), 6);
    tcp.send("by tcp");
    must(co_await tcp.server.send(bytes_of("tcp back")));
    EXPECT_EQ(::send(near.get(), "udp back", 8, 0), 8);

    const received stream = must(co_await tcp.server.receive());
    EXPECT_EQ(text_of(stream.bytes()), "by tcp");
    std::array<char, 100> buffer;
    const auto text = [&](ssize_t size) {
      return std::string(buffer.data(), static_cast<std::size_t>(size));
    };
    EXPECT_EQ(text(::recv(near.get(), buffer.data(), buffer.size(), MSG_DONTWAIT)), "by udp");
    EXPECT_EQ(text(::recv(far.get(), buffer.data(), buffer.size(), MSG_DONTWAIT)), "udp back");
    EXPECT_EQ(text(::recv(tcp.client.get(), buffer.data(), buffer.size(), 0)), "tcp back");
    const result<received> nothing_else = co_await tcp.server.receive().timeout(1ms);
    EXPECT_EQ(error_of(nothing_else), std::errc::timed_out);
  };
  run(program());
}

}  // namespace
}  // namespace pentad::test
