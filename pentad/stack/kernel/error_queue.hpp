// The error queue of a socket, where Linux puts what came back about messages that were sent: ICMP
// errors (IP_RECVERR in ip(7)) and the times of hops (timestamping.rst).
#pragma once

#include <deque>
#include <vector>

#include "pentad/stack/datagram_operations.hpp"
#include "pentad/stack/traced_messages.hpp"

namespace pentad::kernel {

class error_queue {
 public:
  /// Both return whether the operation has ended; if not, nothing of its kind is there.
  bool receive(int descriptor, receive_error_operation& operation);
  bool receive(int descriptor, sent_message_operation& operation);

  /// Takes what the kernel has to tell. As long as it has something, it calls the socket ready, so
  /// this comes before every wait.
  void collect(int descriptor);

  /// `count` datagrams are given to the socket.
  void given(std::size_t count, wall_time when);
  /// The newest `count` of these were not taken.
  void take_back(std::size_t count) noexcept;

 private:
  struct kept_error {
    datagram_error error;
    std::vector<std::byte> bytes;
  };

  // Whether there was something.
  bool read_one(int descriptor);

  static constexpr std::size_t most_kept = 64;

  std::deque<kept_error> kept_;
  traced_messages sent_;
  std::uint64_t next_number_ = 0;
};

}  // namespace pentad::kernel
