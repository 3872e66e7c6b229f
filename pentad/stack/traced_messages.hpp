// The messages of one socket on their way out, as long as not all of their times are known.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "pentad/stack/hop_times.hpp"

namespace pentad {

/// Of the hops on the way out those that a message passes after it was given to the socket.
enum class passed_hop : unsigned char { scheduled, transmitted };

class traced_messages {
 public:
  /// The datagram `number`, or the bytes of a stream after `begin` up to `number`, were given to
  /// the socket. Numbers go up. Bounded: the oldest is forgotten.
  void given(std::uint64_t begin, std::uint64_t number, wall_time when);
  void given(std::uint64_t number, wall_time when) { given(number, number, when); }

  /// The newest was not taken after all.
  void take_back() noexcept {
    if (!waiting_.empty()) waiting_.pop_back();
  }
  /// Of the newest bytes only those up to `number` were taken.
  void cut_short(std::uint64_t number) noexcept;

  /// The one datagram `position` has passed; transmitted, it is complete.
  void passed(std::uint32_t position, passed_hop hop, wall_time when);

  /// All bytes of a stream up to `position` have passed.
  void passed_up_to(std::uint32_t position, passed_hop hop, wall_time when) noexcept;

  /// All bytes up to `number` were acknowledged, and their messages are complete.
  void acknowledged(std::uint64_t number, wall_time when);

  std::optional<sent_message> pop() noexcept;

  /// Of the one that was complete last.
  const hop_times& last() const noexcept { return last_; }

 private:
  static constexpr std::size_t most = 1024;

  void complete(const sent_message& message);

  struct outgoing : sent_message {
    std::uint64_t begin = 0;
  };

  std::deque<outgoing> waiting_;
  std::deque<sent_message> complete_;
  hop_times last_;
};

}  // namespace pentad
