#include "pentad/base/error.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>

namespace pentad {
namespace {

constexpr std::array every_error{errc::malformed_address, errc::malformed_protocol,
                                 errc::malformed_tuple,   errc::name_not_found,
                                 errc::name_try_again,    errc::name_failed,
                                 errc::no_name_server,    errc::name_has_no_address};

TEST(error, has_a_message_of_its_own) {
  const std::string unknown = category().message(0);
  std::set<std::string> messages{unknown};
  for (const errc e : every_error) messages.insert(make_error_code(e).message());
  EXPECT_EQ(messages.size(), every_error.size() + 1);
}

TEST(error, is_never_success) {
  for (const errc e : every_error) EXPECT_TRUE(make_error_code(e)) << static_cast<int>(e);
}

TEST(error, belongs_to_one_category) {
  EXPECT_STREQ(category().name(), "pentad");
  EXPECT_EQ(std::error_code{errc::name_failed}.category(), category());
}

TEST(error, compares_equal_to_the_condition_that_posix_has) {
  for (const errc e : {errc::malformed_address, errc::malformed_protocol, errc::malformed_tuple}) {
    EXPECT_EQ(make_error_code(e), std::errc::invalid_argument);
  }
  EXPECT_EQ(make_error_code(errc::name_try_again), std::errc::resource_unavailable_try_again);
  EXPECT_NE(make_error_code(errc::name_not_found), std::errc::invalid_argument);
}

}  // namespace
}  // namespace pentad
