#include "pentad/runtime/signal_set.hpp"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cstring>

#include "pentad/runtime/descriptor.hpp"

namespace pentad {

signal_set::signal_set(std::initializer_list<int> signals) {
  static_assert(sizeof(sigset_t) <= sizeof mask_before_);
  sigset_t wanted;
  sigset_t before;
  sigemptyset(&wanted);
  for (const int signal : signals) sigaddset(&wanted, signal);
  pthread_sigmask(SIG_BLOCK, &wanted, &before);
  std::memcpy(mask_before_, &before, sizeof before);
  descriptor_ = ::signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC);
  if (descriptor_ < 0) failed_ = std::error_code(errno, std::generic_category());
}

signal_set::~signal_set() {
  if (descriptor_ >= 0) ::close(descriptor_);
  sigset_t before;
  std::memcpy(&before, mask_before_, sizeof before);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

task<result<int>> signal_set::next() {
  if (failed_) co_return failure(failed_);
  for (;;) {
    signalfd_siginfo info;
    const ssize_t size = ::read(descriptor_, &info, sizeof info);
    if (size == static_cast<ssize_t>(sizeof info)) co_return static_cast<int>(info.ssi_signo);
    if (size < 0 && errno != EAGAIN && errno != EINTR) co_return operation_failure(errno);
    const result<void> ready = co_await readable(descriptor_);
    if (!ready) co_return failure(ready.error());
  }
}

}  // namespace pentad
