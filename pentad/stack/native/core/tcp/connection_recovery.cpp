// What is lost of what was sent, and what is done about it: by time for a peer with SACK (RFC
// 8985), by duplicates for one without (RFC 5681, RFC 6582); the window shrinks as RFC 6937 has it.
#include <algorithm>

#include "pentad/stack/native/core/tcp/connection.hpp"
#include "pentad/stack/native/core/tcp/tcp.hpp"

namespace pentad::native {
namespace {

constexpr std::uint32_t duplicate_threshold = 3;  // RFC 5681, section 3.2

}  // namespace

// Something was acknowledged, or is for a second time, while there is a flight.
void connection::learn(const segment& incoming, told& news) {
  flight& of = *flight_;
  const bool is_marked = ecn_.is_agreed() && incoming.has(wire::tcp_ece);
  const bool is_usual = news.advances && news.delivered.is_usual() && of.is_undisturbed() &&
                        of.board.empty() && !is_marked && incoming.options.sack.empty();
  if (is_usual) return arrived_as_usual(news);
  if (sack_) {
    take_sacks(incoming, news);
  } else if (news.is_duplicate && of.now != flight::phase::loss) {
    of.board.duplicate(segment_size_, news.delivered);
  }
  const sack_scoreboard::delivery& delivered = news.delivered;
  if (delivered.has_latest && !delivered.latest_was_sent_again) {
    least_round_trip_ = std::min(least_round_trip_, now() - delivered.latest_sent);
  }
  const bool tells_nothing = !news.advances && incoming.options.sack.empty();
  const bool probe_mended = of.tail.acknowledged(send_unacknowledged_, news.in_vain, tells_nothing);
  if (was_no_loss(incoming, news)) undo_reduction();
  // An overtaken acknowledgement is no duplicate.
  const bool is_late = incoming.acknowledgment < send_unacknowledged_;
  if (of.now == flight::phase::loss && (!is_late || delivered.first_copy)) judge_timeout(news);
  news.marked = is_marked;
  if (news.marked) slow_down_for_marks();
  const std::uint32_t lost_before = of.board.lost();
  detect_losses(news);
  respond(news, of.board.lost() > lost_before);
  if (probe_mended && of.now == flight::phase::open) {  // RFC 8985, section 7.4.2
    congestion_.reduce(congested_flight() + news.bytes);
    congestion_.set_window(congestion_.threshold());
  }
  if (of.is_over()) return end_flight();
  watch_tail();
  if (delivered.bytes != 0) want_output();
}

// All that was in flight, and nothing was amiss: this is most of what acknowledgements say. Of what
// `learn` does, nothing else would change anything.
void connection::arrived_as_usual(const told& news) {
  least_round_trip_ = std::min(least_round_trip_, now() - news.delivered.latest_sent);
  grow_window(news);
  if (flight_->is_over()) return end_flight();
  flight_->look_again_at = flight_->probe_tail_at = never;
  duplicates_ = 0;
}

void connection::end_flight() {
  owner_.flights_.give_back(std::move(flight_));
  duplicates_ = 0;
}

// RFC 2018, section 5, and RFC 2883, section 4, for the first block.
void connection::take_sacks(const segment& incoming, told& news) {
  const wire::tcp_sack_blocks& blocks = incoming.options.sack;
  if (blocks.empty()) return;
  const wire::tcp_sack_block& first = blocks[0];
  news.in_vain =
      first.end <= incoming.acknowledgment ||
      (blocks.size() > 1 && first.begin >= blocks[1].begin && first.end <= blocks[1].end);
  news.all_in_vain = news.in_vain && flight_->before.arrived_twice(first);
  if (news.in_vain) flight_->losses.sent_in_vain(send_unacknowledged_, send_next_, patience_);
  // In order, so that what comes with an acknowledgement does not seem to be reordered.
  std::array<wire::tcp_sack_block, wire::tcp_sack_blocks::capacity> sorted;
  std::size_t count = 0;
  for (const wire::tcp_sack_block& each : blocks) {
    if (each.begin >= each.end || each.begin <= send_unacknowledged_ || each.end > send_next_) {
      continue;
    }
    std::size_t place = count++;
    for (; place != 0 && each.begin < sorted[place - 1].begin; --place) {
      sorted[place] = sorted[place - 1];
    }
    sorted[place] = each;
  }
  for (std::size_t i = 0; i < count; ++i) flight_->board.sacked(sorted[i], news.delivered);
}

void connection::detect_losses(const told& news) {
  if (sack_) {
    detect_by_time(news);
  } else {
    detect_by_duplicates(news);
  }
}

void connection::detect_by_time(const told& news) {
  flight& of = *flight_;
  of.losses.delivered(news.delivered, now(), least_round_trip_, patience_);
  of.look_again_at = never;
  // Without gaps nothing was sent before what has arrived.
  if (of.board.sacked() == 0 && !of.board.has_sent_again()) return;
  const bool surely =
      of.now != flight::phase::open || of.board.sacked() >= duplicate_threshold * segment_size_;
  of.look_again_at =
      of.losses.detect(of.board, now(), surely, least_round_trip_, rto_.smoothed(), patience_);
  schedule(of.look_again_at);
}

void connection::detect_by_duplicates(const told& news) {
  flight& of = *flight_;
  if (news.advances) {
    duplicates_ = 0;
    // The next hole, at once (RFC 6582, section 3.2, step 3).
    const bool is_partial = send_unacknowledged_ < of.recover;
    if (of.now == flight::phase::recovery && is_partial) of.board.lose_first(segment_size_);
    return;
  }
  if (!news.is_duplicate || of.now == flight::phase::recovery) return;
  if (duplicates_ < duplicate_threshold) ++duplicates_;
  // RFC 6582, section 3.2, step 2: duplicates of what a timeout has sent again start no recovery.
  const bool tells_of_loss = send_unacknowledged_ > recover_ || recover_ == initial_send_;
  if (duplicates_ != duplicate_threshold || !tells_of_loss) return;
  duplicates_ = 0;
  of.board.lose_first(segment_size_);
}

// RFC 5681, section 3.1, FlightSize. While the window is what limits sending that is the window:
// at this moment some of it may have been acknowledged and not yet filled again (RFC 9438, section
// 4.6), or limited transmit may have added to it (RFC 3042).
std::uint32_t connection::congested_flight() const noexcept {
  if (window_limited_) return congestion_.window();
  return std::min(in_flight(), congestion_.window());
}

void connection::respond(const told& news, bool lost_more) {
  flight& of = *flight_;
  const bool is_over = send_unacknowledged_ >= of.recover;
  const bool ends_recovery = of.now == flight::phase::recovery && is_over;
  if (ends_recovery) leave_recovery();
  if (of.now == flight::phase::loss && is_over) of.now = flight::phase::open;
  switch (of.now) {
    case flight::phase::open:
      if (of.board.lost() != 0) {
        enter_recovery();
        reduce_window(news.delivered.bytes, false);
      } else if (news.advances && !ends_recovery && !news.marked) {
        grow_window(news);
      }
      break;
    case flight::phase::recovery:
      reduce_window(news.delivered.bytes, news.advances && !lost_more);
      break;
    case flight::phase::loss:
      if (news.advances) grow_window(news);
      break;
  }
}

void connection::grow_window(const told& news) {
  flight& of = *flight_;
  const sack_scoreboard::delivery& delivered = news.delivered;
  if (congestion_.in_first_slow_start() && delivered.has_latest &&
      !delivered.latest_was_sent_again &&
      of.rounds.acknowledged(send_unacknowledged_, send_next_, now() - delivered.latest_sent)) {
    congestion_.end_slow_start();
  }
  if (!window_limited_) return;
  std::uint32_t bytes = news.bytes;
  if (congestion_.in_slow_start()) {
    const std::uint32_t at_once = hystart::most_growth * segment_size_;
    bytes = std::min(bytes, at_once);
    of.owed.add(news.bytes - bytes, at_once, congestion_.window(), rto_.smoothed(), now());
    schedule(of.owed.due());
  }
  congestion_.acknowledged(bytes, of.rounds.is_careful(), now(), rto_.smoothed());
}

void connection::pay_growth() {
  flight& of = *flight_;
  if (congestion_.in_slow_start()) {
    congestion_.acknowledged(of.owed.pay(now()), of.rounds.is_careful(), now(), rto_.smoothed());
    want_output();
  } else {
    of.owed.forget();
  }
  if (of.is_over()) end_flight();
}

// RFC 3168, section 6.1.2: as for a loss, and once for all that was in flight.
void connection::slow_down_for_marks() {
  flight& of = *flight_;
  if (of.now != flight::phase::open || send_unacknowledged_ < of.marked_until) return;
  of.marked_until = send_next_;
  of.owed.forget();
  congestion_.reduce(congested_flight());
  congestion_.set_window(congestion_.threshold());
  ecn_.slowed_down();
  ++owner_.counters_.marked;
}

// RFC 6675, section 5, step 4, and RFC 6582, section 3.2, step 2.
void connection::enter_recovery() {
  flight& of = *flight_;
  const std::uint32_t flying = congested_flight();
  ecn_.slowed_down();
  of.before.remember(congestion_.remember(), send_unacknowledged_, send_next_);
  of.timeout.forget();
  of.owed.forget();
  congestion_.reduce(flying);
  of.reduction.begin(flying);
  of.recover = recover_ = send_next_;
  of.now = flight::phase::recovery;
  of.tail.forget();
  of.probe_tail_at = never;
  ++owner_.counters_.fast_retransmits;
  want_output();
}

void connection::leave_recovery() {
  flight_->now = flight::phase::open;
  rack::recovered(patience_);
  congestion_.set_window(congestion_.threshold());
}

void connection::reduce_window(std::uint32_t delivered, bool is_good) {
  if (delivered == 0 && flight_->board.lost() == 0) return;
  congestion_.set_window(flight_->reduction.window(delivered, pipe(), congestion_.threshold(),
                                                   segment_size_, is_good));
  // Without SACK only this tells of the next hole (RFC 6582, section 3.2, step 3).
  if (!sack_ && flight_->board.lost() != 0) {
    congestion_.set_window(std::max(congestion_.window(), pipe() + segment_size_));
  }
}

// RFC 4015, section 3.2, by timestamps or by word that all that was sent again
// had come before.
bool connection::was_no_loss(const segment& incoming, const told& news) {
  if (news.all_in_vain) return true;
  return news.advances && timestamps_ && incoming.options.timestamps &&
         flight_->before.is_echo_of_first(incoming.options.timestamps->echo_reply);
}

// RFC 5682, section 3.1. Without SACK a first copy may have come before its
// hole was filled.
void connection::judge_timeout(const told& news) {
  flight& of = *flight_;
  const sack_scoreboard::delivery& delivered = news.delivered;
  const bool first_copy = delivered.first_copy && (sack_ || !delivered.sent_again);
  const bool is_over = send_unacknowledged_ >= of.recover;
  const forward_rto::verdict is = of.timeout.acknowledged(first_copy, is_over, !news.advances);
  if (is == forward_rto::verdict::spurious && of.before.is_possible()) undo_reduction();
  if (is == forward_rto::verdict::real) {  // step 3a
    congestion_.set_window(std::min(pipe(), 2 * segment_size_) + segment_size_);
    want_output();
  }
}

void connection::undo_reduction() {
  flight& of = *flight_;
  congestion_.restore(of.before.recall());
  of.board.lose_nothing();
  of.timeout.forget();
  of.now = flight::phase::open;
  ++owner_.counters_.undone;
}

// After a timeout, or because the path takes smaller segments.
void connection::lose_all_in_flight() {
  flight& of = *flight_;
  of.board.lose_all();
  of.now = flight::phase::loss;
  of.recover = recover_ = send_next_;
  of.look_again_at = of.probe_tail_at = never;
  of.probe_wanted = false;
  of.tail.forget();
  of.owed.forget();
  duplicates_ = 0;
}

// RFC 8985, section 7.2.
void connection::watch_tail() noexcept {
  flight& of = *flight_;
  const bool may_probe = sack_ && !is_opening() && of.now == flight::phase::open &&
                         !of.tail.is_out() && of.board.sacked() == 0 && !of.board.empty() &&
                         tries_ == 0;
  if (!may_probe) {
    of.probe_tail_at = never;
    return;
  }
  const duration wait = tail_loss_probe::timeout(rto_.smoothed(), in_flight() <= segment_size_);
  of.probe_tail_at = std::min(now() + wait, retransmit_at_);
  schedule(of.probe_tail_at);
}

void connection::flight_expired(instant time) {
  flight& of = *flight_;
  if (of.look_again_at <= time) {
    detect_by_time({});
    if (of.board.lost() != 0) {
      if (of.now == flight::phase::open) enter_recovery();
      // What the timer has found counts as one more that has left the network.
      if (of.now == flight::phase::recovery) reduce_window(segment_size_, false);
      want_output();
    }
  }
  if (of.probe_tail_at <= time) {
    of.probe_tail_at = never;
    of.probe_wanted = true;
    restart_retransmission_timer();
    want_output();
  }
  if (of.owed.due() <= time) pay_growth();
}

}  // namespace pentad::native
