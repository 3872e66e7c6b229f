// A socket as Linux's programs have it: calls that end, fail with an errno, or wait.
#pragma once

#include <cerrno>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "apps/packet_scripts/script.hpp"
#include "pentad/base/endpoint.hpp"

namespace pentad::packet_scripts {

/// What a call came to.
struct call_result {
  std::int64_t value = 0;
  int error = 0;       ///< errno; then the value is -1
  bool waits = false;  ///< it would block, and is to be made again when something has happened
};

inline call_result returns(std::int64_t value) { return {.value = value}; }
inline call_result fails(int error) { return {.value = -1, .error = error}; }
inline call_result would_wait() { return {.waits = true}; }

/// What poll(2) and epoll(7) are told.
struct readiness {
  std::uint32_t events = 0;    ///< POLLIN and so on, whose bits are those of EPOLLIN and so on
  std::uint64_t arrivals = 0;  ///< grows with each arrival, so that edges can be seen
};

/// The value of an option: a number, or several, or a text.
struct option_value {
  std::vector<std::int64_t> numbers;
  std::string text;
};

class linux_socket {
 public:
  virtual ~linux_socket() = default;

  /// Where a script leaves an address out, the default one comes in.
  virtual call_result bind(const endpoint& local) = 0;
  virtual call_result listen(unsigned backlog) = 0;
  virtual call_result connect(const endpoint& remote) = 0;
  /// The socket that was accepted goes into `made`.
  virtual call_result accept(std::unique_ptr<linux_socket>& made) = 0;
  virtual call_result read(std::size_t most) = 0;
  /// `written` counts what was taken when the call was made before.
  virtual call_result write(std::size_t count, std::size_t& written,
                            const std::optional<endpoint>& to) = 0;
  /// MSG_FASTOPEN of send(2): connects, and writes.
  virtual call_result connect_and_write(std::size_t count, std::size_t& written,
                                        const endpoint& to) {
    static_cast<void>(count), static_cast<void>(written), static_cast<void>(to);
    return fails(EOPNOTSUPP);
  }
  virtual call_result shutdown(int how) = 0;
  /// What close(2) does before it lets go, and how long it may wait for the end of that.
  virtual duration begin_closing() { return duration::zero(); }
  virtual bool is_closing() { return false; }

  /// Throw `unsupported` for options of Linux that the stack does not have.
  virtual call_result set_option(int level, int name, const option_value& value) = 0;
  virtual call_result get_option(int level, int name, option_value& value) = 0;
  /// Of SIOCINQ, SIOCOUTQ and SIOCOUTQNSD.
  virtual call_result queue_size(int request, std::int64_t& size) = 0;
  virtual readiness ready() = 0;
  /// What TCP_INQ tells beside what was read; none if it was not asked for.
  virtual std::optional<std::int64_t> inq() { return std::nullopt; }

  bool nonblocking = false;
};

}  // namespace pentad::packet_scripts
