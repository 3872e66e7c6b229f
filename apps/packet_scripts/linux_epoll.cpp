#include "apps/packet_scripts/linux_epoll.hpp"

#include <sys/epoll.h>

#include <cerrno>

namespace pentad::packet_scripts {

call_result linux_epoll::control(int operation, int descriptor, linux_socket& about,
                                 const told& wanted) {
  const auto found = watched_.find(descriptor);
  const bool is_known = found != watched_.end();
  if (operation == EPOLL_CTL_ADD) {
    if (is_known) return fails(EEXIST);
    watched_[descriptor] = {.about = &about, .wanted = wanted, .seen = {}, .fresh = 0};
    return returns(0);
  }
  if (!is_known) return fails(ENOENT);
  if (operation == EPOLL_CTL_DEL) {
    watched_.erase(found);
  } else if (operation == EPOLL_CTL_MOD) {
    found->second.wanted = wanted;
    found->second.fresh = about.ready().events;
  } else {
    return fails(EINVAL);
  }
  return returns(0);
}

void linux_epoll::look() {
  for (auto& [descriptor, each] : watched_) {
    const readiness now = each.about->ready();
    each.fresh |= now.events & ~each.seen.events;
    if (now.arrivals != each.seen.arrivals) each.fresh |= now.events & EPOLLIN;
    each.fresh &= now.events;
    each.seen = now;
  }
}

std::vector<linux_epoll::told> linux_epoll::ready(std::size_t most) {
  look();
  std::vector<told> all;
  for (auto& [descriptor, each] : watched_) {
    if (all.size() == most) break;
    const std::uint32_t wanted = each.wanted.events | EPOLLERR | EPOLLHUP;
    const bool by_edge = (each.wanted.events & EPOLLET) != 0;
    const std::uint32_t events = each.seen.events & wanted;
    if (events == 0 || (by_edge && (each.fresh & wanted) == 0)) continue;
    each.fresh = 0;
    if ((each.wanted.events & EPOLLONESHOT) != 0) each.wanted.events = 0;
    all.push_back({events, each.wanted.data});
  }
  return all;
}

}  // namespace pentad::packet_scripts
