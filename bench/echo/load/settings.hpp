// What the command line asks for, and the few system calls that all modes need.
#pragma once

#include <netinet/in.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "bench/peers/load_program.hpp"

struct settings {
  std::uint16_t port = 0;
  unsigned connections = 64;  // churn: how many are open at once
  unsigned size = 64;         // bytes of a message
  unsigned depth = 1;         // messages in flight on a connection
  double seconds = 1;         // measured
  double warmup = 0.3;        // before that
  int server = 0;             // its process id, for the processor time it used; 0: unknown
};

/// A blocking socket with TCP_NODELAY, connected to the server. `address` chooses one of the
/// server's addresses out of 127.0.0.0/8, because a pair of addresses has only 65,535 ports.
[[nodiscard]] int connect_to_server(const settings& s, std::uint32_t address);

/// Sends all of `message`.
void send_message(int fd, std::span<const std::byte> message);

/// Waits for the echo of `message` without ever sleeping, and compares it. `buffer` is as long.
void expect_echo(int fd, std::span<const std::byte> message, std::span<std::byte> buffer);

// The modes; each prints one line of JSON, times in integer nanoseconds.
void run_echo(const settings& s);
void run_churn(const settings& s);
void run_idle(const settings& s);
