// One load generator for every server: load MODE PORT [--connections N] [--size SIZE]
// [--depth N] [--seconds S] [--warmup S] [--server PID].

#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

#include "settings.hpp"

void usage() {
  std::fputs(
      "usage: load echo|churn|idle PORT [options]\n"
      "  --connections N  open at once (64)\n"
      "  --size SIZE      bytes of a message (64)\n"
      "  --depth N        messages in flight on a connection (1; echo only); SIZE * N <= 65536\n"
      "  --seconds S      to measure (1)\n"
      "  --warmup S       before measuring (0.3)\n"
      "  --server PID     whose processor time to measure\n",
      stderr);
  std::exit(2);
}

namespace {

// What fits into socket buffers, so that neither end ever waits for the other to receive.
constexpr std::uint64_t largest_batch = 65536;

settings read_options(std::span<char*> arguments) {
  settings s;
  if (arguments.size() % 2 != 1) usage();
  read_number(arguments[0], s.port);
  for (std::size_t i = 1; i < arguments.size(); i += 2) {
    const std::string_view name = arguments[i];
    const std::string_view value = arguments[i + 1];
    if (name == "--connections") {
      read_number(value, s.connections);
    } else if (name == "--size") {
      read_number(value, s.size);
    } else if (name == "--depth") {
      read_number(value, s.depth);
    } else if (name == "--seconds") {
      read_number(value, s.seconds);
    } else if (name == "--warmup") {
      read_number(value, s.warmup);
    } else if (name == "--server") {
      read_number(value, s.server);
    } else {
      usage();
    }
  }
  if (s.connections == 0 || s.size == 0 || s.depth == 0) usage();
  if (std::uint64_t{s.size} * s.depth > largest_batch) usage();
  return s;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) usage();
  const std::string_view mode = argv[1];
  const settings s = read_options(std::span(argv + 2, static_cast<std::size_t>(argc - 2)));
  if (mode == "echo") {
    run_echo(s);
  } else if (mode == "churn") {
    run_churn(s);
  } else if (mode == "idle") {
    run_idle(s);
  } else {
    usage();
  }
}
