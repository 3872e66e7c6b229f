// The messaging server on the sockets of a host: takes connections, turns the clock, and makes sure
// that what the server wrote is sent.
#pragma once

#include <cstddef>
#include <span>
#include <system_error>

#include "apps/messenger/server/configuration.hpp"
#include "apps/messenger/server/housekeeper.hpp"
#include "apps/messenger/server/line_joiner.hpp"
#include "apps/messenger/server/moment.hpp"
#include "apps/messenger/server/server.hpp"
#include "pentad/runtime/event.hpp"
#include "pentad/runtime/scope.hpp"
#include "pentad/runtime/signal_set.hpp"
#include "pentad/socket/host.hpp"

namespace pentad::messenger {

class service final : private housekeeper::audience {
 public:
  /// All must outlive the service.
  service(host& here, const configuration& settings, housekeeper& keeper);
  service(const service&) = delete;
  service& operator=(const service&) = delete;

  /// Serves until one of the signals comes; then every client is told, and has a moment to go. Ends
  /// earlier with the error of a listener that cannot accept connections any more. SIGHUP is
  /// another one: the configuration is read again.
  task<std::error_code> run(std::span<stream_listener> listeners, signal_set& signals);

  // For connections

  server& desk() noexcept { return desk_; }
  scope& tasks() noexcept { return *tasks_; }
  line_joiner& joiner() noexcept { return joiner_; }
  void writer_began() noexcept { ++writers_; }
  void writer_ended() noexcept;
  void connection_ended() noexcept;
  moment now();

  /// To be called after every call of the desk: it may have something to say, or have to be called
  /// earlier than it said before.
  void notice();

 private:
  task<> until_the_end(signal_set& signals);
  task<> serve(scope& tasks, std::span<stream_listener> listeners, signal_set& signals);
  task<> take_connections(stream_listener& from);
  task<> flush_turns();
  task<> keep_time();
  task<> return_memory();
  task<> reload();
  task<> keep_bans();
  task<> keep_last_bans();
  task<> farewell();
  void tell(std::string_view line) override;

  host& here_;
  housekeeper& keeper_;
  server desk_;
  line_joiner joiner_;
  std::size_t writers_ = 0;  // tasks that write to a client
  std::size_t ended_ = 0;    // connections, since memory was returned
  scope* tasks_ = nullptr;
  std::error_code failed_;
  instant sleeps_until_ = never;
  event news_;     // the desk has something to say
  event earlier_;  // the desk is to be called earlier
  event broken_;   // a listener has failed
  event empty_;    // the last client has gone
  event many_ended_;
  event to_reload_;
  event bans_changed_;
  bool bans_unkept_ = false;  // the last try failed
};

}  // namespace pentad::messenger
