#include "clients.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace {

constexpr std::size_t buffer_size = 65536;
constexpr nanoseconds patience = 20'000'000'000;

}  // namespace

clients::clients(const settings& s, unsigned count)
    : poll_(epoll_create1(EPOLL_CLOEXEC)), all_(count), buffer_(buffer_size) {
  if (poll_ < 0) fail("epoll_create1", errno);
  for (unsigned i = 0; i < count; ++i) {
    all_[i].fd = connect_to_server(s);
    if (all_[i].fd < 0) fail("connect", errno);
    epoll_event wanted{.events = EPOLLIN | EPOLLET, .data = {.u32 = i}};
    if (epoll_ctl(poll_, EPOLL_CTL_ADD, all_[i].fd, &wanted) != 0) fail("epoll_ctl", errno);
  }
  sign_up();
}

clients::~clients() {
  for (const one& each : all_) close(each.fd);
  close(poll_);
}

/// A few at a time, so that no server's queue of connections or of output is what is measured.
void clients::sign_up() {
  constexpr unsigned at_once = 100;
  // Those of a crowd that has just left may still be there.
  const std::string prefix = "p" + std::to_string(getpid()) + "n";
  unsigned begun = 0;
  unsigned done = 0;
  while (done < count()) {
    while (begun < count() && begun - done < at_once) {
      const std::string nick = prefix + std::to_string(begun);
      send(begun++, "NICK " + nick + "\r\nUSER guest 0 * :A guest\r\n");
    }
    take_in([&](unsigned, std::string_view line) {
      const std::string_view command = command_of(line);
      // RPL_ENDOFMOTD and ERR_NOMOTD end the greeting.
      if (command == "376" || command == "422") ++done;
      if (command == "ERROR" || command == "433") fail(line);
    });
  }
}

void clients::send(unsigned who, std::string_view lines) {
  const ssize_t sent =
      ::send(all_[who].fd, lines.data(), lines.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0) fail("send", errno);
  if (static_cast<std::size_t>(sent) != lines.size()) fail("the server does not read");
}

unsigned clients::await() {
  std::array<epoll_event, 512> events;
  for (;;) {
    const int count = epoll_wait(poll_, events.data(), static_cast<int>(events.size()), 0);
    if (count < 0) fail("epoll_wait", errno);
    const nanoseconds now = monotonic();
    if (count == 0) {
      if (now - last_ready_ > patience) fail("the server has said nothing for 20 seconds");
      return 0;
    }
    last_ready_ = now;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
      ready_[i] = events[i].data.u32;
    return static_cast<unsigned>(count);
  }
}

std::string_view clients::receive(unsigned who, bool& more) {
  const ssize_t got = recv(all_[who].fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  if (got < 0 && errno != EAGAIN) fail("recv", errno);
  if (got == 0) fail("the server ended a connection");
  // A stream that gave less than there was room for has no more (epoll(7)).
  more = got == static_cast<ssize_t>(buffer_.size());
  return {buffer_.data(), got < 0 ? 0 : static_cast<std::size_t>(got)};
}

std::string_view clients::complete(unsigned who, std::string_view end) {
  std::string& begun = all_[who].begun;
  std::string_view line = begun.empty() ? end : std::string_view{begun.append(end)};
  line.remove_suffix(line.ends_with("\r\n") ? 2 : 1);
  return line;
}

bool clients::answered_ping(unsigned who, std::string_view line) {
  if (command_of(line) != "PING") return false;
  send(who, "PONG" + std::string{line.substr(line.find("PING") + 4)} + "\r\n");
  return true;
}
