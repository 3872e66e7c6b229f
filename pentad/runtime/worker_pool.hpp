// A few threads for calls that block: started when there is work, ended with their loop.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "pentad/runtime/ready_queue.hpp"

namespace pentad {

class worker_pool {
 public:
  static constexpr unsigned most_threads = 4;

  worker_pool() = default;
  worker_pool(const worker_pool&) = delete;
  worker_pool& operator=(const worker_pool&) = delete;

  /// Waits for jobs that run; jobs that wait for a thread still run.
  ~worker_pool();

  /// Runs `job` on one of the threads, after the jobs that wait already.
  void submit(ready_node& job);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  ready_queue jobs_;
  unsigned waiting_ = 0;  // jobs in the queue
  unsigned idle_ = 0;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace pentad
