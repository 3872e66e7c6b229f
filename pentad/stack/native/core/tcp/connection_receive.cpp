// Segments that arrive (RFC 9293, section 3.10.7).
#include <algorithm>
#include <cerrno>

#include "pentad/stack/native/core/tcp/connection.hpp"
#include "pentad/stack/native/core/tcp/tcp.hpp"

namespace pentad::native {
namespace {

// RFC 7323, section 5.5: a timestamp that old says nothing.
constexpr duration timestamp_lifetime = std::chrono::hours(24 * 24);

}  // namespace

void connection::arrived(segment& incoming) {
  if (keep_alive_ != nullptr) keep_alive_->heard(now());
  if (state_ == tcp_state::syn_sent) return arrived_in_syn_sent(incoming);

  if (!passes_paws(incoming)) {
    ++owner_.counters_.old_timestamps;
    answer_invalid(incoming);
    return;
  }
  if (state_ == tcp_state::syn_received && answers_simultaneous_syn(incoming)) take_syn(incoming);
  if (early_ && incoming.has(wire::tcp_syn) && incoming.sequence < receive_next_) {
    syn_wanted_ = true;  // ours was lost, or theirs is late
    return want_output();
  }
  if (!is_in_window(incoming)) {
    ++owner_.counters_.outside_window;
    note_twice(incoming);
    answer_invalid(incoming);
    return;
  }
  if (incoming.has(wire::tcp_rst)) return arrived_reset(incoming);
  if (incoming.has(wire::tcp_syn)) return challenge();  // RFC 5961, section 4.2
  if (!incoming.has(wire::tcp_ack)) {
    ++owner_.counters_.without_ack;
    return;
  }
  ecn_.arrived(incoming.ecn, incoming.flags);
  if (!arrived_acknowledgment(incoming)) return;
  // RFC 7323, section 4.3: what is not beyond the last acknowledgement carries the time to echo. A
  // stranger who guesses a number of the window, but none of ours, may not change it.
  if (timestamps_ && incoming.options.timestamps && incoming.sequence <= last_acknowledged_) {
    recent_timestamp_ = incoming.options.timestamps->value;
    recent_timestamp_at_ = now();
  }
  if (incoming.options.user_timeout) hear_user_timeout(*incoming.options.user_timeout);
  arrived_text(incoming);
}

// After a segment that was taken: payloads that came with the same header, from `first` on. Takes
// them from the front of `row` as long as they are what is expected next. Returns how many bytes.
std::uint32_t connection::take_from_row(wire::tcp_sequence first, packet_chain& row) {
  const bool is_usual = is_receiving() && !released_ && first == receive_next_ &&
                        disorder_ == nullptr && !fin_pending_;
  if (!is_usual) return 0;
  while (packet next = row.pop()) {
    const auto size = static_cast<std::uint32_t>(next.size());
    if (receive_next_ + size > receive_edge_ || !may_keep(next)) {
      row.push_front(std::move(next));
      break;
    }
    ++owner_.counters_.segments_received;
    note_size(size);
    deliver(std::move(next));
    schedule_acknowledgment(size);
  }
  return static_cast<std::uint32_t>(receive_next_ - first);
}

// RFC 7323, section 5. A segment without the option is taken: middleboxes drop it (as Linux does).
bool connection::passes_paws(const segment& incoming) {
  if (!timestamps_ || !incoming.options.timestamps || incoming.has(wire::tcp_rst)) return true;
  const auto newer =
      static_cast<std::int32_t>(incoming.options.timestamps->value - recent_timestamp_);
  return newer >= 0 || now() - recent_timestamp_at_ > timestamp_lifetime;
}

// RFC 9293, section 3.10.7.4, first check.
bool connection::is_in_window(const segment& incoming) const noexcept {
  const auto window = static_cast<std::uint32_t>(std::max(0, receive_edge_ - receive_next_));
  const std::uint32_t length = incoming.length();
  // A closed window takes no data, but acknowledgements and resets.
  if (window == 0) return incoming.sequence == receive_next_;
  if (length == 0) {
    return incoming.sequence.is_within(receive_next_, window) || incoming.sequence == receive_edge_;
  }
  const wire::tcp_sequence last = incoming.sequence + (length - 1);
  return incoming.sequence.is_within(receive_next_, window) ||
         last.is_within(receive_next_, window);
}

// RFC 5961, section 3.2: only the very next number resets, others are asked about.
void connection::arrived_reset(const segment& incoming) {
  if (incoming.sequence != receive_next_) {
    ++owner_.counters_.blind_resets;
    return challenge();
  }
  ++owner_.counters_.connections_reset;
  const bool refused = state_ == tcp_state::syn_received && !early_;
  end_early(true);
  const bool was_over = state_ == tcp_state::closing || state_ == tcp_state::last_ack;
  if (was_over) return finish();
  fail(refused ? ECONNREFUSED : state_ == tcp_state::close_wait ? EPIPE : ECONNRESET);
}

// RFC 9293, section 3.10.7.3.
void connection::arrived_in_syn_sent(segment& incoming) {
  const bool has_ack = incoming.has(wire::tcp_ack);
  if (has_ack &&
      (incoming.acknowledgment <= initial_send_ || incoming.acknowledgment > send_next_)) {
    ++owner_.counters_.unacceptable_acks;
    owner_.answer_with_reset(incoming);
    return;
  }
  if (incoming.has(wire::tcp_rst)) {
    if (has_ack) fail(ECONNREFUSED);
    return;
  }
  if (!incoming.has(wire::tcp_syn)) return;
  agree(agreement_from(incoming));
  if (incoming.options.user_timeout) hear_user_timeout(*incoming.options.user_timeout);
  send_window_ = largest_send_window_ = incoming.window;
  window_update_sequence_ = incoming.sequence;
  window_update_acknowledgment_ = incoming.acknowledgment;
  if (!has_ack) {  // a simultaneous open (section 3.5, figure 8)
    state_ = tcp_state::syn_received;
    send_next_ = initial_send_ + 1;
    end_early(false);
    syn_wanted_ = true;
    want_output();
    return;
  }
  measure_round_trip(incoming, {});
  if (tries_ > 0) rto_.restart_after_handshake_loss();
  take_early_acknowledgment(incoming);
  restart_retransmission_timer();
  become_established();
  take_syn(incoming);
  arrived_text(incoming);
}

// Both ends have sent a SYN, and now each acknowledges the other's with a SYN that it has sent
// before (RFC 9293, section 3.5, figure 8).
bool connection::answers_simultaneous_syn(const segment& incoming) const noexcept {
  return incoming.has(wire::tcp_syn) && incoming.has(wire::tcp_ack) &&
         incoming.sequence + 1 == receive_next_ && incoming.acknowledgment == send_next_;
}

// What comes with a SYN that has been taken is data.
void connection::take_syn(segment& incoming) {
  acknowledge_now();
  incoming.sequence += 1;
  incoming.flags =
      incoming.flags & wire::tcp_flags(static_cast<std::uint8_t>(~wire::tcp_syn.bits()));
}

// The payload and the end of the stream.
void connection::arrived_text(segment& incoming) {
  if (!is_receiving() || incoming.sequence + incoming.length() == incoming.sequence) return;
  if (released_ && incoming.size() != 0) {
    // Nobody will read it: tell the peer rather than let it believe (RFC 9293, section 3.6.1).
    ++owner_.counters_.receiver_gone;
    send_reset();
    return finish();
  }
  wire::tcp_sequence first = incoming.sequence;
  packet& payload = incoming.payload;
  bool fin = incoming.has(wire::tcp_fin);
  if (first < receive_next_) {  // the left part is old
    note_twice(incoming);
    const auto old = static_cast<std::uint32_t>(receive_next_ - first);
    payload.remove_prefix(std::min<std::size_t>(old, payload.size()));
    first = receive_next_;
    acknowledge_now();
  }
  const auto room = static_cast<std::size_t>(std::max(0, receive_edge_ - first));
  if (payload.size() > room) {  // the right part is more than was offered
    ++owner_.counters_.outside_window;
    payload.truncate(room);
    fin = false;
    acknowledge_now();
  }
  if (fin && !fin_pending_) {
    fin_pending_ = true;
    fin_at_ = first + static_cast<std::uint32_t>(payload.size());
  }
  const auto size = static_cast<std::uint32_t>(payload.size());
  note_size(size);
  if (first == receive_next_) {
    if (size != 0 && !may_keep(payload)) {
      ++owner_.counters_.receive_memory_full;
      return;
    }
    if (disorder_ != nullptr && size != 0) disorder_->report.came_next({first, first + size});
    if (size != 0) deliver(std::move(payload));
    deliver_reordered();
    schedule_acknowledgment(size);
  } else {
    // RFC 5681, section 4.2: a gap is reported at once.
    acknowledge_now();
    if (size != 0) keep_out_of_order(first, std::move(payload));
  }
  if (fin_pending_ && receive_next_ == fin_at_) arrived_fin();
}

// What a program does not read may not take the memory of others.
bool connection::may_keep(const packet& in_order) const noexcept {
  const tcp_settings& settings = owner_.settings_;
  return receive_shut_ ||
         owner_.receive_memory_ + held_memory(in_order) <= settings.receive_memory ||
         received_.memory() <= settings.least_receive_memory;
}

void connection::keep_out_of_order(wire::tcp_sequence first, packet payload) {
  const std::size_t of_all = owner_.receive_memory_;
  const std::size_t left_to_all = std::max(owner_.settings_.receive_memory / 2, of_all) - of_all;
  disorder& of = make_disorder();
  const std::size_t most = std::min(2 * receive_limit_, of.segments.memory() + left_to_all);
  const wire::tcp_sequence end = first + static_cast<std::uint32_t>(payload.size());
  if (!of.segments.insert(first, std::move(payload), most)) {
    ++owner_.counters_.out_of_order_full;
    of.report.forget();
    end_disorder();
  } else if (sack_) {
    of.report.arrived({first, end});
  }
}

disorder& connection::make_disorder() {
  if (disorder_ == nullptr) disorder_ = std::make_unique<disorder>(owner_.receive_memory_);
  return *disorder_;
}

// RFC 2883, section 4: what was acknowledged and has come again.
void connection::note_twice(const segment& incoming) {
  const wire::tcp_sequence end = incoming.sequence + incoming.size();
  if (!sack_ || incoming.size() == 0 || incoming.sequence >= receive_next_) return;
  make_disorder().report.arrived_twice({incoming.sequence, wire::earlier(end, receive_next_)});
}

void connection::deliver(packet payload) {
  const auto size = static_cast<std::uint32_t>(payload.size());
  receive_next_ += size;
  bytes_received_ += size;
  unacknowledged_bytes_ += size;
  if (receive_shut_) return;
  if (traced_ != nullptr && owner_.observer_ != nullptr) owner_.observer_->queued(payload);
  received_.push(std::move(payload));
  notify();
}

void connection::deliver_reordered() {
  if (disorder_ == nullptr || disorder_->segments.empty()) return;
  while (packet next = disorder_->segments.take(receive_next_)) deliver(std::move(next));
  disorder_->report.acknowledged(receive_next_);
  end_disorder();
  acknowledge_now();  // the gap is filled (RFC 5681, section 4.2)
}

// RFC 9293, section 3.10.7.4, eighth check.
void connection::arrived_fin() {
  if (fin_received_) return;
  fin_received_ = true;
  fin_pending_ = false;
  receive_next_ += 1;
  if (disorder_ != nullptr) {
    disorder_->segments.clear();
    disorder_->report.forget();
    end_disorder();
  }
  acknowledge_now();
  notify();
  switch (state_) {
    case tcp_state::established:
      state_ = tcp_state::close_wait;
      break;
    case tcp_state::fin_wait_1:
      state_ = tcp_state::closing;
      break;
    case tcp_state::fin_wait_2:
      enter_time_wait();
      break;
    default:
      break;
  }
}

// RFC 9293, section 3.8.6.3: every second full segment, else a little later; at once in the
// beginning, when the sender's window is small.
void connection::schedule_acknowledgment(std::uint32_t size) {
  if (size == 0) return;
  if (quick_acks_ != 0 || unacknowledged_bytes_ >= 2 * largest_received_) {
    if (quick_acks_ != 0) --quick_acks_;
    acknowledge_now();
  } else if (acknowledge_at_ == never) {
    acknowledge_at_ = now() + owner_.settings_.delayed_ack;
    schedule(acknowledge_at_);
  }
}

void connection::acknowledge_now() {
  acknowledge_wanted_ = true;
  want_output();
}

void connection::challenge() {
  if (may_answer_invalid() && owner_.may_challenge()) acknowledge_now();
}

// RFC 9293, section 3.10.7.4, first check. Two ends that find each other's acknowledgements invalid
// would answer for ever; data does not come in answer to anything.
void connection::answer_invalid(const segment& incoming) {
  if (incoming.has(wire::tcp_rst)) return;
  const bool is_data = incoming.length() != 0 && !incoming.has(wire::tcp_syn);
  if (is_data || may_answer_invalid()) acknowledge_now();
}

bool connection::may_answer_invalid() noexcept {
  if (now() < answers_invalid_from_) {
    ++owner_.counters_.challenges_limited;
    return false;
  }
  answers_invalid_from_ = now() + owner_.settings_.invalid_interval;
  return true;
}

// Reading, which makes room for more.

std::size_t connection::read(std::span<std::byte> buffer) {
  const std::size_t count = received_.read(buffer, traced_ != nullptr ? &traced_->read : nullptr);
  tune_receive_buffer(count);
  offer_more_window();
  return count;
}

packet connection::take() {
  packet oldest = received_.take();
  if (oldest) {
    if (traced_ != nullptr) traced_->read = oldest.passage();
    tune_receive_buffer(oldest.size());
  }
  offer_more_window();
  return oldest;
}

// RFC 9293, section 3.8.6.2.2: the window only moves by steps that are worth a segment, and never
// back.
std::uint32_t connection::new_window() const noexcept {
  const std::size_t used = received_.bytes();
  // More cannot be said, and is not promised.
  const std::size_t most = std::min<std::size_t>(receive_limit_, 65535U << receive_scale_);
  const auto room = static_cast<std::uint32_t>(used < most ? most - used : 0);
  const auto offered = static_cast<std::uint32_t>(std::max(0, receive_edge_ - receive_next_));
  const auto step =
      static_cast<std::uint32_t>(std::min<std::size_t>(largest_received_, receive_limit_ / 2));
  return room >= offered + step ? room : offered;
}

// Tells the peer when reading has opened the window by a good part.
void connection::offer_more_window() {
  if (is_opening() || fin_received_ || state_ == tcp_state::closed) return;
  const auto offered = static_cast<std::uint32_t>(std::max(0, receive_edge_ - receive_next_));
  const std::uint32_t wider = new_window();
  const bool worth_telling =
      wider - offered >= std::min<std::size_t>(receive_limit_ / 4, 32 * largest_received_) ||
      (offered < largest_received_ && wider > offered);
  if (worth_telling) acknowledge_now();
}

// The window field of the next segment; from now on so much is promised.
std::uint32_t connection::advertise() {
  const std::uint32_t unit = 1U << receive_scale_;
  const std::uint32_t field = std::min((new_window() + unit - 1) >> receive_scale_, 65535U);
  receive_edge_ = wire::later(receive_edge_, receive_next_ + (field << receive_scale_));
  return field;
}

}  // namespace pentad::native
