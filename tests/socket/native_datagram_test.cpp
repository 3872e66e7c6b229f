// What Pentad's own stack alone shows of datagrams, frames, interfaces and files: two hosts on a
// cable of memory, on virtual time.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "pentad/base/byte_order.hpp"
#include "pentad/runtime/descriptor_handle.hpp"
#include "tests/socket/datagram_suite.hpp"
#include "tests/socket/native_under_test.hpp"
#include "tests/socket/stream_pair.hpp"

namespace pentad::test {
namespace {

class native_datagram : public datagram {};

const ip_address group = ip_address::v4(239, 1, 2, 3);

TEST_P(native_datagram, host_lists_its_interfaces) {
  const std::vector<network_interface> all = must(server().interfaces());
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].index, 1U);
  EXPECT_EQ(all[0].name, "eth0");
  EXPECT_EQ(all[0].mtu, 1500U);
  EXPECT_TRUE(all[0].is_up && all[0].can_multicast);
  EXPECT_TRUE(std::ranges::any_of(all[0].addresses, [&](const auto& each) {
    return each.ip == stack().server_address(ip_version::v4, 0) && each.prefix_length == 24;
  }));
  EXPECT_EQ(all[1].name, "lo");
  EXPECT_TRUE(all[1].is_loopback);
}

TEST_P(native_datagram, of_ipv4_comes_to_a_socket_of_ipv6) {
  const auto program = [&]() -> task<> {
    datagram_socket far = must(server().datagram(endpoint(ip_address::any(ip_version::v6), 0)));
    datagram_socket near = client_socket();
    const endpoint to(stack().server_address(ip_version::v4, 1), local_of(far).port);
    must(co_await near.send(as_datagram("question"), to));
    std::array<std::byte, 100> buffer;
    const received_datagram question = must(co_await far.receive(buffer));
    EXPECT_EQ(question.source, socket_address(local_of(near)));
    EXPECT_EQ(question.destination, to.address);
    outgoing_datagram answer{.bytes = as_datagram("answer"), .to = question.source};
    answer.from = question.destination;
    answer.interface = question.interface;
    must(co_await far.send(answer));
    const received_datagram back = must(co_await near.receive(buffer));
    EXPECT_EQ(as_text(back), "answer");
    EXPECT_EQ(back.source, socket_address(to));
  };
  run(program());
}

TEST_P(native_datagram, reaches_the_members_of_a_group_on_both_hosts) {
  const auto program = [&](ip_address to, ip_version version) -> task<> {
    const endpoint everywhere(ip_address::any(version), 40'201);
    datagram_options sending{.multicast_hop_limit = 3};
    sending.multicast_interface = 1;
    datagram_socket far = must(server().datagram(everywhere));
    datagram_socket near = must(client().datagram(everywhere, sending));
    must(far.join({.address = to, .interface = 1}));
    must(near.join({.address = to, .interface = 1}));
    must(co_await near.send(as_datagram("to all"), endpoint(to, 40'201)));
    std::array<std::byte, 100> buffer;
    for (datagram_socket* each : {&far, &near}) {
      const received_datagram heard = must(co_await each->receive(buffer).timeout(10s));
      EXPECT_EQ(as_text(heard), "to all");
      EXPECT_EQ(heard.hop_limit, 3);
      EXPECT_EQ(heard.interface, 1U);
    }
    must(far.leave({.address = to, .interface = 1}));
    must(co_await near.send(as_datagram("to some"), endpoint(to, 40'201)));
    const result<received_datagram> nothing = co_await far.receive(buffer).timeout(1s);
    EXPECT_EQ(error_of(nothing), std::errc::timed_out);
  };
  run(program(group, ip_version::v4));
  std::array<std::byte, 16> bytes{std::byte{0xff}, std::byte{0x05}};
  bytes[15] = std::byte{9};
  run(program(ip_address::v6(bytes), ip_version::v6));
}

TEST_P(native_datagram, is_coalesced_with_those_that_follow_it) {
  const auto program = [&]() -> task<> {
    datagram_socket far = server_socket(ip_version::v4, {.coalesce = true});
    datagram_socket near = client_socket();
    const std::vector<std::byte> sent = pattern(950);
    outgoing_datagram message{.bytes = sent, .to = local_of(far)};
    message.segment_size = 100;
    must(co_await near.send(message));
    must(co_await near.send(as_datagram("next"), local_of(far)));
    must(co_await sleep(1s));
    std::vector<std::byte> buffer(65'536);
    const received_datagram all = must(co_await far.receive(buffer));
    EXPECT_EQ(all.segment_size, 100U);
    EXPECT_TRUE(std::ranges::equal(all.bytes, sent));
    const received_datagram last = must(co_await far.receive(buffer));
    EXPECT_EQ(last.segment_size, 0U);
    EXPECT_EQ(as_text(last), "next");
  };
  run(program());
}

TEST_P(native_datagram, waits_for_room_when_too_much_is_on_the_way_out) {
  const auto program = [&]() -> task<> {
    datagram_socket far = server_socket(ip_version::v4, {.receive_buffer = 1 << 24});
    datagram_socket near = client_socket(ip_version::v4, {.send_buffer = 5000});
    for (int i = 0; i < 1000; ++i) {
      must(co_await near.send(as_datagram(std::to_string(i)), local_of(far)));
    }
    for (int i = 0; i < 1000; ++i) {
      const std::string text = co_await receive_datagram_text(far);
      EXPECT_EQ(text, std::to_string(i));
    }
  };
  run(program());
}

/// What the host tells of the flow at one of its endpoints.
flow_hops hops_at(host& here, const socket_address& local) {
  for (const flow& each : must(here.flows())) {
    if (each.local.is_ip() && each.local.ip().port == local.ip().port && each.hops.any()) {
      return each.hops;
    }
  }
  return {};
}

TEST_P(native_datagram, knows_all_times_of_its_path_in_order) {
  const auto program = [&]() -> task<> {
    datagram_socket far = server_socket(ip_version::v4, {.path_tracing = true});
    datagram_socket near = client_socket(ip_version::v4, {.path_tracing = true});
    must(co_await near.send(as_datagram("x"), local_of(far)));
    must(co_await sleep(5ms));
    std::array<std::byte, 100> buffer;
    const received_datagram received = must(co_await far.receive(buffer));
    const hop_times& in = received.times;
    EXPECT_LE(in.arrived.value(), in.queued.value());
    EXPECT_GE(in.read.value() - in.queued.value(), 5ms) << "it waited for its program";
    const sent_message sent = must(co_await near.sent_message());
    EXPECT_EQ(sent.number, 0U);
    EXPECT_LE(sent.times.given.value(), sent.times.scheduled.value());
    EXPECT_LE(sent.times.scheduled.value(), sent.times.transmitted.value());
    EXPECT_LE(sent.times.transmitted.value(), in.arrived.value());
    EXPECT_TRUE(hops_at(client(), must(near.local())).stack_to_nic);
    EXPECT_GE(hops_at(server(), must(far.local())).stack_to_program.value(), 5ms);
  };
  run(program());
}

TEST_P(native_datagram, to_an_unbound_device_is_an_error) {
  EXPECT_EQ(
      error_of(client().datagram(endpoint(ip_address::any(ip_version::v4), 0), {.device = "eth7"})),
      std::errc::no_such_device);
  must(client().datagram(endpoint(ip_address::any(ip_version::v4), 0), {.device = "eth0"}));
}

bool is_udp_to(const received_frame& frame, std::uint16_t port) {
  const auto bytes = frame.bytes;
  return bytes.size() >= 42 && load_be16(bytes.data() + 12) == 0x0800 &&
         bytes[23] == std::byte{17} && load_be16(bytes.data() + 36) == port;
}

TEST_P(native_datagram, is_seen_by_packet_sockets_as_it_goes_and_comes) {
  const auto program = [&]() -> task<> {
    packet_socket going = must(client().packets({.interface = 1}));
    packet_socket coming = must(server().packets());
    datagram_socket far = server_socket();
    datagram_socket near = client_socket();
    const std::uint16_t port = local_of(far).port;
    must(co_await near.send(as_datagram("hello"), local_of(far)));
    const std::pair<packet_socket*, frame_way> both[] = {{&going, frame_way::outgoing},
                                                         {&coming, frame_way::incoming}};
    for (const auto& [frames, way] : both) {
      received_frame frame = must(co_await frames->receive().timeout(10s));
      while (!is_udp_to(frame, port)) frame = must(co_await frames->receive().timeout(10s));
      EXPECT_EQ(frame.way, way);
      EXPECT_EQ(frame.interface, 1U);
      EXPECT_EQ(frame.link, link_type::ethernet);
      EXPECT_EQ(frame.size, 14U + 20 + 8 + 5);
      EXPECT_TRUE(std::ranges::equal(frame.bytes.subspan(42), as_datagram("hello")));
    }
  };
  run(program());
}

TEST_P(native_datagram, over_loopback_is_seen_with_a_header_of_no_addresses) {
  const auto program = [&]() -> task<> {
    packet_socket frames = must(client().packets());
    const endpoint here(ip_address::loopback(ip_version::v4), 0);
    datagram_socket far = must(client().datagram(here));
    datagram_socket near = must(client().datagram(here));
    must(co_await near.send(as_datagram("hello"), local_of(far)));
    for (const frame_way way : {frame_way::outgoing, frame_way::incoming}) {
      const received_frame frame = must(co_await frames.receive().timeout(10s));
      EXPECT_TRUE(is_udp_to(frame, local_of(far).port));
      EXPECT_EQ(frame.way, way);
    }
  };
  run(program());
}

TEST_P(native_datagram, packet_sockets_have_filters_and_a_bound) {
  const auto program = [&]() -> task<> {
    const filter_instruction only_udp[] = {{0x28, 0, 0, 12}, {0x15, 0, 3, 0x0800}, {0x30, 0, 0, 23},
                                           {0x15, 0, 1, 17}, {0x06, 0, 0, 40},     {0x06, 0, 0, 0}};
    packet_socket frames = must(server().packets({.filter = only_udp, .ring_bytes = 1024}));
    datagram_socket far = server_socket();
    datagram_socket near = client_socket();
    for (int i = 0; i < 100; ++i) must(co_await near.send(as_datagram("hello"), local_of(far)));
    must(co_await sleep(1s));
    const packet_statistics counted = must(frames.statistics());
    EXPECT_EQ(counted.received, 100U) << "and no ARP";
    EXPECT_GT(counted.dropped, 80U);
    for (std::uint64_t i = counted.dropped; i < 100; ++i) {
      const received_frame frame = must(co_await frames.receive());
      EXPECT_EQ(frame.bytes.size(), 40U) << "as many bytes as the filter wants";
      EXPECT_EQ(frame.size, 47U);
    }
    const result<received_frame> nothing = co_await frames.receive().timeout(1ms);
    EXPECT_EQ(error_of(nothing), std::errc::timed_out);
    must(co_await near.send(as_datagram("hello"), local_of(far)));
    must(co_await frames.receive().timeout(1s));
  };
  run(program());
  const filter_instruction endless[] = {{0x05, 0, 0, 0xffffffff}};
  EXPECT_EQ(error_of(server().packets({.filter = endless})), std::errc::invalid_argument);
  EXPECT_EQ(error_of(server().packets({.interface = 9})), std::errc::no_such_device);
}

TEST_P(native_datagram, packet_sockets_send_whole_frames) {
  const auto program = [&]() -> task<> {
    packet_socket here = must(client().packets());
    packet_socket there = must(server().packets());
    std::vector<std::byte> frame(60, std::byte{0xff});  // to all
    frame[12] = std::byte{0x88};
    frame[13] = std::byte{0xb5};  // for experiments (IEEE 802)
    must(here.send(1, frame));
    const received_frame heard = must(co_await there.receive().timeout(1s));
    EXPECT_TRUE(std::ranges::equal(heard.bytes, frame));
    const received_frame own = must(co_await here.receive().timeout(1s));
    EXPECT_EQ(own.way, frame_way::outgoing);
    frame.resize(1515);
    EXPECT_EQ(error_of(here.send(1, frame)), std::errc::message_size);
    EXPECT_EQ(error_of(here.send(9, frame)), std::errc::no_such_device);
  };
  run(program());
}

descriptor_handle file_of(std::span<const std::byte> content) {
  std::string name = testing::TempDir() + "pentad_file_XXXXXX";
  descriptor_handle file(::mkstemp(name.data()));
  ::unlink(name.c_str());
  EXPECT_EQ(::pwrite(file.get(), content.data(), content.size(), 0),
            static_cast<ssize_t>(content.size()));
  return file;
}

TEST_P(native_datagram, stream_beside_it_sends_files) {
  const auto program = [&]() -> task<> {
    const std::vector<std::byte> content = pattern(1'000'000);
    const descriptor_handle file = file_of(content);
    stream_listener listener = must(server().listen(stack().server_endpoint()));
    const socket_address where = must(listener.local());
    auto both = co_await when_all(client().connect(where), listener.accept());
    stream_socket near = must(std::move(both.get<0>()));
    stream_socket far = must(std::move(both.get<1>()));
    std::vector<std::byte> got;
    const auto send = [&]() -> task<std::uint64_t> {
      const std::uint64_t count = must(co_await near.send_file(file.get(), 1000, 2'000'000));
      must(near.shutdown(direction::send));
      co_return count;
    };
    const auto receive = [&]() -> task<> {
      for (;;) {
        const received part = must(co_await far.receive().timeout(10s));
        if (part.empty()) break;
        got.insert(got.end(), part.bytes().begin(), part.bytes().end());
      }
    };
    task<std::uint64_t> sending = send();
    task<> receiving = receive();
    auto ended = co_await when_all(sending, receiving);
    EXPECT_EQ(ended.get<0>(), 999'000U) << "the file ends before";
    EXPECT_TRUE(std::ranges::equal(got, std::span(content).subspan(1000)));
    EXPECT_EQ(near.sent(), 999'000U);
    const result<std::uint64_t> no_file = co_await near.send_file(-1, 0, 1);
    EXPECT_FALSE(no_file);
  };
  run(program());
}

TEST_P(native_datagram, stream_beside_it_knows_all_times_of_its_path) {
  const auto program = [&]() -> task<> {
    stream_listener listener = must(server().listen(stack().server_endpoint()));
    auto both = co_await when_all(client().connect(must(listener.local())), listener.accept());
    stream_socket near = must(std::move(both.get<0>()));
    stream_socket far = must(std::move(both.get<1>()));
    must(near.set({.path_tracing = true}));
    must(far.set({.path_tracing = true}));
    std::vector<std::byte> buffer(100'000);
    std::uint64_t total = 0;
    for (const std::size_t size : {std::size_t{10}, std::size_t{5000}}) {
      must(co_await near.send(pattern(size)));
      total += size;
      must(co_await sleep(100ms));
      const std::size_t got = must(co_await far.receive(buffer));
      EXPECT_EQ(got, size);
      const hop_times in = far.received_times();
      const sent_message sent = must(co_await near.sent_message().timeout(10s));
      EXPECT_EQ(sent.number, total);
      EXPECT_LE(sent.times.given.value(), sent.times.scheduled.value());
      EXPECT_LE(sent.times.scheduled.value(), sent.times.transmitted.value());
      EXPECT_LE(sent.times.transmitted.value(), sent.times.acknowledged.value());
      EXPECT_LE(in.arrived.value(), in.queued.value());
      EXPECT_GE(in.read.value() - in.queued.value(), 50ms);
    }
    const flow_hops out = hops_at(client(), must(near.local()));
    EXPECT_GE(out.socket_to_stack.value(), 0ns);
    EXPECT_GE(out.stack_to_nic.value(), 0ns);
    EXPECT_FALSE(out.nic_to_stack) << "nothing has come in";
    const flow_hops in = hops_at(server(), must(far.local()));
    EXPECT_GE(in.nic_to_stack.value(), 0ns);
    EXPECT_GE(in.stack_to_program.value(), 50ms);
    const result<sent_message> no_more = co_await near.sent_message().timeout(1ms);
    EXPECT_EQ(error_of(no_more), std::errc::timed_out);
    must(near.set({.path_tracing = false}));
    const result<sent_message> refused = co_await near.sent_message();
    EXPECT_EQ(error_of(refused), std::errc::operation_not_supported);
  };
  run(program());
}

INSTANTIATE_TEST_SUITE_P(memory, native_datagram, testing::Values(native_over_memory), stack_name);

}  // namespace
}  // namespace pentad::test
