// What the resolver makes of the answers of name servers, on every stack.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "pentad/base/error.hpp"
#include "pentad/runtime/when.hpp"
#include "tests/socket/resolver_suite.hpp"

namespace pentad::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using found = resolver_::found;

const ip_address v4 = ip_address::v4(192, 0, 2, 1);
const ip_address v6 = ip_address::parse("2001:db8::1").value();

TEST_P(resolver_, takes_an_address_for_itself) {
  for (const char* text : {"127.0.0.1", "::1", "192.0.2.7", "2001:db8::1"}) {
    EXPECT_EQ(must(resolved(text)), std::vector(1, must(ip_address::parse(text))));
  }
  EXPECT_THAT(first.questions(), IsEmpty());
}

TEST_P(resolver_, knows_this_machine_whatever_servers_say) {
  first.answer = always({v4});
  for (const char* name : {"localhost", "LOCALHOST.", "www.localhost"}) {
    const std::vector<ip_address> addresses = must(resolved(name));
    EXPECT_THAT(addresses, UnorderedElementsAre(ip_address::loopback(ip_version::v4),
                                                ip_address::loopback(ip_version::v6)));
  }
  EXPECT_THAT(first.questions(), IsEmpty());
}

TEST_P(resolver_, asks_nobody_for_what_cannot_be_a_host) {
  for (const char* text : {"", "no such name", "256.0.0.1", "name.invalid", "name.onion", "a..b"}) {
    EXPECT_EQ(error_of(resolved(text)), errc::name_not_found) << text;
  }
  EXPECT_THAT(first.questions(), IsEmpty());
}

TEST_P(resolver_, knows_the_table_of_hosts) {
  configuration.hosts = hosts_file::parse("192.0.2.9 printer\n");
  EXPECT_THAT(must(resolved("Printer")), ElementsAre(ip_address::v4(192, 0, 2, 9)));
  EXPECT_THAT(must(resolved("printer.")), ElementsAre(ip_address::v4(192, 0, 2, 9)));
  EXPECT_THAT(first.questions(), IsEmpty());
}

TEST_P(resolver_, asks_for_both_versions_at_once) {
  first.together = 2;  // neither is answered before both have been asked
  first.answer = always({v4, v6});
  EXPECT_THAT(must(resolved("host.example")), UnorderedElementsAre(v4, v6));
  EXPECT_THAT(first.questions(), UnorderedElementsAre("host.example/A", "host.example/AAAA"));
}

TEST_P(resolver_, asks_for_names_of_any_script_in_ascii) {
  first.answer = always({v4});
  EXPECT_THAT(must(resolved("B\xc3\xbc"
                            "cher.example")),
              ElementsAre(v4));
  EXPECT_EQ(first.asked.at(0).name, "xn--bcher-kva.example");
}

TEST_P(resolver_, goes_over_tcp_for_what_is_truncated) {
  std::vector<ip_address> many;
  for (int i = 0; i < 60; ++i) many.push_back(ip_address::v4(10, 0, 0, std::uint8_t(i)));
  first.answer = [&](const dns_inquiry& to) {
    if (!to.over_tcp) return std::vector{reply_to(to, dns::reply | dns::truncated).text()};
    return std::vector{addresses_for(to, many)};
  };
  EXPECT_EQ(must(resolved("host.example")).size(), many.size());
  EXPECT_THAT(first.questions(),
              UnorderedElementsAre("host.example/A", "host.example/AAAA", "host.example/A/TCP",
                                   "host.example/AAAA/TCP"));
}

TEST_P(resolver_, goes_over_tcp_alone_if_told_so) {
  configuration.use_tcp = true;
  first.answer = always({v4});
  EXPECT_THAT(must(resolved("host.example")), ElementsAre(v4));
  EXPECT_THAT(first.questions(),
              UnorderedElementsAre("host.example/A/TCP", "host.example/AAAA/TCP"));
}

TEST_P(resolver_, passes_over_what_is_no_answer_to_its_question) {
  const ip_address wrong = ip_address::v4(203, 0, 113, 66);
  first.answer = [&](const dns_inquiry& to) {
    dns_inquiry other_id = to;
    other_id.id = static_cast<std::uint16_t>(to.id + 1);
    dns_inquiry other_name = to;
    other_name.labels = dns::name("hast.example");
    dns_inquiry other_type = to;
    other_type.type = to.type == dns::a ? dns::aaaa : dns::a;
    return std::vector{addresses_for(other_id, {wrong}),
                       addresses_for(other_name, {wrong}),
                       addresses_for(other_type, {wrong}),
                       std::string("nonsense"),
                       std::string(),
                       addresses_for(to, {v4})};
  };
  EXPECT_THAT(must(resolved("host.example")), ElementsAre(v4));
}

TEST_P(resolver_, passes_over_what_another_port_says) {
  secrets = [](std::span<std::byte> bytes) {  // even who knows the id is not believed
    std::ranges::fill(bytes, std::byte{0x5a});
    return fill_with_secrets(bytes.first(1));
  };
  configuration.attempts = 1;
  const ip_address wrong = ip_address::v4(203, 0, 113, 66);
  for (unsigned high = 0; high < 256; ++high) {
    const auto id = static_cast<std::uint16_t>(high << 8 | 0x5a);
    first.lies.push_back(dns_message(id, dns::reply)
                             .question(dns::name("host.example"), dns::a)
                             .answer(dns::name("host.example"), dns::a, 60, dns::data(wrong))
                             .text());
  }
  first.answer = always({v4});
  EXPECT_THAT(must(resolved("host.example")), ElementsAre(v4));
}

TEST_P(resolver_, goes_over_tcp_where_somebody_guesses) {
  first.answer = [&](const dns_inquiry& to) {
    std::vector<std::string> guesses;
    for (std::uint16_t i = 0; i < 64 && !to.over_tcp; ++i) {
      dns_inquiry guess = to;
      guess.id = static_cast<std::uint16_t>(to.id + 1 + i);
      guesses.push_back(addresses_for(guess, {ip_address::v4(203, 0, 113, 66)}));
    }
    guesses.push_back(addresses_for(to, {v4}));
    return guesses;
  };
  EXPECT_THAT(must(resolved("host.example")), ElementsAre(v4));
  EXPECT_THAT(first.questions(), testing::Contains("host.example/A/TCP"));
}

TEST_P(resolver_, takes_ids_and_ports_that_come_from_secrets) {
  std::uint8_t drawn = 0;
  secrets = [&](std::span<std::byte> bytes) {
    for (std::byte& each : bytes) each = std::byte{++drawn};
    return result<void>();
  };
  first.answer = always({v4});
  EXPECT_THAT(must(resolved("host.example")), ElementsAre(v4));
  ASSERT_EQ(first.asked.size(), 2U);
  EXPECT_EQ(first.asked[0].id, 0x0102);
  EXPECT_EQ(first.asked[0].source.ip().port, 0x8304);
  EXPECT_EQ(first.asked[1].id, 0x0506);
  EXPECT_EQ(first.asked[1].source.ip().port, 0x8708);
}

TEST_P(resolver_, asks_nobody_without_secrets) {
  secrets = [](std::span<std::byte>) { return failure(std::errc::function_not_supported); };
  EXPECT_EQ(error_of(resolved("host.example")), std::errc::function_not_supported);
  EXPECT_THAT(first.questions(), IsEmpty());
}

TEST_P(resolver_, asks_the_next_server_when_one_fails) {
  for (const std::uint16_t code : {dns::server_failure, dns::refused}) {
    first.answer = always(code);
    second.answer = always({v4});
    EXPECT_THAT(must(resolved("host" + std::to_string(code) + ".example")), ElementsAre(v4));
  }
  EXPECT_EQ(first.asked.size(), 4U);
}

TEST_P(resolver_, asks_the_next_server_where_nobody_is) {
  configuration.servers = {nobody(), second.address()};
  second.answer = always({v4});
  EXPECT_THAT(must(resolved("host.example")), ElementsAre(v4));
}

TEST_P(resolver_, asks_the_next_server_when_one_talks_nonsense) {
  first.answer = [&](const dns_inquiry& to) {
    return std::vector{reply_to(to).answer(to.labels, dns::a, 60, "123").text()};
  };
  second.answer = always({v4});
  EXPECT_THAT(must(resolved("host.example")), ElementsAre(v4));
}

TEST_P(resolver_, asks_the_next_server_when_one_is_silent) {
  configuration.timeout = 20ms;
  second.answer = always({v4});
  EXPECT_THAT(must(resolved("host.example")), ElementsAre(v4));
}

TEST_P(resolver_, tells_a_failing_service_from_a_silent_one) {
  configuration.timeout = 20ms;
  EXPECT_EQ(error_of(resolved("host.example")), errc::name_try_again);
  EXPECT_EQ(first.asked.size(), 4U) << "two questions, each asked twice";
  second.answer = always(dns::server_failure);
  EXPECT_EQ(error_of(resolved("host.example")), errc::name_failed);
}

TEST_P(resolver_, knows_no_names_without_a_server) {
  resolver alone(client(), name_service());
  EXPECT_EQ(error_of(run(alone.resolve("host.example", nullptr))), errc::no_name_server);
  EXPECT_EQ(must(run(alone.resolve("localhost", nullptr))).size(), 2U);
}

TEST_P(resolver_, asks_those_without_edns_who_do_not_understand_it) {
  first.answer = [](const dns_inquiry& to) {
    if (to.extended) return std::vector{dns_message(to.id, dns::reply | dns::format_error).text()};
    return std::vector{addresses_for(to, {v4})};
  };
  EXPECT_THAT(must(resolved("host.example")), ElementsAre(v4));
  EXPECT_THAT(second.questions(), IsEmpty());
}

TEST_P(resolver_, tells_that_a_name_does_not_exist_from_one_without_addresses) {
  first.answer = [](const dns_inquiry& to) {
    const bool exists = to.name == "bare.example";
    return std::vector{reply_to(to, exists ? dns::reply : dns::reply | dns::no_name).text()};
  };
  EXPECT_EQ(error_of(resolved("none.example")), errc::name_not_found);
  EXPECT_EQ(error_of(resolved("bare.example")), errc::name_has_no_address);
  EXPECT_THAT(second.questions(), IsEmpty()) << "both are answers";
}

TEST_P(resolver_, remembers_what_it_was_told_and_asks_once) {
  first.answer = [](const dns_inquiry& to) {
    if (to.name == "host.example") return std::vector{addresses_for(to, {v4, v6})};
    return std::vector{reply_to(to, dns::reply | dns::no_name)
                           .authority(dns::name("example"), dns::soa, 60, dns::soa_data(60))
                           .text()};
  };
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(must(resolved("host.example")).size(), 2U);
    EXPECT_EQ(error_of(resolved("none.example")), errc::name_not_found);
  }
  EXPECT_EQ(first.asked.size(), 4U);
}

TEST_P(resolver_, asks_once_for_all_who_want_to_know_at_the_same_time) {
  first.together = 2;
  first.answer = always({v4});
  const auto program = [&]() -> task<bool> {
    auto all = co_await when_all(names().resolve("host.example", nullptr),
                                 names().resolve("host.example", nullptr),
                                 names().resolve("host.example", nullptr));
    EXPECT_THAT(must(std::move(all.get<0>())), ElementsAre(v4));
    EXPECT_THAT(must(std::move(all.get<1>())), ElementsAre(v4));
    EXPECT_THAT(must(std::move(all.get<2>())), ElementsAre(v4));
    co_return true;
  };
  EXPECT_TRUE(with_servers(program()));
  EXPECT_THAT(first.questions(), UnorderedElementsAre("host.example/A", "host.example/AAAA"));
}

TEST_P(resolver_, asks_anew_for_the_others_when_the_one_who_asked_is_cancelled) {
  first.together = 4;  // silent until somebody asks again
  first.answer = always({v4});
  const auto until_asked = [&]() -> task<> {
    while (first.asked.size() < 2) must(co_await sleep(100us));
  };
  const auto impatient = [&]() -> task<> {
    auto outcome = co_await when_any(names().resolve("host.example", nullptr), until_asked());
    EXPECT_EQ(error_of(outcome.get<0>()), std::errc::operation_canceled);
  };
  const auto program = [&]() -> task<found> {
    auto both = co_await when_all(impatient(), names().resolve("host.example", nullptr));
    co_return std::move(both.get<1>());
  };
  EXPECT_THAT(must(with_servers(program())), ElementsAre(v4));
  EXPECT_EQ(first.asked.size(), 4U);
}

TEST_P(resolver_, goes_on_for_the_one_who_asked_when_another_is_cancelled) {
  first.together = 4;  // silent until another name is asked for
  first.answer = always({v4});
  const auto impatient = [&]() -> task<> {
    const found cut = co_await names().resolve("host.example", nullptr).timeout(1ms);
    EXPECT_EQ(error_of(cut), std::errc::timed_out);
    must(co_await names().resolve("other.example", nullptr));
  };
  const auto program = [&]() -> task<found> {
    auto both = co_await when_all(names().resolve("host.example", nullptr), impatient());
    co_return std::move(both.get<0>());
  };
  EXPECT_THAT(must(with_servers(program())), ElementsAre(v4));
  EXPECT_EQ(first.asked.size(), 4U);
}

TEST_P(resolver_, does_not_remember_what_may_not_be_kept) {
  first.answer = [](const dns_inquiry& to) {
    if (to.type == dns::a) return std::vector{addresses_for(to, {v4}, 0)};
    return std::vector{reply_to(to).text()};  // denied without an SOA
  };
  for (int i = 0; i < 2; ++i) EXPECT_THAT(must(resolved("host.example")), ElementsAre(v4));
  EXPECT_EQ(first.asked.size(), 4U);
}

TEST_P(resolver_, follows_an_alias_whose_addresses_did_not_come_with_it) {
  first.answer = [](const dns_inquiry& to) {
    if (to.name == "c.example") return std::vector{addresses_for(to, {v4})};
    const std::string next = to.name == "a.example" ? "b.example" : "c.example";
    return std::vector{reply_to(to).answer(to.labels, dns::cname, 60, dns::name(next)).text()};
  };
  EXPECT_THAT(must(resolved("a.example")), ElementsAre(v4));
}

TEST_P(resolver_, gives_up_an_endless_chain_of_aliases) {
  first.answer = [](const dns_inquiry& to) {
    return std::vector{
        reply_to(to).answer(to.labels, dns::cname, 60, dns::name("x" + to.name)).text()};
  };
  EXPECT_EQ(error_of(resolved("a.example")), errc::name_failed);
  EXPECT_LE(first.asked.size(), 2 * (names::most_aliases + 1));
}

TEST_P(resolver_, searches_the_domains) {
  configuration.search = {"a.example", "b.example"};
  first.answer = [](const dns_inquiry& to) {
    if (to.name == "host.b.example") return std::vector{addresses_for(to, {v4})};
    return std::vector{reply_to(to, dns::reply | dns::no_name).text()};
  };
  EXPECT_THAT(must(resolved("host")), ElementsAre(v4));
  EXPECT_EQ(error_of(resolved("other")), errc::name_not_found);
  EXPECT_EQ(error_of(resolved("host.")), errc::name_not_found);
  std::vector<std::string> of_v4 = first.questions();
  std::erase_if(of_v4, [](const std::string& text) { return text.ends_with("AAAA"); });
  EXPECT_THAT(of_v4, ElementsAre("host.a.example/A", "host.b.example/A", "other.a.example/A",
                                 "other.b.example/A", "other/A", "host/A"));
}

TEST_P(resolver_, searches_on_behind_a_name_without_addresses_and_tells_of_it) {
  configuration.search = {"a.example", "b.example"};
  first.answer = [](const dns_inquiry& to) {
    const bool exists = to.name == "host.a.example";
    return std::vector{reply_to(to, exists ? dns::reply : dns::reply | dns::no_name).text()};
  };
  EXPECT_EQ(error_of(resolved("host")), errc::name_has_no_address);
  EXPECT_EQ(first.asked.back().name, "host");
}

TEST_P(resolver_, begins_with_another_server_each_time_if_told_so) {
  configuration.rotate = true;
  first.answer = always({v4});
  second.answer = always({v4});
  for (int i = 0; i < 4; ++i) must(resolved("host" + std::to_string(i) + ".example"));
  EXPECT_EQ(first.asked.size(), 4U);
  EXPECT_EQ(second.asked.size(), 4U);
}

TEST_P(resolver_, has_answers_of_one_version_when_the_other_fails) {
  first.answer = [](const dns_inquiry& to) {
    if (to.type == dns::a) return std::vector{addresses_for(to, {v4})};
    return std::vector{reply_to(to, dns::reply | dns::server_failure).text()};
  };
  second.answer = first.answer;
  EXPECT_THAT(must(resolved("host.example")), ElementsAre(v4));
}

TEST_P(resolver_, can_be_cancelled_while_a_server_is_silent) {
  const auto program = [&]() -> task<found> {
    const auto until_asked = [&]() -> task<> {
      while (first.asked.size() < 2) must(co_await sleep(100us));
    };
    auto outcome = co_await when_any(names().resolve("host.example", nullptr), until_asked());
    co_return std::move(outcome.get<0>());
  };
  EXPECT_EQ(error_of(with_servers(program())), std::errc::operation_canceled);
}

TEST_P(resolver_, has_a_deadline_like_any_task) {
  const auto program = [&]() -> task<found> {
    co_return co_await names().resolve("host.example", nullptr).timeout(20ms);
  };
  EXPECT_EQ(error_of(with_servers(program())), std::errc::timed_out);
}

TEST_P(resolver_, asks_nobody_in_a_cancelled_environment) {
  const auto program = [&]() -> task<> {
    co_await in_scope([&](scope& all) -> task<> {
      all.cancel();
      const found outcome = co_await names().resolve("localhost", nullptr);
      EXPECT_EQ(error_of(outcome), std::errc::operation_canceled);
    });
  };
  run(program());
}

}  // namespace
}  // namespace pentad::test
