// A crowd of IRC clients: crowd MODE ADDRESS PORT [options].

#include <arpa/inet.h>

#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

#include "settings.hpp"

void usage() {
  std::fputs(
      "usage: crowd talk|join|idle|start ADDRESS PORT [options]\n"
      "  --members N    clients (200)\n"
      "  --speakers N   of them say something, taking turns (1)\n"
      "  --window N     lines on their way at once (1)\n"
      "  --pace N       deliveries a second, instead of a window\n"
      "  --seconds S    to measure (1)\n"
      "  --warmup S     before measuring (0.3)\n"
      "  --server PID   whose processor time to measure\n"
      "  -- COMMAND     mode start: the server\n",
      stderr);
  std::exit(2);
}

namespace {

void read_option(settings& s, std::string_view name, std::string_view value) {
  if (name == "--members") {
    read_number(value, s.members);
  } else if (name == "--speakers") {
    read_number(value, s.speakers);
  } else if (name == "--window") {
    read_number(value, s.window);
  } else if (name == "--pace") {
    read_number(value, s.pace);
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

/// `arguments` are those behind the mode, with the null pointer that ends them.
settings read_settings(std::span<char*> arguments) {
  settings s;
  if (arguments.size() < 3 || inet_pton(AF_INET, arguments[0], &s.address) != 1) usage();
  read_number(arguments[1], s.port);
  std::span<char*> rest = arguments.subspan(2);
  for (; rest.size() > 2; rest = rest.subspan(2)) {
    if (std::string_view{rest[0]} == "--") {
      s.start = rest.subspan(1);
      return s;
    }
    read_option(s, rest[0], rest[1]);
  }
  if (rest.size() != 1) usage();
  if (s.members < 2 || s.window == 0 || s.speakers == 0 || s.speakers > s.members) usage();
  return s;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) usage();
  const std::string_view mode = argv[1];
  const settings s = read_settings(std::span(argv + 2, static_cast<std::size_t>(argc - 1)));
  if (mode == "talk") {
    run_talk(s);
  } else if (mode == "join") {
    run_join(s);
  } else if (mode == "idle") {
    run_idle(s);
  } else if (mode == "start" && !s.start.empty()) {
    run_start(s);
  } else {
    usage();
  }
}
