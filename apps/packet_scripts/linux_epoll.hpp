// epoll(7): which of many sockets are ready, by level and by edge.
#pragma once

#include <map>
#include <vector>

#include "apps/packet_scripts/linux_socket.hpp"

namespace pentad::packet_scripts {

class linux_epoll {
 public:
  struct told {
    std::uint32_t events = 0;
    std::uint64_t data = 0;
  };

  /// Of EPOLL_CTL_ADD, EPOLL_CTL_MOD and EPOLL_CTL_DEL.
  call_result control(int operation, int descriptor, linux_socket& about, const told& wanted);
  void forget(int descriptor) { watched_.erase(descriptor); }

  /// Looks at all of them, so that no edge is missed; to be called whenever something happened.
  void look();
  std::vector<told> ready(std::size_t most);

 private:
  struct watch {
    linux_socket* about;
    told wanted;
    readiness seen;
    std::uint32_t fresh = 0;  // events whose edge was not told
  };

  std::map<int, watch> watched_;
};

}  // namespace pentad::packet_scripts
