// What load generators share: how they end, what time it is, the numbers of their command line.
#pragma once

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>
#include <system_error>

using nanoseconds = std::uint64_t;

/// Ends the program with exit code 2, and says how to call it. Each program has its own.
[[noreturn]] void usage();

template <class Number>
void read_number(std::string_view text, Number& to) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), to);
  if (error != std::errc{} || end != text.data() + text.size()) usage();
}

/// Ends the program with exit code 1: the server broke its promise.
[[noreturn]] inline void fail(std::string_view what) {
  std::fprintf(stderr, "%s: %.*s\n", program_invocation_short_name, static_cast<int>(what.size()),
               what.data());
  std::exit(1);
}

/// Ends the program with exit code 1: `what` failed with the errno value `error`.
[[noreturn]] inline void fail(std::string_view what, int error) {
  fail(std::string(what) + ": " + std::strerror(error));
}

[[nodiscard]] inline nanoseconds read_clock(clockid_t clock) noexcept {
  timespec t{};
  clock_gettime(clock, &t);
  return static_cast<nanoseconds>(t.tv_sec) * 1'000'000'000 + static_cast<nanoseconds>(t.tv_nsec);
}

[[nodiscard]] inline nanoseconds monotonic() noexcept { return read_clock(CLOCK_MONOTONIC); }

/// Processor time of all threads of a process, user and system, up to this moment; 0 for process 0.
[[nodiscard]] inline nanoseconds processor_time(int process) noexcept {
  clockid_t clock{};
  if (process == 0 || clock_getcpuclockid(process, &clock) != 0) return 0;
  return read_clock(clock);
}
