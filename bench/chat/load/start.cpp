// Mode `start`: how long it takes from the start of a server's process until it takes a connection.

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cinttypes>
#include <csignal>
#include <cstdio>

#include "settings.hpp"

namespace {

constexpr nanoseconds patience = 20'000'000'000;

pid_t start_server(std::span<char*> command) {
  const int silence = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (silence < 0) fail("/dev/null", errno);
  const pid_t server = vfork();
  if (server < 0) fail("vfork", errno);
  if (server > 0) return server;
  dup2(silence, STDOUT_FILENO);
  dup2(silence, STDERR_FILENO);
  execvp(command[0], command.data());
  _exit(127);
}

}  // namespace

void run_start(const settings& s) {
  const nanoseconds begin = monotonic();
  const pid_t server = start_server(s.start);
  int connection = -1;
  while ((connection = connect_to_server(s)) < 0) {
    if (waitpid(server, nullptr, WNOHANG) == server) fail("the server ended");
    if (monotonic() - begin > patience) fail("the server takes no connection");
    usleep(100);
  }
  const nanoseconds took = monotonic() - begin;
  close(connection);
  kill(server, SIGKILL);
  waitpid(server, nullptr, 0);
  std::printf("{\"mode\":\"start\",\"elapsed_ns\":%" PRIu64 "}\n", took);
}
