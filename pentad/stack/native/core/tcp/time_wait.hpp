// What remains of a connection in TIME-WAIT: enough to answer late segments and to know a new
// connection from an old one.
#pragma once

#include "pentad/base/timer_queue.hpp"
#include "pentad/stack/native/core/tcp/demultiplexer.hpp"
#include "pentad/stack/native/core/tcp/segment.hpp"

namespace pentad::native {

class tcp;

class time_wait final : public demultiplexed, private timer_node {
 public:
  struct remains {
    wire::tcp_sequence send_next;
    wire::tcp_sequence receive_next;
    std::uint32_t window;  ///< as on the wire
    std::uint32_t recent_timestamp;
    std::uint32_t timestamp_offset;
    bool timestamps;
  };

  time_wait(tcp& owner, const five_tuple& of, const remains& left);
  ~time_wait();

  /// A segment for it. True if it is a SYN that may open a new connection: then this is to be
  /// deleted and the segment is for a listener.
  bool arrived(const segment& incoming);

  /// Where a new connection of the same quintuple starts: beyond all that the old one has sent
  /// (RFC 9293, section 3.4.3).
  wire::tcp_sequence send_next() const noexcept { return remains_.send_next; }

 private:
  bool is_newer(const segment& syn) const noexcept;
  void restart() noexcept;
  void acknowledge();

  tcp& owner_;
  remains remains_;
};

}  // namespace pentad::native
