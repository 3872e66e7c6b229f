// What the command line asks for, and the few system calls that all modes need.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <span>
#include <string_view>

struct settings {
  in_addr address{};
  std::uint16_t port = 6667;
  unsigned members = 200;
  unsigned speakers = 1;   // of the members, taking turns
  unsigned window = 1;     // messages on their way at once
  double pace = 0;         // deliveries a second; 0: as fast as the window lets them
  double seconds = 1;      // measured
  double warmup = 0.3;     // before that
  int server = 0;          // its process id, for the processor time it used; 0: unknown
  std::span<char*> start;  // mode start: the command
};

using nanoseconds = std::uint64_t;

/// Ends the program with exit code 1: `what` failed with the errno value `error`.
[[noreturn]] void fail(std::string_view what, int error);

/// Ends the program with exit code 1: the server broke its promise.
[[noreturn]] void fail(std::string_view what);

[[nodiscard]] nanoseconds monotonic() noexcept;

/// Processor time of all threads of the server, user and system, up to this moment.
[[nodiscard]] nanoseconds processor_time(const settings& s) noexcept;

/// A socket with TCP_NODELAY that is connected to the server, or -1 with errno.
[[nodiscard]] int connect_to_server(const settings& s) noexcept;

// The modes; each prints one line of JSON, times in integer nanoseconds.
void run_talk(const settings& s);
void run_join(const settings& s);
void run_idle(const settings& s);
void run_start(const settings& s);
