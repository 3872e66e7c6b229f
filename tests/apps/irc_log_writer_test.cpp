// Logs: whole lines, in order, written by a thread that may wait for the disk.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "apps/messenger/server/log_writer.hpp"
#include "apps/messenger/server/whole_file.hpp"
#include "pentad/hosts/make_host.hpp"
#include "pentad/runtime/blocking.hpp"
#include "pentad/runtime/scope.hpp"
#include "pentad/runtime/sleep.hpp"

namespace pentad::messenger::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

/// A name of this process alone: tests run beside each other.
std::string file_of_our_own() {
  return ::testing::TempDir() + "pentad-log-" + std::to_string(::getpid());
}

class tight_files {
 public:
  explicit tight_files(rlim_t most) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit tight{.rlim_cur = most, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &tight);
  }
  ~tight_files() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  tight_files(const tight_files&) = delete;
  tight_files& operator=(const tight_files&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int) = std::signal(SIGXFSZ, SIG_IGN);
};

class log_writer_ : public ::testing::Test {
 protected:
  log_writer_() { std::filesystem::remove(path); }
  ~log_writer_() override { std::filesystem::remove(path); }

  /// Runs `program` beside the writer, which is cancelled after it.
  template <class Program>
  void beside(log_writer& log, Program program) {
    const result<std::unique_ptr<host>> here = make_host("kernel:epoll");
    ASSERT_TRUE(here);
    const auto body = [&](scope& tasks) -> task<> {
      tasks.spawn(log.run());
      co_await program();
      tasks.cancel();
    };
    const auto whole = [&]() -> task<int> {
      co_await in_scope(body);
      co_return 0;
    };
    const result<int> ended = (*here)->run(whole());
    EXPECT_TRUE(ended);
  }

  std::string text() const { return read_file(path).value_or(""); }

  std::string path = file_of_our_own();
  std::vector<std::string> told;
  std::function<void(const std::string&)> tell = [this](const std::string& line) {
    told.push_back(line);
  };
};

TEST(line_file_, leaves_no_half_line_where_there_is_no_room_for_a_whole_one) {
  const std::string path = file_of_our_own();
  std::filesystem::remove(path);
  line_file log;
  ASSERT_FALSE(log.open(path));
  {
    const tight_files tight{25};
    const auto outcome = log.write("ten bytes\nten bytes\nten bytes\n");
    EXPECT_EQ(outcome.written, 20U);
    EXPECT_EQ(outcome.failed, std::errc::no_space_on_device);
    EXPECT_EQ(log.write("ten bytes\n").written, 0U);
  }
  EXPECT_EQ(log.write("and on\n").written, 7U);
  EXPECT_EQ(read_file(path).value(), "ten bytes\nten bytes\nand on\n");
  std::filesystem::remove(path);
}

TEST(line_file_, without_a_name_takes_lines_nowhere) {
  line_file log;
  ASSERT_FALSE(log.open(""));
  EXPECT_EQ(log.write("gone\n").written, 5U);
}

TEST(line_file_, says_when_it_cannot_be_opened) {
  line_file log;
  EXPECT_EQ(log.open("/nowhere/log"), std::errc::no_such_file_or_directory);
}

TEST_F(log_writer_, writes_all_lines_in_their_order) {
  log_writer log{path, tell};
  ASSERT_FALSE(log.open());
  std::string all;
  beside(log, [&]() -> task<> {
    for (int i = 0; i < 1000; ++i) {
      log.add(std::to_string(i));
      all += std::to_string(i) + "\n";
      if (i % 10 == 0) co_await yield();
    }
    while (text() != all) co_await yield();
  });
  EXPECT_THAT(told, IsEmpty());
}

TEST_F(log_writer_, writes_the_rest_at_the_end) {
  log_writer log{path, tell};
  ASSERT_FALSE(log.open());
  beside(log, [&]() -> task<> {
    log.add("one");
    co_await log.write_waiting();
    log.add("two");
    co_return;
  });
  const result<std::unique_ptr<host>> here = make_host("kernel:epoll");
  const result<int> ended = (*here)->run([](log_writer& rest) -> task<int> {
    co_await rest.write_waiting();
    co_return 0;
  }(log));
  EXPECT_TRUE(ended);
  EXPECT_EQ(text(), "one\ntwo\n");
}

TEST_F(log_writer_, keeps_what_the_disk_does_not_take_and_writes_it_whole_later) {
  log_writer log{path, tell};
  ASSERT_FALSE(log.open());
  beside(log, [&]() -> task<> {
    {
      const tight_files tight{25};
      for (int i = 0; i < 4; ++i) log.add("ten bytes");
      while (told.empty()) co_await sleep(1ms);
      EXPECT_EQ(text(), "ten bytes\nten bytes\n");
      log.add("while it is full");
    }
    const std::string whole = "ten bytes\nten bytes\nten bytes\nten bytes\nwhile it is full\n";
    while (told.size() < 2 || text().size() < whole.size()) co_await sleep(1ms);
    EXPECT_EQ(text(), whole);
  });
  EXPECT_THAT(told, ElementsAre(path + ": No space left on device", path + ": is written again"));
}

TEST_F(log_writer_, loses_and_counts_what_is_too_much_to_wait) {
  log_writer log{path, tell};
  ASSERT_FALSE(log.open());
  beside(log, [&]() -> task<> {
    {
      const tight_files tight{0};
      log.add("first");
      while (told.empty()) co_await sleep(1ms);
      const std::string line(log_writer::most_waiting / 4, 'x');
      for (int i = 0; i < 10; ++i) log.add(line);
    }
    while (told.size() < 2) co_await sleep(1ms);
  });
  EXPECT_THAT(told[1], HasSubstr("is written again; lines that were lost: 7"));
}

TEST_F(log_writer_, does_not_stop_others_while_its_disk_hangs) {
  // A pipe that nobody reads takes as long as a disk that hangs.
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  std::ifstream reader;
  log_writer log{path, tell};
  const std::string line(100'000, 'x');  // more than a pipe holds
  beside(log, [&]() -> task<> {
    const auto reopen = [](log_writer& of, bool& done) -> task<> {
      const std::error_code failed = co_await of.reopen();
      EXPECT_FALSE(failed);
      done = true;
    };
    bool opened = false;
    std::string read;
    const auto both = [&](scope& tasks) -> task<> {
      tasks.spawn(reopen(log, opened));
      for (int turn = 0; turn < 100; ++turn) co_await yield();
      EXPECT_FALSE(opened);  // it waits in open(2) for a reader
      log.add(line);
      const auto read_all = [&] {
        std::ifstream pipe{path};
        read.resize(line.size() + 1);
        pipe.read(read.data(), static_cast<std::streamsize>(read.size()));
      };
      const result<void> ran = co_await blocking(read_all);
      EXPECT_TRUE(ran);
    };
    co_await in_scope(both);
    EXPECT_TRUE(opened);
    EXPECT_EQ(read, line + "\n");
  });
}

TEST_F(log_writer_, opens_its_file_anew) {
  log_writer log{path, tell};
  ASSERT_FALSE(log.open());
  beside(log, [&]() -> task<> {
    log.add("old");
    while (text() != "old\n") co_await sleep(1ms);
    std::filesystem::rename(path, path + ".1");
    const std::error_code failed = co_await log.reopen();
    EXPECT_FALSE(failed);
    log.add("new");
    while (text() != "new\n") co_await sleep(1ms);
  });
  EXPECT_EQ(read_file(path + ".1").value(), "old\n");
  std::filesystem::remove(path + ".1");
}

}  // namespace
}  // namespace pentad::messenger::testing
