// Conformance of datagram sockets: what is sent arrives whole, with all that goes with it.
#pragma once

#include <algorithm>

#include "tests/socket/datagram_suite.hpp"
#include "tests/socket/stream_pair.hpp"

namespace pentad::test {

TEST_P(datagram, brings_a_message_with_all_that_goes_with_it) {
  const auto program = [&](ip_version version) -> task<> {
    datagram_socket far = server_socket(version);
    datagram_socket near = client_socket(version);
    must(co_await near.send(as_datagram("hello"), local_of(far)));
    std::array<std::byte, 100> buffer;
    const received_datagram received = must(co_await far.receive(buffer));
    EXPECT_EQ(as_text(received), "hello");
    EXPECT_EQ(received.size, 5U);
    EXPECT_FALSE(received.truncated());
    EXPECT_EQ(received.source, socket_address(local_of(near)));
    EXPECT_EQ(received.destination, local_of(far).address);
    EXPECT_NE(received.interface, 0U);
    EXPECT_EQ(received.hop_limit, 64);
    EXPECT_EQ(received.congestion(), ecn::not_capable);
    EXPECT_EQ(received.segment_size, 0U);
  };
  for (const ip_version each : versions()) run(program(each));
}

TEST_P(datagram, is_answered_where_it_came_from) {
  const auto program = [&](ip_version version) -> task<> {
    datagram_socket far = server_socket(version);
    datagram_socket near = client_socket(version);
    must(co_await near.send(as_datagram("question"), local_of(far)));
    std::array<std::byte, 100> buffer;
    const received_datagram question = must(co_await far.receive(buffer));
    must(co_await far.send(as_datagram("answer"), question.source));
    const std::string answer = co_await receive_datagram_text(near);
    EXPECT_EQ(answer, "answer");
  };
  for (const ip_version each : versions()) run(program(each));
}

TEST_P(datagram, says_when_it_was_cut) {
  const auto program = [&]() -> task<> {
    datagram_socket far = server_socket();
    datagram_socket near = client_socket();
    must(co_await near.send(as_datagram("0123456789"), local_of(far)));
    must(co_await near.send(as_datagram("next"), local_of(far)));
    std::array<std::byte, 4> buffer;
    const received_datagram cut = must(co_await far.receive(buffer));
    EXPECT_EQ(as_text(cut), "0123");
    EXPECT_EQ(cut.size, 10U);
    EXPECT_TRUE(cut.truncated());
    const received_datagram whole = must(co_await far.receive(buffer));
    EXPECT_EQ(as_text(whole), "next");
    EXPECT_FALSE(whole.truncated());
  };
  run(program());
}

TEST_P(datagram, may_be_empty) {
  const auto program = [&]() -> task<> {
    datagram_socket far = server_socket();
    datagram_socket near = client_socket();
    must(co_await near.send(as_datagram(""), local_of(far)));
    std::array<std::byte, 4> buffer;
    const received_datagram received = must(co_await far.receive(buffer));
    EXPECT_EQ(received.size, 0U);
    EXPECT_EQ(received.source, socket_address(local_of(near)));
  };
  run(program());
}

TEST_P(datagram, is_as_large_as_udp_allows) {
  const auto program = [&]() -> task<> {
    datagram_socket far = server_socket(ip_version::v4, {.receive_buffer = 1 << 20});
    datagram_socket near = client_socket(ip_version::v4, {.send_buffer = 1 << 20});
    const std::vector<std::byte> largest = pattern(65'507);  // 65,535 less the headers
    const std::vector<std::byte> too_large = pattern(65'508);
    const result<void> refused = co_await near.send(too_large, local_of(far));
    EXPECT_EQ(error_of(refused), std::errc::message_size);
    must(co_await near.send(largest, local_of(far)));
    std::vector<std::byte> buffer(70'000);
    const received_datagram received = must(co_await far.receive(buffer).timeout(10s));
    EXPECT_EQ(received.size, largest.size());
    EXPECT_TRUE(std::ranges::equal(received.bytes, largest));
  };
  run(program());
}

TEST_P(datagram, travels_in_batches) {
  const auto program = [&]() -> task<> {
    datagram_socket far = server_socket();
    datagram_socket near = client_socket();
    std::vector<std::string> texts;
    for (int i = 0; i < 100; ++i) texts.push_back("message " + std::to_string(i));
    std::vector<outgoing_datagram> outgoing;
    for (const std::string& each : texts) {
      outgoing.push_back({.bytes = as_datagram(each), .to = local_of(far)});
    }
    const std::size_t sent = must(co_await near.send(outgoing));
    EXPECT_EQ(sent, texts.size());
    std::vector<std::array<std::byte, 64>> room(30);
    std::vector<datagram_slot> slots;
    for (auto& each : room) slots.push_back({.buffer = each});
    std::vector<std::string> got;
    while (got.size() < texts.size()) {
      const std::size_t count = must(co_await far.receive(slots).timeout(10s));
      EXPECT_LE(count, slots.size());
      for (std::size_t i = 0; i < count; ++i) {
        got.push_back(as_text(slots[i].received));
        EXPECT_EQ(slots[i].received.source, socket_address(local_of(near)));
      }
    }
    EXPECT_EQ(got, texts);
  };
  run(program());
}

TEST_P(datagram, has_the_hop_limit_and_traffic_class_that_were_asked_for) {
  const auto program = [&](ip_version version) -> task<> {
    datagram_socket far = server_socket(version);
    datagram_socket near = client_socket(version, {.hop_limit = 9, .traffic_class = 0x29});
    std::array<std::byte, 100> buffer;
    must(co_await near.send(as_datagram("by option"), local_of(far)));
    const received_datagram first = must(co_await far.receive(buffer));
    EXPECT_EQ(first.hop_limit, 9);
    EXPECT_EQ(first.traffic_class, 0x29);
    EXPECT_EQ(first.congestion(), ecn::capable_1);
    outgoing_datagram special{.bytes = as_datagram("by message"), .to = local_of(far)};
    special.hop_limit = 33;
    special.traffic_class = 0xb8 | 3;
    must(co_await near.send(special));
    const received_datagram second = must(co_await far.receive(buffer));
    EXPECT_EQ(second.hop_limit, 33);
    EXPECT_EQ(second.traffic_class, 0xb8 | 3);
    EXPECT_EQ(second.congestion(), ecn::congested);
  };
  for (const ip_version each : versions()) run(program(each));
}

// A host with several addresses answers from the one that was asked.
TEST_P(datagram, leaves_from_the_address_that_was_asked_for) {
  const auto program = [&]() -> task<> {
    datagram_socket far = server_socket();
    const endpoint everywhere(ip_address::any(ip_version::v4), 0);
    datagram_socket near = must(client().datagram(everywhere));
    for (std::uint8_t index = 0; index < 2; ++index) {
      const ip_address from = stack().client_address(ip_version::v4, index);
      outgoing_datagram message{.bytes = as_datagram("x"), .to = local_of(far)};
      message.from = from;
      must(co_await near.send(message));
      std::array<std::byte, 100> buffer;
      const received_datagram received = must(co_await far.receive(buffer));
      EXPECT_EQ(received.source, socket_address(endpoint(from, local_of(near).port)));
    }
  };
  run(program());
}

TEST_P(datagram, is_cut_into_segments_and_put_together_again) {
  const auto program = [&]() -> task<> {
    datagram_socket far = server_socket(ip_version::v4, {.receive_buffer = 1 << 20});
    datagram_socket near = client_socket();
    const std::vector<std::byte> sent = pattern(950);
    outgoing_datagram message{.bytes = sent, .to = local_of(far)};
    message.segment_size = 100;
    must(co_await near.send(message));
    std::vector<std::byte> got;
    std::vector<std::byte> buffer(65'536);
    for (int i = 0; i < 10; ++i) {
      const received_datagram received = must(co_await far.receive(buffer).timeout(10s));
      EXPECT_EQ(received.size, i == 9 ? 50U : 100U);
      got.insert(got.end(), received.bytes.begin(), received.bytes.end());
    }
    EXPECT_EQ(got, sent);
  };
  run(program());
}

TEST_P(datagram, tells_when_it_passed_the_hops_of_its_path) {
  const auto program = [&]() -> task<> {
    datagram_socket far = server_socket(ip_version::v4, {.path_tracing = true});
    datagram_socket near = client_socket(ip_version::v4, {.path_tracing = true});
    std::array<std::byte, 100> buffer;
    // Linux begins to stamp what arrives a moment after the first socket has asked for it.
    bool is_stamped = false;
    for (std::uint64_t i = 0; i < 3 || !is_stamped; ++i) {
      must(co_await near.send(as_datagram("x"), local_of(far)));
      const received_datagram received = must(co_await far.receive(buffer));
      const sent_message sent = must(co_await near.sent_message().timeout(10s));
      EXPECT_EQ(sent.number, i);
      EXPECT_LE(sent.times.given.value(), sent.times.scheduled.value());
      EXPECT_LE(sent.times.scheduled.value(), sent.times.transmitted.value());
      EXPECT_FALSE(sent.times.acknowledged);
      is_stamped = received.times.arrived.has_value();
      if (is_stamped) {
        EXPECT_LE(*received.times.arrived, received.times.read.value());
      }
    }
  };
  run(program());
}

TEST_P(datagram, has_no_times_unless_they_are_asked_for) {
  const auto program = [&]() -> task<> {
    datagram_socket far = server_socket();
    datagram_socket near = client_socket();
    std::array<std::byte, 100> buffer;
    must(co_await near.send(as_datagram("x"), local_of(far)));
    const received_datagram received = must(co_await far.receive(buffer));
    EXPECT_FALSE(received.times.arrived || received.times.read);
    const result<sent_message> refused = co_await near.sent_message();
    EXPECT_EQ(error_of(refused), std::errc::operation_not_supported);
  };
  run(program());
}

}  // namespace pentad::test
