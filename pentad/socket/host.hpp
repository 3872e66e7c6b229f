// What a program receives and reaches the world through: its host. Which stack is under it was
// chosen when the program started, and the program cannot tell.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pentad/runtime/run.hpp"
#include "pentad/runtime/sleep.hpp"
#include "pentad/socket/connect_observer.hpp"
#include "pentad/socket/connect_operation.hpp"
#include "pentad/socket/datagram_socket.hpp"
#include "pentad/socket/packet_socket.hpp"
#include "pentad/socket/raw_socket.hpp"
#include "pentad/socket/stream_listener.hpp"
#include "pentad/socket/stream_socket.hpp"
#include "pentad/socket/stream_steps.hpp"
#include "pentad/stack/stack.hpp"

namespace pentad {

class name_service;
class resolver;

/// Names the kind of socket that `host::open` makes.
struct stream_kind {};
inline constexpr stream_kind stream{};

/// Names Unix sockets where an IP version names the others.
struct unix_domain_kind {};
inline constexpr unix_domain_kind unix_domain{};

/// A host belongs to the thread of its loop, as do all sockets that it makes; they must not outlive
/// it.
class host {
 public:
  /// `seed` starts the host's random numbers; `names` is what it turns names into addresses with,
  /// by default addresses and `localhost` alone.
  host(event_loop& loop, stack& network, std::uint64_t seed);
  host(event_loop& loop, stack& network, std::uint64_t seed, const name_service& names);
  virtual ~host();
  host(const host&) = delete;
  host& operator=(const host&) = delete;

  /// socket(): a stream socket to bind, then to listen or connect with. Errors: those of socket(2)
  /// and of options that cannot be set.
  result<unbound_socket> open(stream_kind, ip_version version, const stream_options& options = {});
  result<unbound_socket> open(stream_kind, unix_domain_kind, const stream_options& options = {});

  /// socket(), bind() and listen() in one.
  result<stream_listener> listen(const socket_address& local, const listen_options& options = {});

  /// socket() and connect() in one.
  connect_operation connect(const socket_address& remote, const connect_options& options = {},
                            within limit = {}) {
    return {stack_, remote, options, limit};
  }

  /// The same by name: all addresses of `name`, as they become known, those of IPv6 and IPv4 in
  /// turns, a next one when the one before fails or has not answered for 250 ms (RFC 8305). The
  /// first that is connected wins, the others are cancelled and joined. Every attempt has the same
  /// `options`; `observer` is told of those that fail. Errors: those of `resolve`; the most telling
  /// of the attempts.
  task<result<stream_socket>> connect(std::string name, std::uint16_t port,
                                      connect_options options = {},
                                      connect_observer* observer = nullptr);

  /// The addresses of `name`, in the order in which to try them (RFC 6724); a name that is an
  /// address is itself. Asks the table of hosts, then DNS; what a server says is remembered for as
  /// long as it may be. Names of any script are converted (IDNA). Errors: `errc::name_not_found`,
  /// `errc::name_has_no_address`, `errc::name_try_again`, `errc::name_failed`,
  /// `errc::no_name_server`, `operation_canceled`, `timed_out`.
  task<result<std::vector<ip_address>>> resolve(std::string name);

  /// socket() and bind(): a datagram socket at `local`, whose port may be 0. Errors: those of
  /// socket(2) and bind(2), and of options that cannot be set.
  result<datagram_socket> datagram(const socket_address& local,
                                   const datagram_options& options = {});

  /// socket(): a raw socket for packets of `protocol`. Errors: `operation_not_permitted` without
  /// CAP_NET_RAW, or, for one with `unprivileged`, outside of net.ipv4.ping_group_range;
  /// `operation_not_supported` for options that the stack has not.
  result<raw_socket> raw(ip_version version, ip_protocol protocol, const raw_options& options = {});

  /// A packet socket that hears the frames of this host's interfaces. Errors:
  /// `operation_not_permitted` without CAP_NET_RAW, `no_such_device`, `invalid_argument` for a
  /// filter that is none.
  result<packet_socket> packets(const packet_options& options = {});

  /// The network interfaces of this host, in the order of their numbers.
  result<std::vector<network_interface>> interfaces() { return stack_.interfaces(); }

  /// The quintuples that are alive on this host, and how they are doing. On Linux those of the
  /// network namespace, whoever holds them: a system call or two for each process, which blocks for
  /// some milliseconds. Errors: those of netlink(7) and of reading /proc/net; on a stack that does
  /// not know its flows `operation_not_supported`.
  result<std::vector<flow>> flows() { return stack_.flows(); }

  /// This host's clock.
  instant now() { return loop_.now(); }
  sleep_operation sleep(duration length) noexcept { return sleep_operation(length); }

  /// The next of this host's random numbers (xoshiro256**): not for secrets.
  std::uint64_t random() noexcept;

  /// Runs a program to its end on this host, from outside of all coroutines. See `pentad::run`.
  /// Then a stack of its own delivers what the program has sent and closed, for a minute at most.
  template <class T>
  result<T> run(task<T> program) {
    result<T> outcome = pentad::run(loop_, std::move(program));
    settle();
    return outcome;
  }

  event_loop& loop() noexcept { return loop_; }

 private:
  void settle();

  event_loop& loop_;
  stack& stack_;
  std::uint64_t random_[4];
  std::unique_ptr<resolver> resolver_;
};

}  // namespace pentad
