// What the command line asks for, and the few system calls that all modes need.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <span>

#include "bench/peers/load_program.hpp"

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

/// A socket with TCP_NODELAY that is connected to the server, or -1 with errno.
[[nodiscard]] int connect_to_server(const settings& s) noexcept;

// The modes; each prints one line of JSON, times in integer nanoseconds.
void run_talk(const settings& s);
void run_join(const settings& s);
void run_idle(const settings& s);
void run_start(const settings& s);
