// What a host tells of the flows that are alive on it, alike on every stack.

#include <algorithm>
#include <optional>

#include "pentad/runtime/scope.hpp"
#include "tests/socket/kernel_stacks.hpp"
#include "tests/socket/native_over_tap.hpp"
#include "tests/socket/native_under_test.hpp"
#include "tests/socket/stream_pair.hpp"

namespace pentad::test {
namespace {

class flows : public on_each_stack {
 protected:
  // The one flow that is so; there may be others on the machine.
  template <class Predicate>
  static std::optional<flow> find(host& on, Predicate is_so) {
    const std::vector<flow> all = must(on.flows());
    EXPECT_LE(std::ranges::count_if(all, is_so), 1);
    const auto found = std::ranges::find_if(all, is_so);
    return found == all.end() ? std::nullopt : std::optional(*found);
  }

  static std::optional<flow> find(host& on, const five_tuple& tuple) {
    return find(on, [&](const flow& each) { return each.tuple() == tuple; });
  }

  static std::optional<flow> find_listener(host& on, const endpoint& local) {
    return find(on, [&](const flow& each) {
      return each.state == flow_state::listen && each.local == socket_address(local);
    });
  }

  static task<> comes_to(host& on, const five_tuple& tuple, flow_state state) {
    for (;;) {
      const std::optional<flow> found = find(on, tuple);
      if (found && found->state == state) co_return;
      must(co_await on.sleep(100us));
    }
  }
};

INSTANTIATE_TEST_SUITE_P(kernel, flows, testing::ValuesIn(kernel_stacks), stack_name);
INSTANTIATE_TEST_SUITE_P(native, flows, testing::Values(native_over_memory), stack_name);
INSTANTIATE_TEST_SUITE_P(tap, flows, testing::ValuesIn(native_against_linux), stack_name);

TEST_P(flows, have_listeners_with_their_queues) {
  const auto program = [&]() -> task<> {
    listen_options options;
    options.backlog = 7;
    stream_listener listener = must(server().listen(stack().server_endpoint(), options));
    const endpoint where = must(listener.local()).ip();
    const flow before = find_listener(server(), where).value();
    EXPECT_EQ(before.kind, flow_kind::stream);
    EXPECT_EQ(before.protocol, ip_protocol::tcp);
    EXPECT_EQ(before.tuple()->remote, endpoint());
    EXPECT_EQ(before.waiting, 0U);
    EXPECT_EQ(before.backlog, 7U);
    const stream_socket one = must(co_await client().connect(where));
    while (find_listener(server(), where)->waiting != 1U) must(co_await server().sleep(100us));
    listener.close();
    EXPECT_FALSE(find_listener(server(), where));
  };
  run(program());
}

TEST_P(flows, have_both_ends_of_a_connection) {
  const auto program = [&]() -> task<> {
    for (const ip_version version : {ip_version::v4, ip_version::v6}) {
      if (!stack().has(version)) continue;
      stream_pair ends = co_await connect_pair(stack(), version);
      const five_tuple tuple = ends.client.tuple().value();
      const flow near = find(client(), tuple).value();
      const flow far = find(server(), tuple.swapped()).value();
      for (const flow& each : {near, far}) {
        EXPECT_EQ(each.kind, flow_kind::stream);
        EXPECT_EQ(each.state, flow_state::established);
        EXPECT_FALSE(each.waiting);
        EXPECT_FALSE(each.backlog);
      }
      ends.client.abort();
    }
  };
  run(program());
}

TEST_P(flows, tell_what_their_sockets_tell) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    const std::vector<std::byte> bytes = pattern(1000);
    must(co_await ends.client.send(bytes));
    co_await arrival(ends.server, 1000);
    const five_tuple tuple = ends.server.tuple().value();
    const stream_info listed = find(server(), tuple)->info;
    const stream_info told = ends.server.info();
    EXPECT_EQ(listed.receive_queue, 1000U);
    EXPECT_EQ(listed.bytes_received, 1000U);
    EXPECT_EQ(listed.send_queue, told.send_queue);
    EXPECT_EQ(listed.rtt, told.rtt);
    EXPECT_EQ(listed.congestion_window, told.congestion_window);
    EXPECT_EQ(listed.segment_size, told.segment_size);
    EXPECT_EQ(listed.retransmits, told.retransmits);
  };
  run(program());
}

TEST_P(flows, have_connections_that_are_being_made) {
  const auto program = [&]() -> task<> {
    const endpoint nowhere = stack().silence();
    co_await in_scope([&](scope& all) -> task<> {
      const auto connects = [&]() -> task<> {
        const auto connected = co_await client().connect(nowhere);
        EXPECT_EQ(error_of(connected), std::errc::operation_canceled);
      };
      all.spawn(connects());
      const auto is_connecting = [&](const flow& each) {
        return each.state == flow_state::syn_sent && each.remote == socket_address(nowhere);
      };
      while (!find(client(), is_connecting)) must(co_await client().sleep(100us));
      all.cancel();
    });
  };
  run(program());
}

TEST_P(flows, have_what_is_left_of_a_connection) {
  const auto program = [&]() -> task<> {
    stream_pair ends = co_await connect_pair(stack());
    const five_tuple tuple = ends.client.tuple().value();
    must(ends.client.shutdown(direction::send));
    const received end = must(co_await ends.server.receive());
    EXPECT_TRUE(end.empty());
    co_await comes_to(client(), tuple, flow_state::fin_wait_2);
    co_await comes_to(server(), tuple.swapped(), flow_state::close_wait);
    ends.server.close();
    ends.client.close();
    co_await comes_to(client(), tuple, flow_state::time_wait);
    EXPECT_FALSE(find(client(), tuple)->inode) << "no program has it any more";
    // Until the last acknowledgement has come.
    while (find(server(), tuple.swapped())) must(co_await server().sleep(100us));
  };
  run(program());
}

}  // namespace
}  // namespace pentad::test
