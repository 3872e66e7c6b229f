// A transport that decides itself what it sends when: it is asked while the NIC has room.
#pragma once

#include <cstddef>

#include "pentad/base/clock.hpp"

namespace pentad::native {

class producer {
 public:
  /// Called with the time before anything else in each step.
  virtual void set_time(instant now) noexcept = 0;

  virtual bool has_output() const noexcept = 0;

  /// Sends packets, `most` at most.
  virtual void produce(std::size_t most, instant now) = 0;

 protected:
  ~producer() = default;
};

}  // namespace pentad::native
