// The deadlines of a connection, on one timer.
#include <algorithm>
#include <cerrno>

#include "pentad/stack/native/core/tcp/connection.hpp"
#include "pentad/stack/native/core/tcp/tcp.hpp"
#include "pentad/stack/native/core/tcp/user_timeout.hpp"

namespace pentad::native {

// There is a new deadline. One that moves away leaves the timer where it is: it fires once for
// nothing, which is less work than moving it with each segment.
void connection::schedule(instant deadline) noexcept {
  if (armed()) {
    if (at <= deadline) return;
    owner_.timers_.erase(*this);
  } else if (deadline == never) {
    return;
  }
  at = deadline;
  owner_.timers_.insert(*this);
}

instant connection::first_deadline() const noexcept {
  instant first = std::min({retransmit_at_, probe_at_, acknowledge_at_, end_at_, try_again_at_});
  if (keep_alive_ != nullptr) first = std::min(first, keep_alive_->due());
  if (flight_ != nullptr) {
    first = std::min({first, flight_->look_again_at, flight_->probe_tail_at, flight_->owed.due()});
  }
  return first;
}

void connection::expired() {
  const instant time = std::max(owner_.now_, at);
  owner_.now_ = time;
  if (acknowledge_at_ <= time) {
    acknowledge_at_ = never;
    acknowledge_now();
  }
  if (try_again_at_ <= time) {
    try_again_at_ = never;
    want_output();
  }
  if (flight_ != nullptr) flight_expired(time);
  if (retransmit_at_ <= time) retransmission_expired();
  if (state_ != tcp_state::closed && probe_at_ <= time) probe_expired();
  if (keep_alive_ != nullptr && keep_alive_->due() <= time) ask_whether_alive();
  if (state_ != tcp_state::closed && end_at_ <= time) finish();
  schedule(first_deadline());
}

// RFC 6298, section 5.
void connection::restart_retransmission_timer() noexcept {
  retransmit_at_ =
      in_flight() != 0 ? std::min(now() + rto_.current(), user_patience_ends()) : never;
  schedule(retransmit_at_);
}

// RFC 5482, section 3; never without a user timeout.
instant connection::user_patience_ends() const noexcept {
  if (user_timeout_ <= duration::zero()) return never;
  return std::max(now(), later(first_unanswered_, user_timeout_));
}

bool connection::gave_up(unsigned most_tries) const noexcept {
  return tries_ > most_tries || user_patience_ends() <= now();
}

void connection::retransmission_expired() {
  retransmit_at_ = never;
  if (in_flight() == 0) return;
  ++tries_;
  ++owner_.counters_.timeouts;
  const bool opening = is_opening();
  const tcp_settings& settings = owner_.settings_;
  if (gave_up(state_ == tcp_state::syn_sent       ? settings.syn_retries
              : state_ == tcp_state::syn_received ? settings.syn_ack_retries
                                                  : settings.retries)) {
    if (!opening) send_reset();
    return fail(soft_error_ != 0 ? soft_error_ : ETIMEDOUT);
  }
  rto_.back_off();
  if (opening) {
    syn_wanted_ = true;
  } else {
    // All that is in flight counts as lost and is sent again in slow start (RFC
    // 5681, section 3.1). Whether it is so the next acknowledgements may tell
    // (RFC 5682, section 3.1, step 1).
    const bool may_be_early = tries_ == 1 && flight_->now == flight::phase::open;
    if (may_be_early) {
      flight_->before.remember(congestion_.remember(), send_unacknowledged_, send_next_);
      flight_->timeout.begin();
    } else {
      flight_->timeout.forget();
    }
    ecn_.slowed_down();
    congestion_.timed_out(congested_flight(), tries_ == 1);
    lose_all_in_flight();
  }
  retransmit_at_ = std::min(now() + rto_.current(), user_patience_ends());
  want_output();
}

// RFC 9293, section 3.8.6.1: a closed window is asked about for as long as the peer answers.
void connection::probe_expired() {
  probe_at_ = never;
  if (in_flight() != 0 || data_end() <= send_next_) return;
  if (send_window_ != 0) {  // RFC 9293, section 3.8.6.2.1: the override
    small_wanted_ = true;
    return want_output();
  }
  ++tries_;
  if (gave_up(owner_.settings_.retries)) {
    send_reset();
    return fail(ETIMEDOUT);
  }
  rto_.back_off();
  probe_at_ = std::min(now() + rto_.current(), user_patience_ends());
  probe_wanted_ = true;
  want_output();
}

// RFC 9293, section 3.8.4.
void connection::ask_whether_alive() {
  if (in_flight() != 0 || probe_at_ != never || is_opening()) {  // other timers watch over it
    return keep_alive_->wait(now());
  }
  if (keep_alive_->gave_up(now(), user_timeout_)) {
    send_reset();
    return fail(soft_error_ != 0 ? soft_error_ : ETIMEDOUT);
  }
  keep_alive_->probed(now());
  probe_wanted_ = true;
  want_output();
}

void connection::set_user_timeout(duration limit) noexcept {
  user_timeout_ = limit;
  user_timeout_is_ours_ = limit > duration::zero();
  tells_user_timeout_ = user_timeout_is_ours_ && owner_.settings_.user_timeout_option;
}

// RFC 5482, section 3.1: the program's own word is worth more than the peer's.
void connection::hear_user_timeout(const wire::tcp_user_timeout& limit) noexcept {
  if (!owner_.settings_.user_timeout_option || user_timeout_is_ours_) return;
  user_timeout_ = accepted_timeout(limit);
}

void connection::set_keep_alive(const tcp_keep_alive& wanted) {
  keep_alive_.reset();
  if (state_ == tcp_state::closed || wanted.idle <= duration::zero()) return;
  keep_alive_ = std::make_unique<keep_alive>(wanted, now());
  schedule(keep_alive_->due());
}

// RFC 1191, section 6.4, and RFC 8201, section 5.4: what was lost goes out again in smaller pieces.
void connection::path_is_narrower(std::uint32_t mtu) {
  if (mtu == 0 || mtu >= path_mtu_) return;
  path_mtu_changed(mtu);
  segment_limit_ = 0;
  if (is_opening()) {  // a SYN is too big only with data, without which it goes again
    if (state_ == tcp_state::syn_sent && in_flight() > 1) syn_wanted_ = true;
    if (syn_wanted_) want_output();
    return;
  }
  if (flight_ != nullptr) {
    flight_->before.forget();
    lose_all_in_flight();
  }
  want_output();
}

// RFC 5927 and RFC 9293, section 3.9.2.2: hard errors end a connection that is being made; one that
// is established outlives them.
void connection::on_icmp(const path_error& error) {
  switch (error.what) {
    case path_error::kind::too_big:
      return path_is_narrower(owner_.network_.lower_path_mtu(tuple.remote.address, error.mtu));
    case path_error::kind::port_unreachable:
    case path_error::kind::protocol_unreachable:
      soft_error_ = ECONNREFUSED;
      break;
    case path_error::kind::prohibited:
      soft_error_ = EACCES;
      break;
    case path_error::kind::network_unreachable:
      soft_error_ = ENETUNREACH;
      break;
    default:
      soft_error_ = EHOSTUNREACH;
      break;
  }
  if (is_opening()) fail(soft_error_);
}

}  // namespace pentad::native
