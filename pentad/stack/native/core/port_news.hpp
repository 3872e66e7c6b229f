// Which ports of one kind have news for their programs, and what they all need of their core.
#pragma once

#include <deque>
#include <vector>

#include "pentad/stack/native/core/datagram_port.hpp"
#include "pentad/stack/native/core/ip_output.hpp"

namespace pentad::native {

class port_news {
 public:
  port_news(context& shared, ip_output& output) noexcept : context_(shared), output_(output) {}
  port_news(const port_news&) = delete;
  port_news& operator=(const port_news&) = delete;

  /// The next port with news (datagrams, an error, room to send), once for each time that it has
  /// some; null when there are none.
  datagram_port* next() noexcept;
  bool empty() const noexcept { return news_.empty(); }

  /// NICs have taken frames: who waited for that has news.
  void room_was_made() {
    if (!blocked_.empty()) tell_blocked();
  }

 private:
  friend class datagram_port;

  void add(datagram_port& who);
  void forget(datagram_port& who) noexcept;
  void tell_blocked();

  context& context_;
  ip_output& output_;
  std::deque<datagram_port*> news_;
  std::vector<datagram_port*> blocked_;
};

}  // namespace pentad::native
