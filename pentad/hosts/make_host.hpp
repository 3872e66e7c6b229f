// Builds a host from a text: the one place where a program's stack is chosen.
#pragma once

#include <memory>
#include <string_view>

#include "pentad/socket/host.hpp"

namespace pentad {

/// Makes the host that `text` describes, for the calling thread:
///
///     kernel           Linux's stack, through io_uring where it works, else through epoll
///     kernel:uring     Linux's stack through io_uring
///     kernel:epoll     Linux's stack through epoll
///
/// each with options after commas: `spin=DURATION` (such as `spin=50us`) looks for events for up to
/// so long before the thread sleeps; it answers sooner and uses more of its core.
///
///     native:tap=NAME,ip=ADDRESS/LENGTH[,ip6=ADDRESS/LENGTH][,gw=ADDRESS][,host=ADDRESS/LENGTH]
///
/// is Pentad's own stack behind the TAP device NAME, which is made if it is not there; `host` is an
/// address for Linux's end of it. Needs CAP_NET_ADMIN. Errors besides those below: of
/// `tap_nic::open` and `configure_link`.
///
/// Errors: `errc::malformed_host` for another text; `operation_not_permitted` or
/// `function_not_supported` where io_uring was asked for and is forbidden or too old.
result<std::unique_ptr<host>> make_host(std::string_view text);

/// Which engine `kernel` stands for on this machine, and why not io_uring if it is not.
struct kernel_choice {
  bool uring;
  std::error_code uring_error;
};
kernel_choice probe_kernel();

}  // namespace pentad
