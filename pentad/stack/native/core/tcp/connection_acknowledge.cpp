// What acknowledgements say about what was sent (RFC 9293, section 3.10.7.4, fifth check; RFC 5681;
// RFC 6582).
#include <algorithm>
#include <cerrno>

#include "pentad/stack/native/core/tcp/connection.hpp"
#include "pentad/stack/native/core/tcp/tcp.hpp"

namespace pentad::native {

// False if the segment is to be dropped.
bool connection::arrived_acknowledgment(const segment& incoming) {
  const wire::tcp_sequence to = incoming.acknowledgment;
  if (state_ == tcp_state::syn_received) {
    if (to <= initial_send_ || to > send_highest_) {
      ++owner_.counters_.unacceptable_acks;
      owner_.answer_with_reset(incoming);
      return false;
    }
    send_window_ = largest_send_window_ = incoming.window << send_scale_;
    window_update_sequence_ = incoming.sequence;
    window_update_acknowledgment_ = to;
    advance_acknowledged(to, incoming);
    become_established();
    return true;
  }
  // RFC 5961, section 5.2: not of the future, and not older than any window that was in use.
  if (to > send_highest_ || to < send_unacknowledged_ - std::max(largest_send_window_, 65535U)) {
    ++owner_.counters_.unacceptable_acks;
    challenge();
    return false;
  }
  if (to > send_unacknowledged_) {
    advance_acknowledged(to, incoming);
  } else if (to == send_unacknowledged_ && incoming.length() == 0 && in_flight() != 0 &&
             incoming.window << send_scale_ == send_window_) {
    arrived_duplicate();  // RFC 5681, section 2: the definition
  }
  // An old acknowledgement's window ends before what the peer has taken since.
  if (to == send_unacknowledged_) update_send_window(incoming);
  return state_ != tcp_state::closed;
}

void connection::advance_acknowledged(wire::tcp_sequence to, const segment& incoming) {
  const bool syn_was_in_flight = send_unacknowledged_ == initial_send_;
  auto bytes = static_cast<std::uint32_t>(to - send_unacknowledged_);
  measure_round_trip(to, incoming);
  const bool fin_is_acknowledged = fin_sent_ && to == data_end() + 1;
  if (syn_was_in_flight) --bytes;
  if (fin_is_acknowledged) {
    --bytes;
    fin_acknowledged_ = true;
  }
  sent_.drop(bytes);
  owner_.offer_send_memory();
  bytes_acknowledged_ += bytes;
  send_unacknowledged_ = to;
  send_next_ = wire::later(send_next_, to);
  tries_ = 0;
  soft_error_ = 0;
  first_unanswered_ = now();
  rto_.forget_backoff();

  if (congestion_.in_recovery()) {
    if (to >= recover_) {
      congestion_.leave_recovery(in_flight());
      duplicates_ = 0;
    } else {  // the next hole, at once (RFC 6582, section 3.2, step 3)
      congestion_.partially_acknowledged(bytes);
      retransmit_wanted_ = true;
    }
  } else {
    duplicates_ = 0;
    congestion_.acknowledged(bytes, window_limited_);
  }
  restart_retransmission_timer();
  if (fin_is_acknowledged) fin_was_acknowledged();
  if (bytes != 0) notify();
  want_output();
}

// By timestamps (RFC 7323, section 4), which tell the round trip of the very segment that is
// answered, and finer by the clock for a segment that was sent once (Karn). Where they differ an
// earlier loss has held the acknowledgement back, which is no part of the path.
void connection::measure_round_trip(wire::tcp_sequence to, const segment& incoming) {
  duration sample = duration::max();
  const bool timed_is_answered = timed_ && to >= timed_end_;
  if (timed_is_answered) {
    timed_ = false;
    sample = now() - timed_at_;
  }
  if ((timed_is_answered || !timed_) && timestamps_ && incoming.options.timestamps) {
    const std::uint32_t clock = owner_.timestamp_clock() + timestamp_offset_;
    const std::chrono::milliseconds elapsed(clock - incoming.options.timestamps->echo_reply);
    constexpr std::chrono::milliseconds plausible = std::chrono::minutes(2);
    // After a timeout, an echo from before it was held back by a lost acknowledgement.
    const bool held_back = tries_ > 0 && elapsed > now() - retransmitted_at_ + duration(1'000'000);
    if (elapsed < plausible && !held_back) {
      sample = std::min<duration>(sample, elapsed + std::chrono::milliseconds(1));
    }
  }
  if (sample != duration::max()) rto_.measured(sample);
}

// RFC 5681, section 3.2, and RFC 6582, section 3.2.
void connection::arrived_duplicate() {
  if (congestion_.in_recovery()) {
    congestion_.duplicate_in_recovery();
    want_output();
    return;
  }
  if (duplicates_ < 3) ++duplicates_;
  // Step 2: duplicates of what a timeout has sent again do not start another recovery.
  if (duplicates_ != 3 || send_unacknowledged_ <= recover_) {
    if (duplicates_ != 3 || recover_ != initial_send_) return;
  }
  duplicates_ = 0;
  recover_ = send_highest_;
  congestion_.enter_recovery(in_flight());
  retransmit_wanted_ = true;
  timed_ = false;
  ++owner_.counters_.fast_retransmits;
  want_output();
}

// RFC 9293, section 3.10.7.4: only by segments that are newer than the last update.
void connection::update_send_window(const segment& incoming) {
  const bool newer = window_update_sequence_ < incoming.sequence ||
                     (window_update_sequence_ == incoming.sequence &&
                      window_update_acknowledgment_ <= incoming.acknowledgment);
  if (!newer) return;
  const std::uint32_t window = incoming.window << send_scale_;
  const bool grew = window > send_window_;
  send_window_ = window;
  largest_send_window_ = std::max(largest_send_window_, window);
  window_update_sequence_ = incoming.sequence;
  window_update_acknowledgment_ = incoming.acknowledgment;
  if (window != 0 && probe_at_ != never) {
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
        schedule();
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
