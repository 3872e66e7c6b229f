#include "pentad/hosts/run_per_core.hpp"

#include <sched.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "pentad/hosts/make_host.hpp"

namespace pentad {
namespace {

// One program on its core, which another thread may cancel through the loop.
class core {
 public:
  core(std::string_view stack, unsigned number, core_program program)
      : stack_(stack), number_(number), program_(program) {}

  /// Runs the program on the calling thread.
  void run() {
    result<std::unique_ptr<host>> here = make_host(stack_);
    if (!here) {
      outcome.emplace(failure(here.error()));
      return;
    }
    task<int> body = program_.start(program_.callable, **here, number_);
    main_environment top;
    top.loop = &(*here)->loop();
    {
      const std::lock_guard lock(mutex_);
      if (canceled_) top.stop(stop_reason::canceled);
      running_ = &top;
      loop_ = &(*here)->loop();
    }
    const bool alive = top.run_to_end((*here)->loop(), body.bind(top));
    {
      const std::lock_guard lock(mutex_);
      running_ = nullptr;
    }
    if (cancel_posted_) (*here)->loop().run_until([this] { return cancel_arrived_; });
    thrown = top.error;
    if (thrown) return;
    if (alive)
      outcome.emplace(body.await_resume());
    else
      outcome.emplace(failure(std::errc::resource_deadlock_would_occur));
  }

  /// From any thread, once.
  void cancel() noexcept {
    const std::lock_guard lock(mutex_);
    canceled_ = true;
    if (running_ == nullptr) return;
    cancel_posted_ = true;
    cancel_.owner = this;
    cancel_.run = [](ready_node& node) {
      core& self = *static_cast<cancel_node&>(node).owner;
      self.cancel_arrived_ = true;
      if (self.running_ != nullptr) self.running_->stop(stop_reason::canceled);
    };
    loop_->post(cancel_);
  }

  std::optional<result<int>> outcome;
  std::exception_ptr thrown;

 private:
  struct cancel_node : ready_node {
    core* owner = nullptr;
  };

  std::string_view stack_;
  unsigned number_;
  core_program program_;
  std::mutex mutex_;
  main_environment* running_ = nullptr;  // changed by its own thread, under the mutex
  event_loop* loop_ = nullptr;           // of running_, valid as long as that is
  bool canceled_ = false;
  bool cancel_posted_ = false;
  bool cancel_arrived_ = false;
  cancel_node cancel_;
};

void pin_to(unsigned number) noexcept {
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  const auto count = static_cast<unsigned>(CPU_COUNT(&allowed));
  unsigned skip = count != 0 ? number % count : 0;
  for (std::size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &allowed) || skip-- != 0) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    ::sched_setaffinity(0, sizeof one, &one);
    return;
  }
}

}  // namespace

unsigned usable_cores() noexcept {
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 1;
  return static_cast<unsigned>(std::max(1, CPU_COUNT(&allowed)));
}

result<int> run_on_cores(std::string_view stack, unsigned cores, core_program program) {
  std::vector<std::unique_ptr<core>> all;
  for (unsigned i = 0; i < std::max(1U, cores); ++i) {
    all.push_back(std::make_unique<core>(stack, i, program));
  }
  std::mutex mutex;
  core* first_to_end = nullptr;
  const auto end = [&](core& ended) {
    const std::lock_guard lock(mutex);
    if (first_to_end != nullptr) return;
    first_to_end = &ended;
    for (const auto& other : all) {
      if (other.get() != &ended) other->cancel();
    }
  };
  const auto run = [&](core& each) {
    try {
      each.run();
    } catch (...) {
      each.thrown = std::current_exception();
    }
    end(each);
  };
  cpu_set_t before;
  const bool restore = ::sched_getaffinity(0, sizeof before, &before) == 0;
  std::vector<std::thread> threads;
  try {
    for (unsigned i = 1; i < all.size(); ++i) {
      threads.emplace_back([&, i] {
        pin_to(i);
        run(*all[i]);
      });
    }
    pin_to(0);
    run(*all[0]);
  } catch (...) {  // a thread could not be started
    all[0]->thrown = std::current_exception();
    end(*all[0]);
  }
  for (std::thread& thread : threads) thread.join();
  if (restore) ::sched_setaffinity(0, sizeof before, &before);
  if (first_to_end->thrown) std::rethrow_exception(first_to_end->thrown);
  return *first_to_end->outcome;
}

}  // namespace pentad
