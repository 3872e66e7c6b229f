// Puts together the times of messages on their way out: the stamps of one message come one by one.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "pentad/stack/hop_times.hpp"

namespace pentad::kernel {

class sent_times {
 public:
  enum class stamp : unsigned char { scheduled, transmitted, acknowledged };

  /// A message is complete when it has this stamp, the last that it can have.
  explicit sent_times(stamp last) noexcept : last_(last) {}

  /// The message `number` was given to the socket. Numbers go up. Bounded: the oldest is forgotten.
  void given(std::uint64_t number, wall_time when);

  /// The newest was not taken after all.
  void take_back() noexcept {
    if (!waiting_.empty()) waiting_.pop_back();
  }

  /// The kernel counts in 32 bits: `low` are those of the number.
  void add(std::uint32_t low, stamp what, wall_time when) noexcept;

  /// The oldest complete message.
  std::optional<sent_message> pop() noexcept;

 private:
  static constexpr std::size_t most = 1024;

  stamp last_;
  std::deque<sent_message> waiting_;
  std::deque<sent_message> complete_;
};

}  // namespace pentad::kernel
