// A log tells of a disk that is full once, and again when it has worked in between.

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "apps/messenger/server/housekeeper.hpp"
#include "apps/messenger/server/whole_file.hpp"

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

TEST(line_file_, leaves_no_half_line_where_there_is_no_room_for_a_whole_one) {
  const std::string path = ::testing::TempDir() + "pentad-half-line";
  std::filesystem::remove(path);
  line_file log;
  ASSERT_FALSE(log.open(path));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit tight{.rlim_cur = 25, .rlim_max = before.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  EXPECT_FALSE(log.write("ten bytes"));
  EXPECT_FALSE(log.write("ten bytes"));
  EXPECT_EQ(log.write("ten bytes"), std::errc::no_space_on_device);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_FALSE(log.write("and on"));
  EXPECT_EQ(read_file(path).value(), "ten bytes\nten bytes\nand on\n");
  std::filesystem::remove(path);
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
