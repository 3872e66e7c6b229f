// What Linux's stack alone shows of datagrams: dual-stack sockets, groups, coalescing, errors of
// this host.

#include <algorithm>

#include "tests/socket/datagram_suite.hpp"
#include "tests/socket/kernel_stacks.hpp"
#include "tests/socket/stream_pair.hpp"

namespace pentad::test {
namespace {

class kernel_datagram : public datagram {};

network_interface loopback_of(host& here) {
  const std::vector<network_interface> all = must(here.interfaces());
  return *std::ranges::find_if(all, &network_interface::is_loopback);
}

TEST_P(kernel_datagram, host_lists_its_interfaces) {
  const network_interface loopback = loopback_of(server());
  EXPECT_EQ(loopback.name, "lo");
  EXPECT_EQ(loopback.index, 1U);
  EXPECT_EQ(loopback.mtu, 65'536U);
  EXPECT_TRUE(loopback.is_up);
  const ip_address own = ip_address::loopback(ip_version::v4);
  EXPECT_TRUE(std::ranges::any_of(loopback.addresses, [&](const auto& each) {
    return each.ip == own && each.prefix_length == 8;
  }));
}

TEST_P(kernel_datagram, of_ipv4_comes_to_a_socket_of_ipv6) {
  if (!stack().has(ip_version::v6)) GTEST_SKIP() << "needs IPv6";
  const auto program = [&]() -> task<> {
    datagram_socket far = must(server().datagram(endpoint(ip_address::any(ip_version::v6), 0)));
    datagram_socket near = client_socket();
    const endpoint to(ip_address::loopback(ip_version::v4), local_of(far).port);
    must(co_await near.send(as_datagram("question"), to));
    std::array<std::byte, 100> buffer;
    const received_datagram question = must(co_await far.receive(buffer));
    EXPECT_EQ(question.source, socket_address(local_of(near)));
    EXPECT_EQ(question.destination, to.address);
    EXPECT_EQ(question.hop_limit, 64);
    EXPECT_EQ(question.congestion(), ecn::not_capable);
    outgoing_datagram answer{.bytes = as_datagram("answer"), .to = question.source};
    answer.from = question.destination;
    answer.hop_limit = 5;
    must(co_await far.send(answer));
    const received_datagram back = must(co_await near.receive(buffer));
    EXPECT_EQ(as_text(back), "answer");
    EXPECT_EQ(back.hop_limit, 5);
  };
  run(program());
}

TEST_P(kernel_datagram, reaches_all_members_of_a_group_until_they_leave) {
  const auto program = [&]() -> task<> {
    const ip_address group = ip_address::v4(239, 1, 2, 3);
    const std::uint32_t through = loopback_of(server()).index;
    datagram_options shared{.reuse_address = true};
    datagram_socket one = must(server().datagram(endpoint(group, 0), shared));
    const endpoint everybody = local_of(one);
    datagram_socket two = must(server().datagram(everybody, shared));
    must(one.join({.address = group, .interface = through}));
    must(two.join({.address = group, .interface = through}));
    EXPECT_EQ(error_of(two.join({.address = group, .interface = through})),
              std::errc::address_in_use);
    datagram_options sending{.multicast_hop_limit = 3};
    sending.multicast_interface = through;
    datagram_socket near = client_socket(ip_version::v4, sending);
    must(co_await near.send(as_datagram("to all"), everybody));
    std::array<std::byte, 100> buffer;
    const received_datagram first = must(co_await one.receive(buffer).timeout(10s));
    EXPECT_EQ(as_text(first), "to all");
    EXPECT_EQ(first.destination, group);
    EXPECT_EQ(first.hop_limit, 3);
    const std::string second = co_await receive_datagram_text(two);
    EXPECT_EQ(second, "to all");
    must(two.leave({.address = group, .interface = through}));
    EXPECT_EQ(error_of(two.leave({.address = group, .interface = through})),
              std::errc::address_not_available);
  };
  run(program());
}

TEST_P(kernel_datagram, of_a_group_comes_only_from_the_source_that_was_asked_for) {
  const auto program = [&]() -> task<> {
    const ip_address group = ip_address::v4(232, 1, 2, 3);  // RFC 4607
    const std::uint32_t through = loopback_of(server()).index;
    datagram_socket far = must(server().datagram(endpoint(group, 0)));
    const ip_address wanted = stack().client_address(ip_version::v4, 1);
    must(far.join({.address = group, .source = wanted, .interface = through}));
    datagram_options sending;
    sending.multicast_interface = through;
    datagram_socket stranger = client_socket(ip_version::v4, sending);
    datagram_socket friendly = must(client().datagram(endpoint(wanted, 0), sending));
    must(co_await stranger.send(as_datagram("stranger"), local_of(far)));
    must(co_await friendly.send(as_datagram("friend"), local_of(far)));
    const std::string got = co_await receive_datagram_text(far);
    EXPECT_EQ(got, "friend");
  };
  run(program());
}

// Each begins with its number, and its size follows from that.
std::vector<std::byte> numbered(std::size_t number) {
  std::vector<std::byte> bytes = pattern(number % 40 == 39 ? 20'000 : 1 + number * 37 % 1400);
  bytes.front() = static_cast<std::byte>(number);
  return bytes;
}

TEST_P(kernel_datagram, that_come_faster_than_they_are_asked_for_come_whole_and_in_order) {
  const auto program = [&]() -> task<> {
    constexpr std::size_t count = 100;
    const datagram_options roomy{.receive_buffer = 1 << 20};
    std::array<datagram_socket, 2> far{server_socket(ip_version::v4, roomy),
                                       server_socket(ip_version::v4, roomy)};
    datagram_socket near = client_socket();
    for (std::size_t i = 0; i != count; ++i) {
      const std::vector<std::byte> sent = numbered(i);
      for (datagram_socket& each : far) must(co_await near.send(sent, local_of(each)));
    }
    std::vector<std::byte> buffer(65'536);
    for (std::size_t i = 0; i != count; ++i) {
      const std::vector<std::byte> sent = numbered(i);
      for (datagram_socket& each : far) {
        const std::size_t room = i % 7 == 3 ? 50 : buffer.size();
        const received_datagram got =
            must(co_await each.receive(std::span(buffer).first(room)).timeout(10s));
        EXPECT_EQ(got.size, sent.size()) << i;
        EXPECT_EQ(got.truncated(), sent.size() > room) << i;
        EXPECT_TRUE(std::ranges::equal(got.bytes, std::span(sent).first(got.bytes.size()))) << i;
        EXPECT_EQ(got.bytes.size(), std::min(room, sent.size())) << i;
        EXPECT_EQ(got.source, socket_address(local_of(near)));
        EXPECT_EQ(got.destination, local_of(each).address);
      }
    }
    auto nothing = co_await far[0].receive(buffer).timeout(10ms);
    EXPECT_EQ(error_of(nothing), std::errc::timed_out);
  };
  run(program());
}

TEST_P(kernel_datagram, come_in_batches_after_they_have_come_one_by_one) {
  const auto program = [&]() -> task<> {
    constexpr std::size_t count = 60;
    datagram_socket far = server_socket();
    datagram_socket near = client_socket();
    for (std::size_t i = 0; i != count; ++i) must(co_await near.send(numbered(i), local_of(far)));
    std::vector<std::byte> buffer(65'536);
    std::size_t next = 0;
    for (; next != 12; ++next) {
      const received_datagram got = must(co_await far.receive(buffer).timeout(10s));
      EXPECT_EQ(got.size, numbered(next).size());
    }
    std::vector<std::vector<std::byte>> memory(8, std::vector<std::byte>(20'000));
    std::vector<datagram_slot> slots(8);
    for (std::size_t i = 0; i != slots.size(); ++i) slots[i].buffer = memory[i];
    while (next != count) {
      const std::size_t filled = must(co_await far.receive(slots).timeout(10s));
      for (std::size_t i = 0; i != filled; ++i, ++next) {
        EXPECT_TRUE(std::ranges::equal(slots[i].received.bytes, numbered(next))) << next;
      }
    }
  };
  run(program());
}

TEST_P(kernel_datagram, that_were_not_asked_for_die_with_their_socket_alone) {
  const auto program = [&]() -> task<> {
    datagram_socket kept = server_socket();
    datagram_socket near = client_socket();
    std::vector<std::byte> buffer(2048);
    for (int round = 0; round != 3; ++round) {
      datagram_socket closed = server_socket();
      for (std::size_t i = 0; i != 30; ++i) {
        must(co_await near.send(numbered(i), local_of(closed)));
        must(co_await near.send(numbered(i), local_of(kept)));
      }
      for (int i = 0; i != 12; ++i) must(co_await closed.receive(buffer).timeout(10s));
      closed.close();
      for (std::size_t i = 0; i != 30; ++i) {
        const received_datagram got = must(co_await kept.receive(buffer).timeout(10s));
        EXPECT_EQ(got.size, numbered(i).size());
      }
    }
  };
  run(program());
}

TEST_P(kernel_datagram, of_one_sender_come_coalesced_if_they_may) {
  const auto program = [&]() -> task<> {
    datagram_socket far =
        server_socket(ip_version::v4, {.receive_buffer = 1 << 20, .coalesce = true});
    datagram_socket near = client_socket();
    const std::vector<std::byte> sent = pattern(9'500);
    outgoing_datagram message{.bytes = sent, .to = local_of(far)};
    message.segment_size = 1'000;
    must(co_await near.send(message));
    std::vector<std::byte> buffer(65'536);
    const received_datagram received = must(co_await far.receive(buffer).timeout(10s));
    EXPECT_EQ(received.segment_size, 1'000U);
    EXPECT_TRUE(std::ranges::equal(received.bytes, sent));
  };
  run(program());
}

TEST_P(kernel_datagram, socket_knows_the_mtu_of_its_path) {
  datagram_socket far = server_socket();
  datagram_socket near = client_socket();
  EXPECT_EQ(error_of(near.path_mtu()), std::errc::not_connected);
  must(near.connect(local_of(far)));
  EXPECT_EQ(must(near.path_mtu()), 65'535U);  // of 65,536, which no packet of IPv4 can have
}

TEST_P(kernel_datagram, from_an_address_that_is_not_here_is_refused) {
  const auto program = [&]() -> task<> {
    datagram_socket near = client_socket();
    outgoing_datagram message{.bytes = as_datagram("x"), .to = stack().server_endpoint()};
    message.from = ip_address::v4(192, 0, 2, 1);
    const result<void> refused = co_await near.send(message);
    EXPECT_FALSE(refused.has_value());
  };
  run(program());
}

INSTANTIATE_TEST_SUITE_P(kernel, kernel_datagram, testing::ValuesIn(kernel_stacks), stack_name);

}  // namespace
}  // namespace pentad::test
