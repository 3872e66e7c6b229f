// Mode `idle`: registers all clients, then holds them without a word until its standard input ends.

#include <unistd.h>

#include <cstdio>

#include "clients.hpp"

void run_idle(const settings& s) {
  const clients crowd{s, s.members};
  std::printf("{\"mode\":\"idle\",\"members\":%u}\n", s.members);
  std::fflush(stdout);
  char ignored = 0;
  while (read(STDIN_FILENO, &ignored, 1) > 0) {
  }
}
