#include "pentad/base/result.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include "pentad/base/error.hpp"

namespace pentad {
namespace {

result<int> refused() { return failure(std::errc::connection_refused); }
result<std::string> missing() { return failure(errc::name_not_found); }
result<> denied() { return failure_from_errno(EACCES); }

TEST(result, fails_with_a_posix_error_in_the_generic_category) {
  EXPECT_EQ(refused().error(), std::errc::connection_refused);
  EXPECT_EQ(refused().error().category(), std::generic_category());
}

TEST(result, fails_with_an_error_number) {
  EXPECT_EQ(denied().error(), std::errc::permission_denied);
  EXPECT_EQ(denied().error().category(), std::generic_category());
}

TEST(result, fails_with_an_error_of_pentad) {
  EXPECT_EQ(missing().error(), errc::name_not_found);
  EXPECT_EQ(missing().error().category(), category());
}

}  // namespace
}  // namespace pentad
