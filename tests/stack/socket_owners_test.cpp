// Whose socket is whose, from a folder that is made like /proc.
#include "pentad/stack/kernel/socket_owners.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

#include "pentad/runtime/descriptor_handle.hpp"

namespace pentad::kernel::test {
namespace {

namespace fs = std::filesystem;

class socket_owners_ : public testing::Test {
 protected:
  socket_owners_() {
    char made[] = "/tmp/pentad-proc-XXXXXX";
    folder_ = ::mkdtemp(made);
  }
  ~socket_owners_() override { fs::remove_all(folder_); }

  void add(const std::string& process, const std::string& name,
           std::initializer_list<const char*> links) {
    fs::create_directories(folder_ / process / "fd");
    std::ofstream(folder_ / process / "comm") << name << '\n';
    int number = 0;
    for (const char* link : links) {
      fs::create_symlink(link, folder_ / process / "fd" / std::to_string(number++));
    }
  }

  socket_owners find() const { return find_socket_owners(folder_); }

  fs::path folder_;
};

TEST_F(socket_owners_, are_found_by_inode) {
  add("12", "one", {"/dev/null", "socket:[100]", "pipe:[7]", "socket:[101]", "socket:[100]"});
  const socket_owners found = find();
  EXPECT_EQ(found.size(), 2U);
  EXPECT_EQ(found.at(100), (std::vector<flow_process>{{12, "one"}}));
  EXPECT_EQ(found.at(101), (std::vector<flow_process>{{12, "one"}}));
}

TEST_F(socket_owners_, may_be_many_of_one_socket) {
  add("12", "parent", {"socket:[100]"});
  add("13", "ch\nild", {"socket:[100]"});
  std::vector<flow_process> both = find().at(100);
  std::ranges::sort(both, {}, &flow_process::id);
  EXPECT_EQ(both, (std::vector<flow_process>{{12, "parent"}, {13, "ch\nild"}}));
}

TEST_F(socket_owners_, are_not_taken_from_what_is_something_else) {
  add("self", "not a number", {"socket:[100]"});
  add("14", "strange", {"socket:[x]", "socket:[", "socket:[]", "socket:[1]2", "socket:[-1]"});
  fs::create_directory(folder_ / "15");
  EXPECT_TRUE(find().empty());
  EXPECT_TRUE(find_socket_owners("/nowhere").empty());
}

TEST(socket_owners_of_this_machine, include_this_process) {
  const descriptor_handle own(::socket(AF_UNIX, SOCK_STREAM, 0));
  const std::string link = fs::read_symlink("/proc/self/fd/" + std::to_string(own.get())).string();
  std::uint64_t inode = 0;
  std::from_chars(link.data() + link.find('[') + 1, link.data() + link.size(), inode);
  const std::vector<flow_process> owners = find_socket_owners().at(inode);
  ASSERT_EQ(owners.size(), 1U);
  EXPECT_EQ(owners[0].id, ::getpid());
}

}  // namespace
}  // namespace pentad::kernel::test
