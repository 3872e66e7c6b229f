#include "apps/pentad/conversation.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "apps/pentad/advice.hpp"

namespace pentad::command {
namespace {

constexpr std::size_t piece_size = 65536;

// The quintuple; for a Unix socket the name of whichever end has one.
std::string name_of(const stream_socket& peer) {
  if (const std::optional<five_tuple> tuple = peer.tuple()) return to_string(*tuple);
  for (const result<socket_address>& end : std::array{peer.remote(), peer.local()}) {
    if (end && end->is_unix() && !end->unix_path().is_unnamed()) return to_string(*end);
  }
  return "a connection";
}

}  // namespace

conversation::conversation(host& here, stream_socket peer, const conversation_settings& settings,
                           const conversation_streams& streams)
    : here_(here),
      peer_(std::move(peer)),
      settings_(settings),
      streams_(streams),
      name_(name_of(peer_)),
      last_active_(here.now()) {}

task<> conversation::hold() {
  if (settings_.verbose) say("connected " + name_);
  const auto body = [this](scope& all) -> task<> {
    all.spawn(watch_idleness(all));
    if (settings_.echo) {
      co_await send_back(all);
    } else {
      fan_out::reader input(streams_.input, [this, &all] {
        end_with(exit_failed, "too slow, disconnected");
        all.cancel();
      });
      task<> sending = send_input(input, all);
      task<> receiving = write_received(all);
      co_await when_all(sending, receiving);
      if (!input.is_up_to_date()) incomplete_ = true;
    }
    all.cancel();
  };
  co_await in_scope(body);
  if (settings_.verbose) {
    say("closed " + name_ + " after " + std::to_string(bytes_in_) + " bytes in, " +
        std::to_string(peer_.sent()) + " out");
  }
  if (incomplete_) {
    peer_.abort();
  } else {
    peer_.close();
  }
}
