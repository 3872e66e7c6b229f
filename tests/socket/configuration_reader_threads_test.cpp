// The files that configure names, which another thread reads.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "pentad/socket/names/configuration_reader.hpp"
#include "tests/socket/kernel_stacks.hpp"

namespace pentad::test {
namespace {

using names::configuration_reader;
using testing::ElementsAre;
using testing::IsEmpty;

class configuration_reader_ : public on_each_stack {
 protected:
  ~configuration_reader_() override { std::filesystem::remove_all(folder_); }

  /// As programs replace such files: at once.
  void write(const std::string& path, std::string_view text) {
    std::ofstream(path + ".new") << text;
    std::filesystem::rename(path + ".new", path);
  }

  configuration_reader::shared current() { return must(run(reader_.current())); }

  static std::string make_folder() {
    std::string folder = testing::TempDir() + "pentad-XXXXXX";
    if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no folder for the test");
    return folder;
  }

  std::string folder_ = make_folder();
  resolver_files files_{.configuration = folder_ + "/resolv.conf", .hosts = folder_ + "/hosts"};
  configuration_reader reader_{name_service(
      files_, [](std::span<std::byte>) { return failure(std::errc::function_not_supported); })};
};

INSTANTIATE_TEST_SUITE_P(kernel, configuration_reader_, testing::ValuesIn(kernel_stacks),
                         stack_name);

TEST_P(configuration_reader_, reads_both_files) {
  write(files_.configuration, "nameserver 192.0.2.53\nsearch example\n");
  write(files_.hosts, "192.0.2.1 printer\n");
  const auto configuration = current();
  EXPECT_THAT(configuration->servers, ElementsAre(endpoint(ip_address::v4(192, 0, 2, 53), 53)));
  EXPECT_THAT(configuration->search, ElementsAre("example"));
  EXPECT_THAT(configuration->hosts.find("printer"), ElementsAre(ip_address::v4(192, 0, 2, 1)));
}

TEST_P(configuration_reader_, takes_files_that_are_not_there_for_empty_ones) {
  const auto configuration = current();
  EXPECT_THAT(configuration->servers, ElementsAre(endpoint(ip_address::v4(127, 0, 0, 1), 53)));
  EXPECT_THAT(configuration->hosts.find("printer"), IsEmpty());
}

TEST_P(configuration_reader_, reads_them_again_when_they_have_changed_and_only_then) {
  write(files_.hosts, "192.0.2.1 printer\n");
  const auto first = current();
  EXPECT_EQ(current(), first) << "the same object";
  write(files_.hosts, "192.0.2.2 printer\n");
  EXPECT_THAT(current()->hosts.find("printer"), ElementsAre(ip_address::v4(192, 0, 2, 2)));
  EXPECT_THAT(first->hosts.find("printer"), ElementsAre(ip_address::v4(192, 0, 2, 1)))
      << "who has it may keep it";
  write(files_.configuration, "nameserver 192.0.2.53\n");
  EXPECT_EQ(current()->servers.at(0).address, ip_address::v4(192, 0, 2, 53));
}

}  // namespace
}  // namespace pentad::test
