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
///     native:tap=NAME,ip=ADDRESS/LENGTH
///                      Pentad's own stack behind the TAP device NAME, which is made if it is not
///                      there. Needs CAP_NET_ADMIN, or a device that root has made for the user
///
///     native:packet=INTERFACE,ip=ADDRESS/LENGTH
///                      Pentad's own stack on the link of an Ethernet interface, beside Linux's,
///                      with an address that Linux does not have. Needs CAP_NET_RAW
///
/// each with options after commas. On every stack `spin=DURATION` (such as `spin=50us`) looks for
/// events for up to so long before the thread sleeps; it answers sooner and uses more of its core.
/// On `native`:
///
///     ip6=ADDRESS/LENGTH   an address of this host, as `ip` is; there may be several of both
///     dhcp                 asks a DHCP server for an IPv4 address, routes and name servers, and
///                          gives the address back at the end of the host
///     dhcp=FILE            remembers the address in FILE instead, and asks for it the next time
///     slaac                makes IPv6 addresses as the routers of the link say, and takes their
///                          name servers. With one of both no ip= is needed, and the host is made
///                          when it has its address; after 10 s without one that fails, with
///                          `timed_out`
///     gw=ADDRESS           the router to everywhere else
///     dns=ADDRESS          a name server; there may be three. Without one, names are unknown
///     host=ADDRESS/LENGTH  an address for Linux's end of the device, which is set up
///     congestion=cubic|newreno
///                          how the windows of TCP grow (RFC 9438, RFC 5681); cubic otherwise
///     loss, duplicate, corrupt, reorder=PROBABILITY
///                          what happens to frames, each way: 0.01 or 1%
///     delay, jitter=DURATION
///                          how long a frame takes, each way, and up to how much longer
///     rate=RATE            of the line, each way, such as 10mbit
///     seed=NUMBER          the same seed decides alike for the same frames; 1 if it is not given
///     record=FILE          records all frames that the stack sends and receives, in pcapng,
///                          each card under its name
///
/// A second `tap=` or `packet=` begins another network card, to which the addresses, gateways,
/// `dhcp` and `slaac` behind it belong. Packets leave by the card with the most specific route.
///
/// Errors: `errc::malformed_host` for another text; `operation_not_permitted` or
/// `function_not_supported` where io_uring was asked for and is forbidden or too old; on `native`
/// those of `native_host::open`, which also has them in words.
result<std::unique_ptr<host>> make_host(std::string_view text);

/// Which engine `kernel` stands for on this machine, and why not io_uring if it is not.
struct kernel_choice {
  bool uring;
  std::error_code uring_error;
};
kernel_choice probe_kernel();

}  // namespace pentad
