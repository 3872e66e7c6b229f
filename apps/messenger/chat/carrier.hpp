// Carries a session over a socket: what the server sends is heard, what the session has to say is
// sent.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "apps/messenger/chat/session.hpp"
#include "apps/messenger/irc/line_splitter.hpp"
#include "pentad/runtime/event.hpp"
#include "pentad/runtime/task.hpp"
#include "pentad/socket/host.hpp"

namespace pentad::messenger::chat {

/// Who watches a session that is carried.
class observer {
 public:
  virtual void heard(const news& what) = 0;

  /// All that came at a time has been heard, or time has passed. No more is received until this
  /// ends.
  virtual task<> caught_up() = 0;

  /// What came, and what was sent, as bytes.
  virtual void received(std::span<const std::byte>) {}
  virtual void sent(std::span<const std::byte>) {}

 protected:
  ~observer() = default;
};

class carrier {
 public:
  /// The silence after which the server is asked whether it is there, and then the same again for
  /// its answer.
  static constexpr duration most_silence = std::chrono::seconds{60};

  /// All must outlive the carrier.
  carrier(host& here, stream_socket& socket, session& carried, observer& watching) noexcept
      : here_(here), socket_(socket), session_(carried), observer_(watching) {}

  /// Runs until the server ends the connection. Errors: `timed_out` when the server does not answer
  /// any more, those of the socket.
  task<result<void>> run();

  /// The session has something to say that it was told from outside.
  void wake() noexcept { new_output_.set(); }

 private:
  task<> send();
  task<result<void>> receive();
  void hear(std::span<const std::byte> bytes);

  host& here_;
  stream_socket& socket_;
  session& session_;
  observer& observer_;
  irc::line_splitter lines_;
  std::string sending_;
  event new_output_;
  event sent_;
};

}  // namespace pentad::messenger::chat
