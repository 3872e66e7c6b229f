// The same program on several cores: one thread, one loop and one host each, nothing shared.
#pragma once

#include <string_view>
#include <type_traits>

#include "pentad/runtime/scope.hpp"
#include "pentad/socket/host.hpp"

namespace pentad {

/// How many cores this process may use.
unsigned usable_cores() noexcept;

/// A program for each core, behind a plain function pointer.
struct core_program {
  task<int> (*start)(const void* callable, host& here, unsigned core);
  const void* callable;
};

/// `run_per_core` without its template.
result<int> run_on_cores(std::string_view stack, unsigned cores, core_program program);

/// Runs `program(host&, core)`, a `task<int>`, on `cores` threads, each with a host made of the
/// text `stack` (see `make_host`), one of them the calling thread. Listen with `reuse_port` on each
/// to share a port. The first program to end ends all: the others are cancelled and joined, and its
/// value is returned, or what it threw is thrown. Errors: those of `make_host`.
template <plain_callable Program>
  requires std::is_invocable_r_v<task<int>, const Program&, host&, unsigned>
result<int> run_per_core(std::string_view stack, unsigned cores, const Program& program) {
  const auto start = [](const void* callable, host& here, unsigned core) {
    return (*static_cast<const Program*>(callable))(here, core);
  };
  return run_on_cores(stack, cores, {start, &program});
}

}  // namespace pentad
