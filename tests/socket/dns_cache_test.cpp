#include "pentad/socket/names/dns_cache.hpp"

#include <gtest/gtest.h>

#include "pentad/base/error.hpp"

namespace pentad::names {
namespace {

using namespace std::chrono_literals;

const question host{"host.example", record_type::a};
const question host6{"host.example", record_type::aaaa};
const std::vector<ip_address> address(1, ip_address::v4(192, 0, 2, 1));
constexpr instant start{1000s};

TEST(dns_cache_, knows_an_answer_until_its_time_is_over) {
  dns_cache cache;
  cache.keep(host, address, 60s, start);
  ASSERT_NE(cache.find(host, start + 60s - 1ns), nullptr);
  EXPECT_EQ(*cache.find(host, start), address);
  EXPECT_EQ(cache.find(host, start + 60s), nullptr);
  EXPECT_EQ(cache.size(), 0U) << "what is over is not kept";
}

TEST(dns_cache_, tells_types_and_names_apart) {
  dns_cache cache;
  cache.keep(host, address, 60s, start);
  EXPECT_EQ(cache.find(host6, start), nullptr);
  EXPECT_EQ(cache.find({"other.example", record_type::a}, start), nullptr);
}

TEST(dns_cache_, knows_what_does_not_exist) {
  dns_cache cache;
  cache.keep(host, failure(errc::name_not_found), 30s, start);
  cache.keep(host6, failure(errc::name_has_no_address), 30s, start);
  ASSERT_NE(cache.find(host, start), nullptr);
  EXPECT_EQ(cache.find(host, start)->error(), errc::name_not_found);
  EXPECT_EQ(cache.find(host6, start)->error(), errc::name_has_no_address);
  EXPECT_EQ(cache.find(host, start + 30s), nullptr);
}

TEST(dns_cache_, believes_no_lifetime_that_is_too_long) {
  dns_cache cache;
  cache.keep(host, address, 2147483647s, start);
  cache.keep(host6, failure(errc::name_not_found), 2147483647s, start);
  EXPECT_NE(cache.find(host, start + 24h - 1s), nullptr);
  EXPECT_EQ(cache.find(host, start + 24h), nullptr);
  EXPECT_NE(cache.find(host6, start + 3h - 1s), nullptr);
  EXPECT_EQ(cache.find(host6, start + 3h), nullptr);
}

TEST(dns_cache_, keeps_nothing_that_may_not_be_kept) {
  dns_cache cache;
  cache.keep(host, address, 60s, start);
  cache.keep(host, address, 0s, start);
  EXPECT_EQ(cache.find(host, start), nullptr);
}

TEST(dns_cache_, takes_the_newer_answer) {
  dns_cache cache;
  cache.keep(host, failure(errc::name_not_found), 60s, start);
  cache.keep(host, address, 60s, start + 1s);
  EXPECT_EQ(*cache.find(host, start + 2s), address);
  EXPECT_EQ(cache.size(), 1U);
}

TEST(dns_cache_, has_a_bound_and_forgets_what_nobody_asks_for) {
  dns_cache cache(3);
  for (int i = 0; i < 3; ++i) {
    cache.keep({std::to_string(i), record_type::a}, address, 60s, start);
  }
  EXPECT_NE(cache.find({"0", record_type::a}, start), nullptr);
  cache.keep({"3", record_type::a}, address, 60s, start);
  EXPECT_EQ(cache.size(), 3U);
  EXPECT_NE(cache.find({"0", record_type::a}, start), nullptr);
  EXPECT_EQ(cache.find({"1", record_type::a}, start), nullptr);
}

}  // namespace
}  // namespace pentad::names
