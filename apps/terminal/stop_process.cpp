#include "apps/terminal/stop_process.hpp"

#include <pthread.h>

#include <csignal>

namespace pentad::terminal {

void stop_process() noexcept {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  static_cast<void>(std::raise(SIGTSTP));
  pthread_sigmask(SIG_UNBLOCK, &stop, nullptr);  // stops here until SIGCONT
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
}

}  // namespace pentad::terminal
