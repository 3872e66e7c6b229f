// Each kind of NIC with a far end that tests can send from and look at.
#pragma once

#include <memory>
#include <string>

#include "tests/nic/frames.hpp"

namespace pentad::test {

class nic_setup {
 public:
  virtual ~nic_setup() = default;

  /// The NIC under test; it receives into `pool()`.
  virtual nic& card() = 0;
  virtual packet_pool& pool() = 0;

  virtual void far_end_sends(std::span<const std::byte> frame) = 0;
  /// All that has arrived there.
  virtual std::vector<octets> far_end_receives() = 0;

  /// Lets the loop run without waiting.
  virtual void turn() {}
};

/// One packet is left to the NIC in addition to `packets` for the test.
using make_setup = std::unique_ptr<nic_setup> (*)(const packet_pool_limits& limits);

std::unique_ptr<nic_setup> memory_setup(const packet_pool_limits& limits);
std::unique_ptr<nic_setup> recorded_setup(const packet_pool_limits& limits);
std::unique_ptr<nic_setup> unimpaired_setup(const packet_pool_limits& limits);
/// To be called in a network namespace of the test.
std::unique_ptr<nic_setup> tap_on_uring_setup(const packet_pool_limits& limits);
std::unique_ptr<nic_setup> tap_on_epoll_setup(const packet_pool_limits& limits);
std::unique_ptr<nic_setup> packet_on_uring_setup(const packet_pool_limits& limits);
std::unique_ptr<nic_setup> packet_on_epoll_setup(const packet_pool_limits& limits);
/// The same without a ring.
std::unique_ptr<nic_setup> packet_by_call_setup(const packet_pool_limits& limits);

}  // namespace pentad::test
