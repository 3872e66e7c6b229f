// Loss by time (RACK, RFC 8985): what was sent well before something that has arrived is lost.
#pragma once

#include <algorithm>

#include "pentad/stack/native/core/tcp/sack_scoreboard.hpp"

namespace pentad::native {

class rack {
 public:
  /// What a connection remembers between flights: how many quarters of the least round trip it
  /// waits for what may only be late (section 6.2, step 4); 0 while nothing has come out of order.
  struct patience {
    std::uint8_t quarters = 0;
    std::uint8_t recoveries_left = 0;  ///< until it is short again
  };

  /// Nothing was delivered yet.
  void forget() noexcept {
    valid_ = false;
    in_vain_round_.reset();
  }

  /// Steps 1 to 3. `least`: the shortest round trip of the connection.
  void delivered(const sack_scoreboard::delivery& news, instant now, duration least,
                 patience& kept) noexcept {
    if (news.reordered && kept.quarters == 0) kept.quarters = 1;
    if (!news.has_latest) return;
    const duration trip = now - news.latest_sent;
    // Sent twice, and too early for the second: the first has come.
    if (news.latest_was_sent_again && trip < least) return;
    round_trip_ = trip;
    const bool is_later = news.latest_sent > sent_at_ ||
                          (news.latest_sent == sent_at_ && news.latest_end > end_) || !valid_;
    if (!is_later) return;
    valid_ = true;
    sent_at_ = news.latest_sent;
    end_ = news.latest_end;
  }

  /// A copy arrived that was not needed: once a round trip the patience grows (section 6.2, step
  /// 4).
  void sent_in_vain(wire::tcp_sequence acknowledged, wire::tcp_sequence send_next,
                    patience& kept) noexcept {
    if (in_vain_round_ && acknowledged < *in_vain_round_) return;
    in_vain_round_ = send_next;
    kept.quarters = static_cast<std::uint8_t>(std::min(std::max<int>(kept.quarters, 1) + 1, 255));
    kept.recoveries_left = 16;
  }
  static void recovered(patience& kept) noexcept {
    if (kept.recoveries_left == 0) return;
    if (--kept.recoveries_left == 0) kept.quarters = 1;
  }

  /// Step 5. Marks what is lost; returns when to look again, `never` if there is no need.
  /// `at_once`: what is missing is surely no disorder.
  instant detect(sack_scoreboard& board, instant now, bool at_once, duration least,
                 duration smoothed, const patience& kept) const noexcept {
    if (!valid_) return never;
    const bool waits = kept.quarters != 0 || !at_once;
    const duration window =
        waits ? std::min(least / 4 * std::max<int>(kept.quarters, 1), smoothed) : duration::zero();
    const duration reach = round_trip_ + window;
    const instant oldest = board.lose_sent_before(sent_at_, end_, now - reach);
    return oldest == never ? never : oldest + reach + duration(1);
  }

 private:
  bool valid_ = false;
  instant sent_at_{};
  wire::tcp_sequence end_;
  duration round_trip_{};
  std::optional<wire::tcp_sequence> in_vain_round_;
};

}  // namespace pentad::native
