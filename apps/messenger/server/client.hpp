// A client: the session of one connection, from its first byte to its last.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "apps/messenger/irc/capability.hpp"
#include "apps/messenger/irc/line_splitter.hpp"
#include "apps/messenger/server/channel.hpp"
#include "apps/messenger/server/moment.hpp"
#include "apps/messenger/server/send_queue.hpp"
#include "apps/messenger/server/token_bucket.hpp"

namespace pentad::messenger {

/// What carries a client's bytes. Neither function may call the server.
class transport {
 public:
  /// Something about the client is new: there is output, it may be read again, or it is closing.
  /// Called at most once for a client in each `server::flush`.
  virtual void attend() = 0;

  /// The client had its time to read the last line and to go: end the connection at once.
  virtual void cut() noexcept = 0;

 protected:
  ~transport() = default;
};

/// Who speaks, as others see it.
struct identity {
  std::string nick;  ///< empty until NICK
  std::string user;  ///< empty until USER
  std::string host;
  std::string real_name;
  std::string source;  ///< `nick!user@host`, once all three are there
};

/// Its fields belong to the server; a transport reads `output`, `closing` and `delayed`.
struct client {
  enum class stage : std::uint8_t {
    registering,
    registered,
    closing,  ///< on no channel, its nick free for others: what is queued is its last word
  };

  client(transport& by, std::string_view host, moment now)
      : carrier(by), connected_at(now), last_heard(now.steady), last_spoke(now.steady) {
    self.host = host;
  }
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  bool registered() const noexcept { return at == stage::registered; }
  bool closing() const noexcept { return at == stage::closing; }

  /// Its lines wait for the rate limit: it must not be read from.
  bool delayed() const noexcept { return waits_for_token; }

  /// As numerics address it.
  std::string_view name() const noexcept {
    return self.nick.empty() ? std::string_view{"*"} : std::string_view{self.nick};
  }

  transport& carrier;
  send_queue output;
  irc::line_splitter input;
  token_bucket tokens;

  identity self;
  std::vector<seat> seats;  ///< the channels it is in; changed by `channel` alone
  irc::capability_set capabilities;
  stage at = stage::registering;
  bool invisible = false;    ///< user mode i
  bool negotiating = false;  ///< CAP LS or CAP REQ came, CAP END did not
  bool waits_for_token = false;
  bool pinged = false;   ///< PING went out, and nothing came since
  std::string password;  ///< from PASS, until it is registered

  moment connected_at;
  instant last_heard;  ///< any bytes
  instant last_spoke;  ///< a message

  // The server's bookkeeping.
  bool dirty = false;                ///< to be attended at the next flush
  bool doomed = false;               ///< its send queue overflowed
  std::uint64_t last_broadcast = 0;  ///< the number of the last one it got
  std::size_t index = 0;             ///< among all clients
  instant deadline = never;
  std::size_t deadline_index = 0;
};

}  // namespace pentad::messenger
