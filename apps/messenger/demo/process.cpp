#include "apps/messenger/demo/process.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace pentad::messenger::demo {

control_line::control_line(control_line&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

control_line::~control_line() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void control_line::tell(std::string_view text) noexcept {
  // When nobody listens any more, the process is about to end.
  static_cast<void>(!::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL));
}

std::optional<std::string> control_line::listen() {
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (size > 0) return std::string(buffer.data(), static_cast<std::size_t>(size));
    if (size == 0 || errno != EINTR) return std::nullopt;
  }
}

std::optional<std::string> control_line::listen(std::chrono::steady_clock::time_point until) {
  using std::chrono::milliseconds;
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
    if (left <= milliseconds::zero()) return std::nullopt;
    pollfd polled{descriptor_, POLLIN, 0};
    if (::poll(&polled, 1, static_cast<int>(left.count())) > 0) return listen();
  }
}

result<process> process::start(const std::function<void(control_line& parent)>& life) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return failure_from_errno(errno);
  }
  control_line ours(ends[0]);
  control_line theirs(ends[1]);
  const pid_t parent = ::getpid();
  std::fflush(nullptr);  // else the child would write it once more
  const pid_t id = ::fork();
  if (id < 0) return failure_from_errno(errno);
  if (id > 0) return process(id, std::move(ours));

  {
    const control_line of_the_parent = std::move(ours);  // closed here
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() == parent) life(theirs);
  ::_exit(EXIT_SUCCESS);
}

process::process(process&& other) noexcept
    : id_(std::exchange(other.id_, -1)), line_(std::move(other.line_)) {}

process::~process() {
  if (id_ < 0) return;
  ::kill(id_, SIGKILL);
  ::waitpid(id_, nullptr, 0);
}

}  // namespace pentad::messenger::demo
