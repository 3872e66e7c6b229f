// A log tells of a disk that is full once, and again when it has worked in between.

#include <gtest/gtest.h>

#include "apps/messenger/server/housekeeper.hpp"

namespace pentad::messenger::testing {
namespace {

TEST(line_file_, tells_of_an_error_once_until_it_works_again) {
  line_file log;
  for (int i = 0; i < 2; ++i) {
    ASSERT_FALSE(log.open("/dev/full"));
    EXPECT_EQ(log.write("lost"), std::errc::no_space_on_device);
    EXPECT_FALSE(log.write("lost, too"));
    ASSERT_FALSE(log.open("/dev/null"));
    EXPECT_FALSE(log.write("written"));
  }
}

TEST(line_file_, without_a_name_takes_lines_nowhere) {
  line_file log;
  ASSERT_FALSE(log.open(""));
  EXPECT_FALSE(log.write("gone"));
}

TEST(line_file_, says_when_it_cannot_be_opened) {
  line_file log;
  EXPECT_EQ(log.open("/nowhere/log"), std::errc::no_such_file_or_directory);
}

}  // namespace
}  // namespace pentad::messenger::testing
