// Happy eyeballs (RFC 8305): of the many addresses of a peer the first that takes a connection,
// without waiting long for one that does not answer.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "pentad/runtime/event.hpp"
#include "pentad/runtime/scope.hpp"
#include "pentad/socket/connect_observer.hpp"
#include "pentad/socket/host.hpp"

namespace pentad {

class connection_race {
 public:
  /// RFC 8305, section 5: how long an attempt may take before the next begins beside it.
  static constexpr duration attempt_delay = std::chrono::milliseconds(250);

  /// `options` are those of every attempt. `observer`, which may be null, must outlive the race.
  connection_race(host& here, const connect_options& options,
                  connect_observer* observer = nullptr) noexcept
      : here_(here), options_(options), observer_(observer) {}

  /// The candidates that are known so far, in the order in which to try them but for their
  /// versions, which take turns; at any time, and again when more are known. `complete`: no more
  /// will be.
  void offer(std::span<const endpoint> candidates, bool complete);

  /// No more candidates will be known than those that are.
  void give_up() noexcept;

  /// Runs until one is connected, the others cancelled and joined; or until there is none left.
  /// The error is then the most telling of all attempts, the last of several such;
  /// `destination_address_required` if there was none.
  task<result<stream_socket>> run();

 private:
  task<> start_attempts(scope& attempts);
  task<> attempt(endpoint to);
  std::optional<endpoint> next() const noexcept;
  void note_failure(const endpoint& of, std::error_code error);

  host& here_;
  connect_options options_;
  connect_observer* observer_;
  std::vector<endpoint> candidates_;
  std::vector<endpoint> tried_;
  bool complete_ = false;
  instant next_start_{};
  std::size_t running_ = 0;
  std::optional<stream_socket> winner_;
  std::error_code error_;
  event changed_;
};

}  // namespace pentad
