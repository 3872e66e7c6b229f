#include "apps/messenger/demo/network_namespace.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace pentad::messenger::demo {

result<network_owner> enter_own_network() {
  if (::unshare(CLONE_NEWNET) == 0) return network_owner::machine;
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0) return network_owner::user_namespace;
  return failure_from_errno(errno);
}

result<void> enter_own_network_beside(pid_t other, network_owner its_owner) {
  if (its_owner == network_owner::user_namespace) {
    const std::string path = "/proc/" + std::to_string(other) + "/ns/user";
    const int space = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (space < 0) return failure_from_errno(errno);
    const int entered = ::setns(space, CLONE_NEWUSER);
    const int error = errno;
    ::close(space);
    if (entered != 0) return failure_from_errno(error);
  }
  if (::unshare(CLONE_NEWNET) != 0) return failure_from_errno(errno);
  return {};
}

}  // namespace pentad::messenger::demo
