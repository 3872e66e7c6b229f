// All that a connection knows about what it has in flight. It exists only while something is, or
// while a probe of the end is not explained: idle connections are many.
#pragma once

#include <memory>
#include <vector>

#include "pentad/stack/native/core/tcp/forward_rto.hpp"
#include "pentad/stack/native/core/tcp/hystart.hpp"
#include "pentad/stack/native/core/tcp/owed_growth.hpp"
#include "pentad/stack/native/core/tcp/proportional_rate_reduction.hpp"
#include "pentad/stack/native/core/tcp/rack.hpp"
#include "pentad/stack/native/core/tcp/sack_scoreboard.hpp"
#include "pentad/stack/native/core/tcp/tail_loss_probe.hpp"
#include "pentad/stack/native/core/tcp/undo.hpp"

namespace pentad::native {

struct flight {
  enum class phase : std::uint8_t {
    open,      ///< nothing is missing, as far as is known
    recovery,  ///< of what acknowledgements have shown to be lost (RFC 6675)
    loss,      ///< after a timeout (RFC 5681, section 3.1)
  };

  void begin(wire::tcp_sequence first) noexcept {
    board.begin(first);
    losses.forget();
    tail.forget();
    rounds.forget();
    timeout.forget();
    before.forget();
    owed.forget();
    recover = marked_until = first;
    look_again_at = probe_tail_at = never;
    retransmitted_at = {};
    now = phase::open;
    probe_wanted = false;
  }

  /// Nothing is missing, and nothing that was done about a loss waits to be explained.
  bool is_undisturbed() const noexcept {
    return now == phase::open && !tail.is_out() && !before.is_possible();
  }

  /// Nothing is left to be known or done.
  bool is_over() const noexcept { return board.empty() && !tail.is_out() && !owed.is_owed(); }

  sack_scoreboard board;
  rack losses;
  proportional_rate_reduction reduction;
  tail_loss_probe tail;
  hystart rounds;
  forward_rto timeout;
  undo before;
  owed_growth owed;
  wire::tcp_sequence recover;       ///< recovery, or loss, ends when all before this has arrived
  wire::tcp_sequence marked_until;  ///< marks of routers before this have been answered
  instant look_again_at = never;    ///< whether something is lost by now
  instant probe_tail_at = never;
  instant retransmitted_at{};  ///< when something was sent again last
  phase now = phase::open;
  bool probe_wanted = false;
};

/// Flights that ended, for those that begin.
class flight_pool {
 public:
  std::unique_ptr<flight> take(wire::tcp_sequence first) {
    std::unique_ptr<flight> taken;
    if (free_.empty()) {
      taken = std::make_unique<flight>();
    } else {
      taken = std::move(free_.back());
      free_.pop_back();
    }
    taken->begin(first);
    return taken;
  }
  void give_back(std::unique_ptr<flight> ended) {
    if (ended != nullptr && free_.size() < most_free) free_.push_back(std::move(ended));
  }

 private:
  static constexpr std::size_t most_free = 64;
  std::vector<std::unique_ptr<flight>> free_;
};

}  // namespace pentad::native
