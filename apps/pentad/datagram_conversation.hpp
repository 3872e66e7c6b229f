// `listen` and `connect` with datagrams: the program's input goes to the peers, what they send goes
// to the output, a datagram a piece. Datagrams have no end, so silence is one.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "apps/pentad/console.hpp"
#include "pentad/runtime/event.hpp"
#include "pentad/runtime/scope.hpp"

namespace pentad::command {

/// The most bytes of input in one datagram of UDP: with the headers they fit into 1,280 bytes,
/// which every path takes whole (RFC 8200, section 5).
inline constexpr std::size_t most_udp_bytes = 1232;
inline constexpr std::size_t most_unix_bytes = 65536;

struct datagram_settings {
  std::string_view subcommand;              ///< that errors are reported for
  bool echo = false;                        ///< sends each datagram back where it came from
  bool keep = false;                        ///< many peers, and no end
  bool verbose = false;                     ///< says which peers there are
  duration timeout = duration::max();       ///< how long nothing may pass
  duration wait = std::chrono::seconds(1);  ///< for more, after the end of the input
  std::size_t batch = 16;                   ///< datagrams in one call
  std::size_t most_bytes = most_udp_bytes;  ///< of input in a datagram
};

class datagram_conversation {
 public:
  /// `destination`: where all input goes, and whoever answers is heard. Without one the first to
  /// send becomes the peer, or, with `keep`, one of the peers.
  datagram_conversation(host& here, datagram_socket socket,
                        std::optional<socket_address> destination,
                        const datagram_settings& settings);

  /// To its end: an exit code.
  task<int> hold();

 private:
  task<> send_input(scope& all);
  task<> write_received(scope& all);
  task<> end_when_idle(duration limit, int code, scope& all);

  task<bool> take(std::span<const datagram_slot> arrived);
  task<bool> send(std::span<const std::byte> bytes);
  task<bool> send_back(std::span<const datagram_slot> arrived);
  bool is_from_a_peer(const socket_address& source);
  void fail(std::string_view doing, std::error_code error);

  // The oldest is forgotten.
  static constexpr std::size_t most_peers = 1024;

  host& here_;
  datagram_socket socket_;
  bool has_destination_;
  const datagram_settings& settings_;
  console console_;
  std::vector<socket_address> peers_;  // where the input goes
  bool has_heard_;                     // from a peer, or knows where to send to
  event hears_;
  instant last_moved_;
  int code_ = exit_done;
};

}  // namespace pentad::command
