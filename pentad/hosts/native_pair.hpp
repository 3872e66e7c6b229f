// Two hosts on Pentad's own stack, joined by a cable of memory: a network in one thread of any
// program, without root and without a device.
#pragma once

#include <memory>

#include "pentad/nic/impaired_path.hpp"
#include "pentad/socket/host.hpp"

namespace pentad {

struct native_pair_options {
  ip_address first = ip_address::v4(10, 0, 0, 1);   ///< of the first host, in a /24 (IPv6: a /64)
  ip_address second = ip_address::v4(10, 0, 0, 2);  ///< of the second host, in the same
  impairments cable = {};                           ///< what happens to frames, each way
  std::uint64_t seed = 1;  ///< the same seed gives the same frames at the same times
};

/// Both hosts share one loop, on which one `run` runs programs of both, and virtual time: a moment
/// comes as soon as nothing is left to do before it, so a deadline or a slow cable costs no time.
class native_pair {
 public:
  /// Throws `std::invalid_argument` for addresses that hosts cannot have.
  explicit native_pair(const native_pair_options& options = {});
  ~native_pair();
  native_pair(const native_pair&) = delete;
  native_pair& operator=(const native_pair&) = delete;

  host& first() noexcept;
  host& second() noexcept;

 private:
  struct network;
  std::unique_ptr<network> network_;
};

}  // namespace pentad
