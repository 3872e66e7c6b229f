#include "pentad/stack/flow.hpp"

#include <gtest/gtest.h>

namespace pentad {
namespace {

using namespace std::chrono_literals;

TEST(flow_names, are_read_as_they_are_written) {
  for (int i = 0; i <= static_cast<int>(flow_state::unconnected); ++i) {
    const auto state = static_cast<flow_state>(i);
    EXPECT_EQ(parse_flow_state(name_of(state)), state);
  }
  for (int i = 0; i <= static_cast<int>(flow_kind::raw); ++i) {
    const auto kind = static_cast<flow_kind>(i);
    EXPECT_EQ(parse_flow_kind(name_of(kind)), kind);
  }
  EXPECT_EQ(parse_flow_stack("native"), flow_stack::native);
  EXPECT_EQ(name_of(flow_state::fin_wait_1), "fin-wait-1");
  EXPECT_EQ(name_of(flow_state::syn_received), "syn-received");
  EXPECT_FALSE(parse_flow_state("open"));
}

TEST(flow, without_a_peer_has_the_unspecified_one_in_its_tuple) {
  flow x;
  x.protocol = ip_protocol::tcp;
  x.local = endpoint::parse("[fd00::1]:80").value();
  EXPECT_EQ(to_string(x.tuple().value()), "tcp [fd00::1]:80 > [::]:0");
}

TEST(flow, of_a_unix_socket_has_no_tuple) {
  flow x;
  x.local = unix_endpoint::parse("/run/x").value();
  EXPECT_FALSE(x.tuple());
}

TEST(flow, is_json_with_what_is_known) {
  flow x;
  x.protocol = ip_protocol::tcp;
  x.local = endpoint::parse("10.9.0.1:80").value();
  x.remote = endpoint::parse("10.9.0.2:4000").value();
  x.state = flow_state::established;
  x.info.rtt = 2ms;
  x.info.send_queue = 5;
  x.inode = 77;
  x.processes = {{12, "a \"b\""}, {13, "c"}};
  EXPECT_EQ(to_json(x), R"({"stack":"kernel","kind":"stream","protocol":"tcp",)"
                        R"("local":{"address":"10.9.0.1","port":80},)"
                        R"("remote":{"address":"10.9.0.2","port":4000},"state":"established",)"
                        R"("send_queue":5,"rtt":2000000,"inode":77,)"
                        R"("processes":[{"id":12,"name":"a \"b\""},{"id":13,"name":"c"}]})");
}

TEST(flow, of_a_unix_listener_is_json) {
  flow x;
  x.local = unix_endpoint::parse("@name").value();
  x.state = flow_state::listen;
  x.waiting = 1;
  x.backlog = 5;
  EXPECT_EQ(to_json(x),
            R"({"stack":"kernel","kind":"stream","protocol":"unix","local":{"path":"@name"},)"
            R"("state":"listen","waiting":1,"backlog":5})");
}

}  // namespace
}  // namespace pentad
