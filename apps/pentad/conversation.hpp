// One connection of `listen` or `connect`: the program's input goes to the peer, the peer's bytes
// go to the output, until both directions have ended.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "apps/pentad/command.hpp"
#include "apps/pentad/fan_out.hpp"
#include "apps/pentad/standard_streams.hpp"

namespace pentad::command {

/// What `listen` and `connect` have in common.
struct conversation_settings {
  std::string_view subcommand;         ///< that errors are reported for
  bool echo = false;                   ///< sends the peer's bytes back, and nothing else
  bool verbose = false;                ///< says when it begins and ends
  duration timeout = duration::max();  ///< how long nothing may pass in either direction
};

/// The program's side of all conversations.
struct conversation_streams {
  fan_out& input;
  output_stream& output;
};

class conversation {
 public:
  conversation(host& here, stream_socket peer, const conversation_settings& settings,
               const conversation_streams& streams);

  /// Holds the conversation to its end and closes the connection. A peer that does not get all of
  /// the input is reset, so that it does not take what it got for the whole.
  task<> hold();

  /// How it ended, as an exit code. The reason was reported.
  int code() const noexcept { return code_; }

 private:
  task<> send_input(fan_out::reader& input, scope& all);
  task<> write_received(scope& all);
  task<> send_back(scope& all);
  task<> watch_idleness(scope& all);

  void fail(std::string_view what, std::error_code error);
  void end_with(int code, std::string_view what);

  host& here_;
  stream_socket peer_;
  const conversation_settings& settings_;
  const conversation_streams& streams_;
  std::string name_;  // of the connection: a socket that was reset cannot tell any more
  instant last_active_;
  std::uint64_t bytes_in_ = 0;
  int code_ = exit_done;
  bool incomplete_ = false;  // the peer does not get everything
};

}  // namespace pentad::command
