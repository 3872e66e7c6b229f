#include "pentad/runtime/worker_pool.hpp"

#include <csignal>

namespace pentad {

worker_pool::~worker_pool() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void worker_pool::submit(ready_node& job) {
  const std::lock_guard lock(mutex_);
  if (idle_ <= waiting_ && threads_.size() < most_threads) {
    // A worker must not be the thread that a signal finds: whoever awaits signals would miss it.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      threads_.emplace_back([this] { work(); });
    } catch (...) {
      pthread_sigmask(SIG_SETMASK, &before, nullptr);
      if (threads_.empty()) throw;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  jobs_.push(job);
  ++waiting_;
  changed_.notify_one();
}

void worker_pool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    changed_.wait(lock, [this] { return waiting_ != 0 || ending_; });
    --idle_;
    if (waiting_ == 0) return;
    ready_node& job = jobs_.pop();
    --waiting_;
    lock.unlock();
    job.run(job);
    lock.lock();
  }
}

}  // namespace pentad
