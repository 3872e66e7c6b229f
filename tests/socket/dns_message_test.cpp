#include "pentad/socket/names/dns_message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pentad/base/error.hpp"
#include "tests/socket/dns_text.hpp"

namespace pentad::test {
namespace {

using namespace std::chrono_literals;
using names::question;
using names::record_type;
using names::reply;
using names::reply_kind;
using testing::ElementsAre;

constexpr std::uint16_t id = 0x1234;
const question asked{"host.example", record_type::a};
const std::string host = dns::name("host.example");
const ip_address first = ip_address::v4(192, 0, 2, 1);
const ip_address second = ip_address::v4(192, 0, 2, 2);

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

std::optional<reply> read(const std::string& message, const question& of = asked) {
  return names::read_reply(bytes_of(message), id, of);
}
std::optional<reply> read(const dns_message& message, const question& of = asked) {
  return read(message.text(), of);
}

dns_message answering(std::uint16_t flags = dns::reply) {
  return dns_message(id, flags).question(host, dns::a);
}

TEST(dns_query, is_the_question_and_says_how_large_the_reply_may_be) {
  const auto plain = names::make_query(id, asked, false);
  ASSERT_TRUE(plain);
  const std::string_view text(reinterpret_cast<const char*>(plain->data()), plain->size());
  EXPECT_EQ(text, dns_message(id, 0x0100).question(host, dns::a).text());

  const auto extended = names::make_query(id, {"host.example", record_type::aaaa}, true);
  ASSERT_TRUE(extended);
  dns_message expected(id, 0x0100);
  expected.question(host, dns::aaaa);
  // The class of an OPT record, which the builder does not set, is the size.
  std::string wanted = expected.additional(std::string(1, '\0'), dns::opt, 0, "").text();
  wanted.replace(wanted.size() - 8, 2, dns::number16(1232));
  const std::string_view got(reinterpret_cast<const char*>(extended->data()), extended->size());
  EXPECT_EQ(got, wanted);
}

TEST(dns_query, is_not_made_of_a_name_that_no_message_can_have) {
  EXPECT_FALSE(names::make_query(id, {"a..b", record_type::a}, true));
  EXPECT_FALSE(names::make_query(id, {std::string(64, 'a'), record_type::a}, true));
  const std::string label(63, 'a');
  EXPECT_TRUE(names::make_query(
      id, {label + "." + label + "." + label + "." + label.substr(2), record_type::a}, true));
}

TEST(dns_reply, has_the_addresses_and_the_shortest_of_their_lifetimes) {
  const auto got = read(answering()
                            .answer(host, dns::a, 300, dns::data(first))
                            .answer(dns::name("HOST.example"), dns::a, 60, dns::data(second)));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->kind, reply_kind::addresses);
  EXPECT_THAT(got->addresses, ElementsAre(first, second));
  EXPECT_EQ(got->lifetime, 60s);
  EXPECT_TRUE(got->alias.empty());
}

TEST(dns_reply, has_ipv6_addresses_for_those_who_asked_for_them) {
  const ip_address v6 = ip_address::parse("2001:db8::1").value();
  const question asked_v6{"host.example", record_type::aaaa};
  const dns_message message = dns_message(id, dns::reply)
                                  .question(host, dns::aaaa)
                                  .answer(host, dns::a, 60, dns::data(first))
                                  .answer(host, dns::aaaa, 60, dns::data(v6));
  const auto got = read(message, asked_v6);
  ASSERT_TRUE(got);
  EXPECT_THAT(got->addresses, ElementsAre(v6));
  EXPECT_FALSE(read(message)) << "which is not the question of those who want IPv4";
}

TEST(dns_reply, may_be_compressed) {
  const std::string pointer{'\xc0', '\x0c'};
  const auto got =
      read(answering()
               .answer(pointer, dns::cname, 60, std::string("\x03www") + "\xc0\x11")
               .answer(std::string("\x03www") + "\xc0\x11", dns::a, 60, dns::data(first)));
  ASSERT_TRUE(got);
  EXPECT_THAT(got->addresses, ElementsAre(first));
  EXPECT_EQ(got->alias, "www.example");
}

TEST(dns_reply, follows_aliases_in_whatever_order_they_come) {
  const auto got = read(answering()
                            .answer(dns::name("c.example"), dns::a, 90, dns::data(first))
                            .answer(dns::name("b.example"), dns::cname, 80, dns::name("c.example"))
                            .answer(host, dns::cname, 70, dns::name("b.example"))
                            .answer(dns::name("x.example"), dns::a, 10, dns::data(second)));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->kind, reply_kind::addresses);
  EXPECT_THAT(got->addresses, ElementsAre(first));
  EXPECT_EQ(got->aliases, 2U);
  EXPECT_EQ(got->lifetime, 70s) << "of the whole chain";
}

TEST(dns_reply, may_end_with_an_alias_whose_addresses_it_does_not_have) {
  const auto got = read(answering().answer(host, dns::cname, 70, dns::name("b.example")));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->kind, reply_kind::alias);
  EXPECT_EQ(got->alias, "b.example");
}

dns_message chain(unsigned length) {
  dns_message message = answering();
  std::string name = "host.example";
  for (unsigned i = 0; i < length; ++i) {
    const std::string next = std::to_string(i) + ".example";
    message.answer(dns::name(name), dns::cname, 60, dns::name(next));
    name = next;
  }
  return message.answer(dns::name(name), dns::a, 60, dns::data(first));
}

TEST(dns_reply, follows_a_chain_of_aliases_so_far_and_no_further) {
  ASSERT_TRUE(read(chain(names::most_aliases)));
  EXPECT_EQ(read(chain(names::most_aliases))->kind, reply_kind::addresses);
  ASSERT_TRUE(read(chain(names::most_aliases + 1)));
  EXPECT_EQ(read(chain(names::most_aliases + 1))->kind, reply_kind::failed);
  const auto circle = read(answering()
                               .answer(host, dns::cname, 60, dns::name("b.example"))
                               .answer(dns::name("b.example"), dns::cname, 60, host));
  ASSERT_TRUE(circle);
  EXPECT_EQ(circle->kind, reply_kind::failed);
}

TEST(dns_reply, tells_that_a_name_does_not_exist_from_a_name_without_addresses) {
  const std::string zone = dns::name("example");
  const auto none =
      read(answering(dns::reply | dns::no_name).authority(zone, dns::soa, 900, dns::soa_data(120)));
  ASSERT_TRUE(none);
  EXPECT_EQ(none->kind, reply_kind::no_name);
  EXPECT_EQ(none->lifetime, 120s) << "RFC 2308, section 5: the lesser of both";

  const auto bare = read(answering().authority(zone, dns::soa, 60, dns::soa_data(120)));
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->kind, reply_kind::no_address);
  EXPECT_EQ(bare->lifetime, 60s);

  const auto of_alias = read(answering()
                                 .answer(host, dns::cname, 70, dns::name("b.example"))
                                 .authority(zone, dns::soa, 60, dns::soa_data(120)));
  ASSERT_TRUE(of_alias);
  EXPECT_EQ(of_alias->kind, reply_kind::no_address);
}

TEST(dns_reply, may_not_be_kept_if_it_denies_without_an_soa) {
  EXPECT_EQ(read(answering(dns::reply | dns::no_name))->lifetime, 0s);
  EXPECT_EQ(read(answering())->kind, reply_kind::no_address);
  EXPECT_EQ(read(answering())->lifetime, 0s);
  const auto short_soa = read(answering().authority(host, dns::soa, 60, std::string(21, '\0')));
  EXPECT_EQ(short_soa->lifetime, 0s);
}

TEST(dns_reply, has_no_lifetime_if_that_is_negative) {
  EXPECT_EQ(read(answering().answer(host, dns::a, 0x80000000U, dns::data(first)))->lifetime, 0s);
}

TEST(dns_reply, is_of_another_question_if_anything_differs) {
  EXPECT_FALSE(read(dns_message(id + 1, dns::reply).question(host, dns::a)));
  EXPECT_FALSE(read(dns_message(id, 0x0100).question(host, dns::a))) << "a question";
  EXPECT_FALSE(read(dns_message(id, dns::reply | 0x2000).question(host, dns::a))) << "NOTIFY";
  EXPECT_FALSE(read(dns_message(id, dns::reply).question(dns::name("hast.example"), dns::a)));
  EXPECT_FALSE(read(dns_message(id, dns::reply).question(dns::name("host.example.org"), dns::a)));
  EXPECT_FALSE(read(dns_message(id, dns::reply).question(host, dns::aaaa)));
  EXPECT_FALSE(read(dns_message(id, dns::reply).question(host, dns::a, 3))) << "of CHAOS";
  EXPECT_FALSE(read(answering().question(host, dns::a))) << "two questions";
  EXPECT_FALSE(read(dns_message(id, dns::reply))) << "no question";
  EXPECT_FALSE(read(std::string()));
  EXPECT_FALSE(read(std::string(11, '\0')));
  EXPECT_TRUE(read(dns_message(id, dns::reply).question(dns::name("HOST.Example"), dns::a)));
}

TEST(dns_reply, is_looked_for_over_tcp_if_it_is_truncated) {
  const auto got =
      read(answering(dns::reply | dns::truncated).answer(host, dns::a, 60, dns::data(first)));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->kind, reply_kind::truncated) << "RFC 2181, section 9: what came is not used";
}

TEST(dns_reply, tells_that_the_server_fails) {
  EXPECT_EQ(read(answering(dns::reply | dns::server_failure))->kind, reply_kind::failed);
  EXPECT_EQ(read(answering(dns::reply | dns::refused))->kind, reply_kind::failed);
}

TEST(dns_reply, tells_that_the_server_does_not_understand_edns) {
  EXPECT_EQ(read(answering(dns::reply | dns::format_error))->kind, reply_kind::not_understood);
  EXPECT_EQ(read(answering(dns::reply | dns::not_implemented))->kind, reply_kind::not_understood);
  EXPECT_EQ(read(dns_message(id, dns::reply | dns::format_error))->kind,
            reply_kind::not_understood);
  // BADVERS, whose upper bits are in the OPT record (RFC 6891, section 6.1.3).
  EXPECT_EQ(read(answering().additional(std::string(1, '\0'), dns::opt, 0x01000000, ""))->kind,
            reply_kind::not_understood);
}

TEST(dns_reply, is_a_failure_if_it_is_malformed_behind_its_question) {
  const std::string good = answering()
                               .answer(host, dns::cname, 60, dns::name("b.example"))
                               .answer(dns::name("b.example"), dns::a, 60, dns::data(first))
                               .text();
  const std::size_t question_end = answering().text().size();
  for (std::size_t size = 0; size < good.size(); ++size) {
    const auto got = read(good.substr(0, size));
    EXPECT_EQ(got.has_value(), size >= question_end) << size;
    EXPECT_TRUE(!got || got->kind == reply_kind::failed) << size;
  }
  EXPECT_EQ(read(good + "x")->kind, reply_kind::failed);
  EXPECT_EQ(read(answering().answer(host, dns::a, 60, "123"))->kind, reply_kind::failed);
  EXPECT_EQ(read(answering().answer(host, dns::cname, 60, "\x3f"))->kind, reply_kind::failed);
  const std::string endless{'\xc0', '\x1e'};  // points to itself
  EXPECT_EQ(read(answering().answer(endless, dns::a, 60, dns::data(first)))->kind,
            reply_kind::failed);
}

TEST(dns_reply, has_so_many_addresses_and_no_more) {
  dns_message message = answering();
  for (unsigned i = 0; i < 250; ++i) {
    message.answer(host, dns::a, 60, dns::data(ip_address::v4(10, 0, 0, std::uint8_t(i))));
  }
  const auto got = read(message);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->addresses.size(), names::most_addresses);
}

}  // namespace
}  // namespace pentad::test
