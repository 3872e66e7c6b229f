// What acknowledgements say about what was sent (RFC 9293, section 3.10.7.4, fifth check).
#include <algorithm>
#include <cerrno>

#include "pentad/stack/native/core/tcp/connection.hpp"
#include "pentad/stack/native/core/tcp/tcp.hpp"

namespace pentad::native {
namespace {

// Those of an acknowledgement that others have overtaken are true all the same (RFC 2018, section
// 4).
bool tells_of_blocks(const segment& incoming) noexcept { return !incoming.options.sack.empty(); }

}  // namespace

// False if the segment is to be dropped.
bool connection::arrived_acknowledgment(const segment& incoming) {
  const wire::tcp_sequence to = incoming.acknowledgment;
  if (state_ == tcp_state::syn_received) {
    if (to <= initial_send_ || to > send_next_) {
      ++owner_.counters_.unacceptable_acks;
      owner_.answer_with_reset(incoming);
      return false;
    }
    send_window_ = largest_send_window_ = incoming.window << send_scale_;
    window_update_sequence_ = incoming.sequence;
    window_update_acknowledgment_ = to;
    told news;
    state_ = send_shut_ ? tcp_state::fin_wait_1 : tcp_state::established;
    advance_acknowledged(to, incoming, news);
    become_established();
    return state_ != tcp_state::closed;
  }
  // RFC 5961, section 5.2: not of the future, and not older than any window that was in use.
  if (to > send_next_ || to < send_unacknowledged_ - std::max(largest_send_window_, 65535U)) {
    ++owner_.counters_.unacceptable_acks;
    challenge();
    return false;
  }
  told news;
  news.advances = to > send_unacknowledged_;
  news.is_duplicate = to == send_unacknowledged_ && incoming.length() == 0 && in_flight() != 0 &&
                      incoming.window << send_scale_ == send_window_;
  if (news.advances) {
    advance_acknowledged(to, incoming, news);
  } else if (flight_ != nullptr && (to == send_unacknowledged_ || tells_of_blocks(incoming))) {
    learn(incoming, news);
  }
  // An old acknowledgement's window ends before what the peer has taken since.
  if (to == send_unacknowledged_) update_send_window(incoming);
  return state_ != tcp_state::closed;
}

void connection::advance_acknowledged(wire::tcp_sequence to, const segment& incoming, told& news) {
  const bool syn_was_in_flight = send_unacknowledged_ == initial_send_;
  news.bytes = static_cast<std::uint32_t>(to - send_unacknowledged_);
  if (flight_ != nullptr) flight_->board.acknowledged(to, news.delivered);
  measure_round_trip(incoming, news);
  const bool fin_is_acknowledged = fin_sent_ && to == data_end() + 1;
  if (syn_was_in_flight) --news.bytes;
  if (fin_is_acknowledged) {
    --news.bytes;
    fin_acknowledged_ = true;
  }
  sent_.drop(news.bytes);
  owner_.offer_send_memory();
  bytes_acknowledged_ += news.bytes;
  send_unacknowledged_ = to;
  tries_ = 0;
  soft_error_ = 0;
  first_unanswered_ = now();
  rto_.forget_backoff();
  restart_retransmission_timer();
  if (flight_ != nullptr) learn(incoming, news);
  tune_send_buffer(news.bytes + in_flight());
  if (fin_is_acknowledged) fin_was_acknowledged();
  if (news.bytes != 0) notify();
  want_output();
}

// By the clock for what was sent once (Karn), and by timestamps (RFC 7323, section 4), which tell
// the round trip of the very segment that is answered. Where they differ an earlier loss has held
// the acknowledgement back, which is no part of the path.
void connection::measure_round_trip(const segment& incoming, const told& news) {
  duration sample = duration::max();
  if (flight_ == nullptr) {  // the SYN is answered
    if (tries_ == 0) sample = now() - first_unanswered_;
  } else if (!news.delivered.sent_again && news.delivered.oldest_sent != never) {
    sample = now() - news.delivered.oldest_sent;
  }
  if (timestamps_ && incoming.options.timestamps) {
    const std::uint32_t clock = owner_.timestamp_clock() + timestamp_offset_;
    const std::chrono::milliseconds elapsed(clock - incoming.options.timestamps->echo_reply);
    constexpr std::chrono::milliseconds plausible = std::chrono::minutes(2);
    // After a timeout, an echo from before it was held back by a lost acknowledgement.
    const bool held_back =
        tries_ > 0 && flight_ != nullptr &&
        elapsed > now() - flight_->retransmitted_at + std::chrono::milliseconds(1);
    if (elapsed < plausible && !held_back) {
      sample = std::min<duration>(sample, elapsed + std::chrono::milliseconds(1));
    }
  }
  if (sample == duration::max()) return;
  rto_.measured(sample);
  if (flight_ == nullptr) least_round_trip_ = std::min(least_round_trip_, sample);
}

// RFC 9293, section 3.10.7.4: only by segments that are newer than the last update.
void connection::update_send_window(const segment& incoming) {
  const bool newer = window_update_sequence_ < incoming.sequence ||
                     (window_update_sequence_ == incoming.sequence &&
                      window_update_acknowledgment_ <= incoming.acknowledgment);
  if (!newer) return;
  const std::uint32_t window = incoming.window << send_scale_;
  const bool grew = window > send_window_;
  const bool opened = send_window_ == 0 && window != 0;
  send_window_ = window;
  largest_send_window_ = std::max(largest_send_window_, window);
  window_update_sequence_ = incoming.sequence;
  window_update_acknowledgment_ = incoming.acknowledgment;
  // One that stays too small goes on waiting: its patience ends once.
  if (opened && probe_at_ != never) {
    probe_at_ = never;
    rto_.forget_backoff();
  }
  if (grew) want_output();
  // The probe was answered: the peer is alive, however long its window stays closed.
  if (window == 0) tries_ = 0;
}

void connection::fin_was_acknowledged() {
  switch (state_) {
    case tcp_state::fin_wait_1:
      state_ = tcp_state::fin_wait_2;
      // Nobody is there to read: the peer may not keep this for ever.
      if (released_) {
        end_at_ = now() + owner_.settings_.fin_wait_2;
        schedule(end_at_);
      }
      break;
    case tcp_state::closing:
      enter_time_wait();
      break;
    case tcp_state::last_ack:
      finish();
      break;
    default:
      break;
  }
}

}  // namespace pentad::native
