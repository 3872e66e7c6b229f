// One connection of `listen` or `connect`: the program's input goes to the peer, the peer's bytes
// go to the output, until both directions have ended.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "apps/pentad/console.hpp"
#include "pentad/runtime/scope.hpp"

namespace pentad::command {

struct conversation_settings {
  std::string_view subcommand;         ///< that errors are reported for
  bool echo = false;                   ///< sends the peer's bytes back, and does nothing else
  bool verbose = false;                ///< says when it begins and ends
  duration timeout = duration::max();  ///< how long nothing may pass in either direction
  /// The same once the peer has finished sending: it may have gone, which shows only when something
  /// is sent to it.
  duration half_closed_timeout = duration::max();
};

class conversation {
 public:
  conversation(host& here, stream_socket peer, const conversation_settings& settings,
               console& streams);

  /// Holds the conversation to its end and closes the connection. Reports what goes wrong, but for
  /// the output, which is not this peer's fault. A peer that does not get all that is meant for it
  /// is reset, so that it does not take a part for the whole.
  task<> hold();

  /// How it ended, as an exit code.
  int code() const noexcept { return code_; }

 private:
  task<> send_input(scope& all);
  task<> write_received(scope& all);
  task<> send_back();
  task<> end_when_idle(duration limit, int code, scope& all);

  // Steps of these, which report what goes wrong.
  task<result<std::size_t>> receive(std::span<std::byte> buffer);
  task<result<void>> send(std::span<const std::byte> bytes);

  void fail(std::string_view doing, std::error_code error);
  void end_with(int code, const std::string& why);

  host& here_;
  stream_socket peer_;
  const conversation_settings& settings_;
  console& console_;
  std::string name_;
  instant last_moved_;
  std::uint64_t received_ = 0;
  int code_ = exit_done;
  bool incomplete_ = false;  // the peer did not get all that was meant for it
};

/// A conversation by itself, from the program's input to its output. Ends with an exit code.
task<int> converse(host& here, stream_socket peer, const conversation_settings& settings);

}  // namespace pentad::command
