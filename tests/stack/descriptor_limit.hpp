// How many descriptors this process may have, for as long as this lives.
#pragma once

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <vector>

#include "pentad/runtime/descriptor_handle.hpp"

namespace pentad::test {

class descriptor_limit {
 public:
  explicit descriptor_limit(rlim_t most) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit wanted = before_;
    wanted.rlim_cur = most;
    if (wanted.rlim_max < most) wanted.rlim_max = most;  // only root may
    set_ = ::setrlimit(RLIMIT_NOFILE, &wanted) == 0;
  }
  descriptor_limit(const descriptor_limit&) = delete;
  descriptor_limit& operator=(const descriptor_limit&) = delete;
  ~descriptor_limit() { ::setrlimit(RLIMIT_NOFILE, &before_); }

  bool is_set() const { return set_; }

 private:
  rlimit before_;
  bool set_;
};

/// All descriptors that are left.
class hoard {
 public:
  void fill() {
    for (;;) {
      descriptor_handle taken(::open("/dev/null", O_RDONLY | O_CLOEXEC));
      if (!taken) return;
      taken_.push_back(std::move(taken));
    }
  }
  void release(std::size_t count) { taken_.resize(taken_.size() - count); }

 private:
  std::vector<descriptor_handle> taken_;
};

}  // namespace pentad::test
