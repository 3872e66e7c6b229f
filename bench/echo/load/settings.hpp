// What the command line asks for, and the few system calls that all modes need.
#pragma once

#include <netinet/in.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

struct settings {
  std::uint16_t port = 0;
  unsigned connections = 64;  // churn: how many are open at once
  unsigned size = 64;         // bytes of a message
  unsigned depth = 1;         // messages in flight on a connection
  double seconds = 1;         // measured
  double warmup = 0.3;        // before that
  int server = 0;             // its process id, for the processor time it used; 0: unknown
};

using nanoseconds = std::uint64_t;

/// Ends the program with exit code 1: `what` failed with the errno value `error`.
[[noreturn]] void fail(std::string_view what, int error);

/// Ends the program with exit code 1: the server broke its promise.
[[noreturn]] void fail(std::string_view what);

[[nodiscard]] nanoseconds monotonic() noexcept;

/// Processor time of all threads of the server, user and system, up to this moment.
[[nodiscard]] nanoseconds processor_time(const settings& s) noexcept;

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
