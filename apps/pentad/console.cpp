#include "apps/pentad/console.hpp"

#include <unistd.h>

#include <algorithm>

#include "apps/pentad/advice.hpp"

namespace pentad::command {

console::console(std::string_view subcommand, duration patience)
    : subcommand_(subcommand),
      from_(STDIN_FILENO),
      input_(input_capacity, patience),
      output_(STDOUT_FILENO) {}

task<> console::read_input() {
  constexpr std::size_t most_at_once = 65536;
  for (;;) {
    const result<std::span<std::byte>> room = co_await input_.room();
    if (!room) co_return;
    const std::span<std::byte> buffer = room->first(std::min(room->size(), most_at_once));
    const result<std::size_t> count = co_await from_.read(buffer);
    if (!count) {
      if (count.error() == std::errc::operation_canceled) co_return;
      complain(subcommand_, explain("cannot read standard input", count.error()));
      input_failed_ = true;
      break;
    }
    if (*count == 0) break;
    input_.written(*count);
  }
  input_.finish();
}

int console::finish() const {
  if (output_.error()) {
    complain(subcommand_, explain("cannot write to standard output", output_.error()));
  }
  return output_.error() || input_failed_ ? exit_failed : exit_done;
}

}  // namespace pentad::command
