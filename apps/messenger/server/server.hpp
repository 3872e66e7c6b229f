// The messaging server without its sockets: connections, bytes and time come in, lines go out into
// the clients' send queues. The same input gives the same output.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "apps/messenger/irc/message.hpp"
#include "apps/messenger/server/client.hpp"
#include "apps/messenger/server/configuration.hpp"
#include "apps/messenger/server/deadline_queue.hpp"
#include "apps/messenger/server/moment.hpp"
#include "apps/messenger/server/network.hpp"

namespace pentad::messenger {

/// Every function takes the time at which it is called; it must not go back.
class server {
 public:
  /// `settings` must outlive the server; `seed` should be a number that strangers cannot guess.
  server(const configuration& settings, std::uint64_t seed, moment start,
         housekeeping* keeper = nullptr)
      : network_(settings, seed, start, keeper) {}

  /// K-lines that were kept before.
  void restore(server_bans bans) { network_.door().restore(std::move(bans)); }

  /// A connection has been made. `host` is the address of the peer, or what others see of one that
  /// has none. The client may be closing already, when the server is full or does not want it.
  client& connected(transport& by, std::string_view host, moment now);

  /// Bytes have come. What a closing client says is not heard.
  void received(client& from, std::span<const std::byte> bytes, moment now);

  /// Nothing more can come, for the given reason: the session ends, if it has not yet. What waits
  /// to be sent can still be.
  void finished(client& who, std::string_view reason, moment now);

  /// The session belongs to an account from now on, or to none.
  void log_in(client& who, std::shared_ptr<const account> to, moment now);

  /// The connection is gone, after `finished` or the server's own end of the session. The client no
  /// longer exists after this.
  void disconnected(client& who, moment now);

  /// Does what is due: timeouts, and lines that waited for the rate limit.
  void advance(moment now);

  /// When `advance` has something to do next.
  instant next_deadline() const noexcept { return deadlines_.first(); }

  // What takes the machine a while. One of each kind is done at a time, and only when it has ended
  // those are answered who asked for it.

  /// Asks for the configuration to be read again, for all operators to know.
  void ask_to_reload() { network_.reloading().ask(late_answer{}); }

  bool has_to_reload() const noexcept { return network_.reloading().is_due(); }
  void begin_reload() { network_.reloading().begin(); }
  void end_reload(const reload_outcome& changes, moment now);

  /// Whether the K-lines have changed since their text was last asked for.
  bool has_bans_to_keep() const noexcept { return network_.ban_keeping().is_due(); }

  /// The text of all of them, to be put on the disk.
  std::string begin_keeping_bans(moment now);
  void end_keeping_bans(std::error_code failed, moment now);

  /// Tells the operators of something about the machine.
  void tell_operators(std::string_view text, moment now);

  /// Ends the sessions of all clients with this reason.
  void stop(std::string_view reason, moment now);

  /// Whether some transport is to be told of something.
  bool has_news() const noexcept { return network_.has_dirty(); }

  /// Tells the transports. To be called once in each turn of the loop, so that many lines for one
  /// client become one sending.
  void flush() { network_.flush(); }

  const network& state() const noexcept { return network_; }

 private:
  void hear(client& from);
  void handle(client& from, const irc::line_splitter::line& line);
  void carry_out(client& from, std::string_view line);
  void answer(client& from, const irc::message& what, bool utf8);
  void attend(client& who);
  void settle();
  void settle(client& who);
  instant deadline_of(const client& who) const noexcept;
  line_rate rate_of(const client& who) const noexcept;

  network network_;
  deadline_queue deadlines_;
};

}  // namespace pentad::messenger
