// A client: the session of one connection, from its first byte to its last.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/messenger/irc/capability.hpp"
#include "apps/messenger/irc/line_splitter.hpp"
#include "apps/messenger/server/account.hpp"
#include "apps/messenger/server/channel.hpp"
#include "apps/messenger/server/identity.hpp"
#include "apps/messenger/server/moment.hpp"
#include "apps/messenger/server/send_queue.hpp"
#include "apps/messenger/server/token_bucket.hpp"
#include "apps/messenger/server/traffic.hpp"
#include "apps/messenger/server/watch_list.hpp"
#include "pentad/base/ip_address.hpp"

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

/// Leave to join a channel.
struct invitation {
  std::string name;      ///< of the channel, for people
  std::uint64_t number;  ///< of the channel: one that is opened later is another
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

  /// Empty when it is logged in to none.
  std::string_view account_name() const noexcept {
    return belongs_to ? std::string_view{belongs_to->name} : std::string_view{};
  }

  /// As numerics address it.
  std::string_view name() const noexcept {
    return self.nick.empty() ? std::string_view{"*"} : std::string_view{self.nick};
  }

  transport& carrier;
  send_queue output;
  irc::line_splitter input;
  token_bucket tokens;

  identity self;
  std::vector<seat> seats;                    ///< the channels it is in; changed by `channel` alone
  std::shared_ptr<const account> belongs_to;  ///< null: logged in to no account
  std::string away;                           ///< the reason; empty: here
  std::vector<invitation> invitations;
  std::vector<watch> watches;  ///< changed by `watch_list` alone
  irc::capability_set capabilities;
  unsigned capability_version = 0;  ///< the highest given to CAP LS
  stage at = stage::registering;
  bool invisible = false;    ///< user mode i
  bool oper = false;         ///< user mode o: an operator of the server
  bool wallops = false;      ///< user mode w: hears WALLOPS
  bool bot = false;          ///< user mode B
  bool negotiating = false;  ///< CAP LS or CAP REQ came, CAP END did not
  bool waits_for_token = false;
  bool pinged = false;   ///< PING went out, and nothing came since
  std::string password;  ///< from PASS, until it is registered

  traffic heard;  ///< messages are lines
  moment connected_at;
  instant last_heard;  ///< any bytes
  instant last_spoke;  ///< a message

  std::optional<ip_address> address;  ///< where it comes from, which others may not see
  token_bucket nick_changes;
  bool exempt = false;   ///< from the limits on rates and for addresses
  bool brought = false;  ///< by a gateway, which told the address

  // The server's bookkeeping.
  std::uint64_t number = 0;          ///< tells the session from all others
  bool counted = false;              ///< among the clients of its address
  bool dirty = false;                ///< to be attended at the next flush
  bool doomed = false;               ///< its send queue overflowed
  std::uint64_t last_broadcast = 0;  ///< the number of the last one it got
  std::size_t index = 0;             ///< among all clients
  instant deadline = never;
  std::size_t deadline_index = 0;
};

}  // namespace pentad::messenger
