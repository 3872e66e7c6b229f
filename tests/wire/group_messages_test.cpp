#include "pentad/wire/group_messages.hpp"

#include <gtest/gtest.h>

#include "pentad/base/ip_literal.hpp"
#include "pentad/wire/ipv4.hpp"
#include "pentad/wire/pseudo_header.hpp"
#include "pentad/wire/router_alert.hpp"
#include "tests/wire/bytes.hpp"

namespace pentad::wire {
namespace {

using namespace std::chrono_literals;
using test::byte_vector;
using test::bytes;

constexpr ip_address group = *parse_ip_literal("239.1.2.3");
constexpr ip_address group6 = *parse_ip_literal("ff15::1:2");
constexpr ip_address source = *parse_ip_literal("10.0.0.9");
constexpr ip_address any = ip_address::any(ip_version::v4);

template <class Message>
byte_vector emitted(const Message& message) {
  test::exact_copy out{byte_vector(message.size(), std::byte{0xee})};
  message.emit(out.span());
  return {out.span().begin(), out.span().end()};
}

TEST(group_messages, tells_queries_of_igmp_apart_by_length_and_time) {
  const auto first = group_query::parse(ip_version::v4, bytes("1100eeff 00000000"));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->protocol, group_protocol::first);
  EXPECT_EQ(first->response_time, 10s);
  const auto second = group_query::parse(ip_version::v4, bytes("1119fbc0 ef010203"));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->protocol, group_protocol::second);
  EXPECT_EQ(second->response_time, 2500ms);
  EXPECT_EQ(second->group, group);
  const byte_vector message = bytes("118a0000 ef010203 0a8c0002 0a000009 0a00000a");
  const auto third = group_query::parse(ip_version::v4, message);
  ASSERT_TRUE(third);
  EXPECT_EQ(third->protocol, group_protocol::third);
  EXPECT_EQ(third->response_time, 20800ms) << "(10 + 16) << 3 tenths of a second";
  EXPECT_TRUE(third->suppress);
  EXPECT_EQ(third->robustness, 2);
  EXPECT_EQ(third->interval, 224s);
  ASSERT_EQ(third->sources.size(), 2U);
  EXPECT_EQ(third->sources[0], source);
}

TEST(group_messages, refuses_what_is_no_query) {
  EXPECT_EQ(group_query::parse(ip_version::v4, bytes("1664fbc0 ef010203")).error(),
            parse_error::unsupported);
  EXPECT_EQ(group_query::parse(ip_version::v4, bytes("1164fbc0 0a000001")).error(),
            parse_error::malformed)
      << "not about a group";
  EXPECT_EQ(group_query::parse(ip_version::v4, bytes("1164fbc0 ef010203 0000")).error(),
            parse_error::malformed)
      << "between two lengths";
  EXPECT_EQ(group_query::parse(ip_version::v4, bytes("11640000 ef010203 02000001")).error(),
            parse_error::truncated);
  EXPECT_EQ(
      group_query::parse(ip_version::v4, bytes("11640000 00000000 02000001 0a000009")).error(),
      parse_error::malformed)
      << "sources of no group";
}

TEST(group_messages, reads_the_queries_that_it_writes) {
  const std::array asked{source};
  for (const auto time : {100ms, 12700ms, 12800ms, 243200ms}) {
    group_query query;
    query.group = group;
    query.response_time = time;
    query.robustness = 7;
    query.interval = 125s;
    query.asked = asked;
    const byte_vector message = emitted(query);
    EXPECT_EQ(internet_sum{message}.folded(), 0xffff);
    const auto read = group_query::parse(ip_version::v4, message);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->response_time, time);
    EXPECT_EQ(read->robustness, 7);
    EXPECT_EQ(read->interval, 125s);
    EXPECT_EQ(read->sources[0], source);
  }
}

TEST(group_messages, the_times_of_mld_are_milliseconds) {
  group_query query;
  query.group = group6;
  query.response_time = 32768ms;
  const auto third = group_query::parse(ip_version::v6, emitted(query));
  ASSERT_TRUE(third);
  EXPECT_EQ(third->protocol, group_protocol::third);
  EXPECT_EQ(third->response_time, 32768ms);
  query.protocol = group_protocol::second;
  query.response_time = 65535ms;
  const auto second = group_query::parse(ip_version::v6, emitted(query));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->protocol, group_protocol::second);
  EXPECT_EQ(second->response_time, 65535ms) << "no floating point in MLDv1";
}

TEST(group_messages, writes_notices) {
  using kind = group_notice::kind;
  EXPECT_EQ(emitted(group_notice{kind::heard, group_protocol::second, group}),
            bytes("1600f8fa ef010203"));
  EXPECT_EQ(emitted(group_notice{kind::left, group_protocol::second, group}),
            bytes("1700f7fa ef010203"));
  EXPECT_EQ(emitted(group_notice{kind::heard, group_protocol::first, group}),
            bytes("1200fcfa ef010203"));
}

TEST(group_messages, reads_the_notices_that_it_writes) {
  using kind = group_notice::kind;
  for (const ip_address& each : {group, group6}) {
    for (const kind what : {kind::heard, kind::left}) {
      const group_notice notice{what, group_protocol::second, each};
      EXPECT_EQ(group_notice::parse(each.version(), emitted(notice)), notice);
    }
  }
  EXPECT_EQ(group_notice::parse(ip_version::v4, bytes("1600f8fa 0a000001")).error(),
            parse_error::malformed);
}

TEST(group_messages, writes_and_reads_reports) {
  const std::array sources{source};
  const std::array records{group_record{group_record_type::to_exclude, group, {}},
                           group_record{group_record_type::allow_new, group, sources}};
  byte_vector message(group_report_size(records));
  emit_group_report(message, ip_version::v4, records);
  EXPECT_EQ(message, bytes("2200e8e9 00000002 04000000 ef010203 05000001 ef010203 0a000009"));
  auto view = group_report_view::parse(ip_version::v4, message);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->size(), 2U);
  EXPECT_EQ(view->next()->type, group_record_type::to_exclude);
  const auto second = view->next();
  EXPECT_EQ(second->group, group);
  EXPECT_EQ(second->sources[0], source);
  EXPECT_FALSE(view->next());
  EXPECT_TRUE(test::refuses_every_truncation(message, [](std::span<const std::byte> part) {
    return group_report_view::parse(ip_version::v4, part).has_value();
  }));
}

TEST(group_messages, skips_auxiliary_data_of_records) {
  const byte_vector message =
      bytes("22000000 00000002 02010000 ef010203 ffffffff 04000000 ef010204");
  auto view = group_report_view::parse(ip_version::v4, message);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->next()->group, group);
  EXPECT_EQ(view->next()->group, *parse_ip_literal("239.1.2.4"));
}

TEST(router_alert, is_an_option_of_a_header_with_a_good_checksum) {
  byte_vector header(ipv4_router_alert_header_size);
  emit_with_router_alert(header, {.source = source, .destination = group, .payload_size = 0});
  const auto view = ipv4_view::parse(header);
  ASSERT_TRUE(view);
  EXPECT_TRUE(view->has_router_alert());
  EXPECT_EQ(view->options().size(), 4U);
  byte_vector plain(ipv4_header::size());
  ipv4_header{.source = source, .destination = group}.emit(plain);
  EXPECT_FALSE(ipv4_view::parse(plain)->has_router_alert());
}

}  // namespace
}  // namespace pentad::wire
