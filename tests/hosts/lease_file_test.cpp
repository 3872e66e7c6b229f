#include "pentad/hosts/lease_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace pentad {
namespace {

class lease_file : public testing::Test {
 protected:
  ~lease_file() override { std::filesystem::remove(path_); }

  void have(const std::string& text) { std::ofstream(path_) << text; }

  std::string path_ = testing::TempDir() + "pentad-lease-" + std::to_string(::getpid());
};

TEST_F(lease_file, keeps_an_address) {
  EXPECT_FALSE(read_lease(path_));
  EXPECT_TRUE(write_lease(path_, ip_address::v4(10, 9, 2, 57)));
  EXPECT_EQ(read_lease(path_), ip_address::v4(10, 9, 2, 57));
  EXPECT_TRUE(write_lease(path_, ip_address::v4(10, 9, 2, 5)));
  EXPECT_EQ(read_lease(path_), ip_address::v4(10, 9, 2, 5));
}

TEST_F(lease_file, with_something_else_counts_as_none) {
  for (const char* text : {"", "\n", "no address\n", "::1\n", "0.0.0.0\n", "224.0.0.1\n"}) {
    have(text);
    EXPECT_FALSE(read_lease(path_)) << text;
  }
}

TEST_F(lease_file, that_cannot_be_written_says_why) {
  EXPECT_EQ(write_lease("/nowhere/lease", ip_address::v4(10, 9, 2, 57)).error(),
            std::errc::no_such_file_or_directory);
}

}  // namespace
}  // namespace pentad
