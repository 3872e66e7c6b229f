// What `pentad flows` does with flows: filters, JSON that is read back, tables and rates.
#include <gtest/gtest.h>

#include <algorithm>

#include "apps/pentad/flow_filter.hpp"
#include "apps/pentad/flow_json.hpp"
#include "apps/pentad/flow_rates.hpp"
#include "apps/pentad/flow_table.hpp"
#include "apps/pentad/short_text.hpp"

namespace pentad::command {
namespace {

using namespace std::chrono_literals;

flow connection(std::string_view local = "10.9.0.1:80", std::string_view remote = "10.9.0.2:4000") {
  flow x;
  x.protocol = ip_protocol::tcp;
  x.local = endpoint::parse(local).value();
  x.remote = endpoint::parse(remote).value();
  x.state = flow_state::established;
  x.processes = {{12, "server"}};
  x.inode = 7;
  return x;
}

flow listener() {
  flow x = connection();
  x.remote.reset();
  x.state = flow_state::listen;
  x.waiting = 1;
  x.backlog = 5;
  return x;
}

flow unix_socket(std::string_view path) {
  flow x;
  x.kind = flow_kind::datagram;
  x.local = path.empty() ? unix_endpoint() : unix_endpoint::parse(path).value();
  x.inode = 99;
  return x;
}

bool matches(std::initializer_list<const char*> parts, const flow& x) {
  flow_filter filter;
  for (const char* each : parts) EXPECT_TRUE(filter.add(each)) << each;
  return filter.matches(x);
}

TEST(flow_filter_, matches_by_quintuple_state_and_process) {
  const flow x = connection();
  EXPECT_TRUE(matches({}, x));
  EXPECT_TRUE(matches({"tcp *:80 > 10.9.0.2:*"}, x));
  EXPECT_FALSE(matches({"tcp *:81 > *:*"}, x));
  EXPECT_FALSE(matches({"udp *:* > *:*"}, x));
  EXPECT_TRUE(matches({"state=established"}, x));
  EXPECT_FALSE(matches({"state=listen"}, x));
  EXPECT_TRUE(matches({"process=server"}, x));
  EXPECT_TRUE(matches({"process=12"}, x));
  EXPECT_FALSE(matches({"process=1"}, x));
  EXPECT_TRUE(matches({"process=12", "state=established"}, x));
  EXPECT_FALSE(matches({"process=12", "state=listen"}, x));
  EXPECT_FALSE(matches({"* *:* > *:*"}, unix_socket("/x"))) << "has no quintuple";
}

TEST(flow_filter_, knows_who_waits_for_anybody) {
  flow_filter filter;
  filter.listening_only();
  EXPECT_TRUE(filter.matches(listener()));
  EXPECT_FALSE(filter.matches(connection()));
  EXPECT_TRUE(filter.matches(unix_socket("@name")));
  EXPECT_FALSE(filter.matches(unix_socket("")));
}

TEST(flow_filter_, says_what_is_wrong) {
  for (const char* text : {"", "tcp", "state=", "state=open", "process=", "tcp 1 > 2"}) {
    EXPECT_FALSE(flow_filter().add(text)) << text;
  }
}

TEST(flow_json, is_read_as_it_was_written) {
  flow x = connection("[fd00::1]:80", "[fd00::2]:90");
  x.stack = flow_stack::native;
  x.info.rtt = 3ms;
  x.info.rtt_variance = 1us;
  x.info.segment_size = 1440;
  x.info.congestion_window = 14400;
  x.info.in_flight = 1;
  x.info.retransmits = 2;
  x.info.delivery_rate = 3;
  x.info.bytes_acknowledged = 4;
  x.info.bytes_received = 5;
  x.info.send_queue = 6;
  x.info.receive_queue = 7;
  x.hops = {
      .socket_to_stack = 1us, .stack_to_nic = 2us, .nic_to_stack = 0ns, .stack_to_program = {}};
  x.processes.push_back({13, "\"odd\"\n"});
  x.interface = 1;
  for (const flow& each : {x, listener()}) {
    const std::optional<flow> read = parse_flow(to_json(each));
    ASSERT_TRUE(read);
    EXPECT_EQ(to_json(*read), to_json(each));
    EXPECT_EQ(read->remote, each.remote);
    EXPECT_EQ(read->hops, each.hops);
  }
}

TEST(flow_json, of_a_stranger_is_not_trusted) {
  for (const char* text :
       {"", "{", "[]", "null", "{}", R"({"stack":"native"})",
        R"({"stack":"native","kind":"stream","protocol":"tcp","state":"listen","local":7})"}) {
    EXPECT_FALSE(parse_flow(text)) << text;
  }
  const std::string begin =
      R"({"stack":"native","kind":"stream","protocol":"tcp","state":"listen",)"
      R"("local":{"address":"10.0.0.1","port":)";
  EXPECT_TRUE(parse_flow(begin + "1}}"));
  EXPECT_FALSE(parse_flow(begin + "65536}}"));
  EXPECT_FALSE(parse_flow(begin + "-1}}"));
  const auto odd = parse_flow(begin + R"(1},"rtt":-5,"waiting":1e99,"backlog":"many",)"
                                      R"("processes":[1,{"id":"x"},{"id":3}],"inode":null})");
  ASSERT_TRUE(odd);
  EXPECT_FALSE(odd->info.rtt);
  EXPECT_FALSE(odd->waiting);
  EXPECT_FALSE(odd->backlog);
  EXPECT_FALSE(odd->inode);
  EXPECT_EQ(odd->processes, (std::vector<flow_process>{{3, ""}}));
}

std::vector<const flow_column*> columns(std::initializer_list<std::string_view> headings) {
  std::vector<const flow_column*> chosen;
  for (const flow_column& each : flow_columns()) {
    if (std::ranges::find(headings, each.heading) != headings.end()) chosen.push_back(&each);
  }
  return chosen;
}

std::vector<flow_row> rows_of(std::initializer_list<flow> flows) {
  std::vector<flow_row> rows;
  for (const flow& each : flows) rows.push_back({each, {}, {}});
  return rows;
}

TEST(flow_table, lines_up_its_columns) {
  const auto rows = rows_of({connection(), listener(), unix_socket("/run/x"), unix_socket("")});
  EXPECT_EQ(flow_lines(rows, columns({"PROTOCOL", "RECV-Q", "LOCAL", "REMOTE"})),
            (std::vector<std::string>{"PROTOCOL       RECV-Q  LOCAL        REMOTE",
                                      "tcp                 -  10.9.0.1:80  10.9.0.2:4000",
                                      "tcp                 1  10.9.0.1:80  *",
                                      "unix/datagram       -  /run/x       *",
                                      "unix/datagram       -  #99          *"}));
}

TEST(flow_table, shows_the_hops_of_traced_sockets) {
  flow x = connection();
  x.hops = {
      .socket_to_stack = 1us, .stack_to_nic = 2us, .nic_to_stack = 3us, .stack_to_program = {}};
  const auto lines = flow_lines(rows_of({x, listener()}), columns({"HOPS"}));
  EXPECT_EQ(lines[1], "1.00us+2.00us 3.00us+-");
  EXPECT_EQ(lines[2], "-");
}

TEST(flow_table, shows_nothing_that_moves_the_cursor) {
  flow x = unix_socket("/run/\x1b[2J\xff");
  x.processes = {{1, "a\rb"}};
  const auto lines = flow_lines(rows_of({x}), columns({"LOCAL", "PROCESS"}));
  EXPECT_EQ(lines[1], "/run/\u241b[2J\ufffd  a\u240db(1)");
}

TEST(flow_table, gives_up_what_is_worth_least_and_then_cuts) {
  const auto rows = rows_of({connection()});
  std::vector<const flow_column*> all;
  for (const flow_column& each : flow_columns()) all.push_back(&each);
  for (std::size_t width = 0; width < 200; ++width) {
    for (const std::string& line : flow_lines(rows, all, {}, width)) EXPECT_LE(line.size(), width);
  }
  EXPECT_EQ(flow_lines(rows, columns({"LOCAL", "REMOTE", "CWND", "STACK"}), {}, 32)[1],
            "10.9.0.1:80  10.9.0.2:4000     -");
}

TEST(flow_table, is_sorted_by_any_column) {
  std::vector<flow_row> rows = rows_of({connection("10.9.0.1:80"), connection("10.9.0.1:9")});
  rows[0].received_rate = 5;
  const flow_column* const local = columns({"LOCAL"})[0];
  sort(rows, {local, false});
  EXPECT_EQ(rows[0].what.local.ip().port, 9) << "by number, not by its text";
  sort(rows, {local, true});
  EXPECT_EQ(rows[0].what.local.ip().port, 80);
  const flow_column* const rate = columns({"RECEIVED/s"})[0];
  sort(rows, {rate, true});
  EXPECT_EQ(rows[0].what.local.ip().port, 9) << "unknown is least";
  sort(rows, {rate, false});
  EXPECT_EQ(rows[0].what.local.ip().port, 80) << "the largest first";
  EXPECT_EQ(flow_lines(rows, columns({"LOCAL", "RECEIVED/s"}), {rate, false})[0],
            "LOCAL        RECEIVED/s\u2193");
  for (const flow_column& each : flow_columns()) sort(rows, {&each, false});
}

TEST(flow_rates_, are_known_from_the_second_look_on) {
  flow_rates rates;
  flow x = connection();
  x.info.bytes_acknowledged = 1000;
  x.info.bytes_received = 0;
  EXPECT_FALSE(rates.rows({x}, instant(1s)).at(0).sent_rate);
  x.info.bytes_acknowledged = 5000;
  const flow_row row = rates.rows({x}, instant(3s)).at(0);
  EXPECT_EQ(row.sent_rate, 2000);
  EXPECT_EQ(row.received_rate, 0);
}

TEST(flow_rates_, are_not_those_of_another_flow_in_its_place) {
  flow_rates rates;
  flow x = connection();
  x.info.bytes_acknowledged = 1000;
  rates.rows({x}, instant(1s));
  x.inode = 8;
  EXPECT_FALSE(rates.rows({x}, instant(2s)).at(0).sent_rate);
  x.info.bytes_acknowledged = 10;
  EXPECT_FALSE(rates.rows({x}, instant(3s)).at(0).sent_rate) << "bytes do not grow fewer";
}

TEST(short_text, has_three_digits_and_a_unit) {
  EXPECT_EQ(short_number(0), "0");
  EXPECT_EQ(short_number(999), "999");
  EXPECT_EQ(short_number(999.6), "1.00k");
  EXPECT_EQ(short_number(1234), "1.23k");
  EXPECT_EQ(short_number(45'600'000), "45.6M");
  EXPECT_EQ(short_number(999'600), "1.00M");
  EXPECT_EQ(short_number(5e17), "500000T");
  EXPECT_EQ(short_time(850ns), "850ns");
  EXPECT_EQ(short_time(12'340ns), "12.3us");
  EXPECT_EQ(short_time(1200us), "1.20ms");
  EXPECT_EQ(short_time(123s), "123s");
}

}  // namespace
}  // namespace pentad::command
