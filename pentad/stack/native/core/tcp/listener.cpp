#include "pentad/stack/native/core/tcp/listener.hpp"

#include <algorithm>

#include "pentad/stack/native/core/tcp/tcp.hpp"

namespace pentad::native {

listener::~listener() {
  owner_.half_open_.remove_all_of(*this);
  owner_.forget_early(*this);
  while (connection* waiting = accept()) {
    if (waiting->state() != tcp_state::closed) waiting->send_reset();
    owner_.forget(*waiting);
  }
}

void listener::close() { owner_.remove(*this); }

bool listener::takes(const endpoint& to) const noexcept {
  return local().address.version() == to.address.version() || !port_.v6_only();
}

connection* listener::accept() noexcept {
  connection* oldest = queue_.pop_front();
  if (oldest == nullptr) return nullptr;
  --waiting_;
  oldest->released_ = false;
  // What came while it waited is news to its program.
  oldest->notify();
  return oldest;
}

void listener::push(connection& made) noexcept {
  queue_.push_back(made);
  ++waiting_;
  owner_.notify(*this);
}

// When many are half open the old ones go earlier, the fewer young there are beside them, so that a
// flood does not hold the places for long (Linux: reqsk_timer_handler).
unsigned listener::most_tries() const noexcept {
  unsigned most = owner_.settings_.syn_ack_retries;
  if (2 * half_open_count_ <= owner_.settings_.most_half_open) return most;
  for (unsigned young = 2 * young_count_; most > 2 && half_open_count_ >= young; young *= 2) --most;
  return most;
}

tcp_agreement listener::agreement_from(const segment& syn) const {
  const tcp_settings& settings = owner_.settings_;
  tcp_agreement agreed;
  agreed.initial_receive = syn.sequence;
  agreed.peer_segment_size =
      syn.options.maximum_segment_size.value_or(syn.tuple.local.address.is_v4() ? 536 : 1220);
  agreed.peer_window = syn.window;
  agreed.timestamps = settings.timestamps && syn.options.timestamps.has_value();
  agreed.ecn = settings.ecn != ecn_use::never && asks_for_ecn(syn.flags);
  agreed.sack = settings.sack && syn.options.sack_permitted;
  if (agreed.timestamps) agreed.recent_timestamp = syn.options.timestamps->value;
  if (syn.options.window_scale) {
    agreed.send_scale = *syn.options.window_scale;
    agreed.receive_scale = scale_for(settings.largest_receive_buffer());
  }
  return agreed;
}

void listener::arrived_syn(segment& syn) {
  // A full queue drops, so that the peer tries again (RFC 9293 leaves it open; Linux does so).
  if (queue_is_full()) {
    ++owner_.counters_.accept_queue_full;
    return;
  }
  if (owner_.size() >= owner_.settings_.most_connections) {
    ++owner_.counters_.half_open_full;
    return;
  }
  tcp_agreement agreed = agreement_from(syn);
  if (opens_fast(syn, agreed)) return;
  if (half_open_count_ < owner_.settings_.most_half_open) return remember(syn, agreed);
  ++owner_.counters_.half_open_full;
  if (owner_.settings_.syn_cookies) send_cookie(syn, agreed);
}

// RFC 7413, section 4.2.2. If the cookie is missing or no good the SYN's data is not taken, and the
// handshake brings a good one.
bool listener::opens_fast(segment& syn, tcp_agreement& agreed) {
  if (!fast_opens_.is_open() || !syn.options.fast_open) return false;
  const instant now = owner_.now_;
  const wire::tcp_fast_open_cookie& shown = *syn.options.fast_open;
  const fast_open_cookies& cookies = owner_.fast_opens_;
  const ip_address& client = syn.tuple.remote.address;
  agreed.wants_cookie = shown != cookies.make(client, now);
  if (!cookies.is_good(shown, client, now)) {
    if (!shown.bytes().empty()) ++owner_.counters_.fast_open_refused;
    return false;
  }
  if (!fast_opens_.has_room(now)) {
    ++owner_.counters_.fast_open_full;
    return false;
  }
  const result<path> way = owner_.network_.find_path(client, syn.tuple.local.address);
  if (!way) return false;
  agreed.initial_send = owner_.initial_sequence(syn.tuple);
  connection& made = owner_.make_connection(syn.tuple, *way);
  made.released_ = false;
  made.gives_cookie_ = agreed.wants_cookie;
  fast_opens_.begun();
  owner_.begun_early(made, *this);
  ++owner_.counters_.connections_accepted;
  ++owner_.counters_.fast_opened;
  made.establish_early(agreed, syn);
  push(made);
  return true;
}

void listener::remember(const segment& syn, tcp_agreement agreed) {
  agreed.initial_send = owner_.initial_sequence(syn.tuple);
  owner_.half_open_.add(std::make_unique<half_open>(*this, syn.tuple, agreed), owner_.now_);
  ++half_open_count_;
  ++young_count_;
  send_syn_ack(syn.tuple, agreed, clock_for(syn.tuple));
}

void listener::forget(half_open& ended) noexcept {
  --half_open_count_;
  if (ended.tries() == 0) --young_count_;
  owner_.half_open_.remove(ended);
}

void listener::send_syn_ack(const five_tuple& tuple, const tcp_agreement& agreed,
                            std::uint32_t clock) const {
  wire::tcp_header header = header_for(tuple, wire::tcp_syn | wire::tcp_ack);
  if (agreed.ecn) header.flags |= wire::tcp_ece;
  header.sequence = agreed.initial_send;
  header.acknowledgment = agreed.initial_receive + 1;
  header.window = receive_window();
  header.options.maximum_segment_size = owner_.offered_segment_size(tuple);
  if (agreed.send_scale != 0 || agreed.receive_scale != 0) {
    header.options.window_scale = agreed.receive_scale;
  }
  header.options.sack_permitted = agreed.sack;
  if (agreed.timestamps) {
    header.options.timestamps = wire::tcp_timestamps{clock, agreed.recent_timestamp};
  }
  if (agreed.wants_cookie) {
    header.options.fast_open = owner_.fast_opens_.make(tuple.remote.address, owner_.now_);
  }
  owner_.send_bare(tuple, header);
}

std::uint32_t listener::clock_for(const five_tuple& tuple) const noexcept {
  return owner_.timestamp_clock() + owner_.timestamp_offset(tuple);
}

// What is offered with our SYN.
std::uint16_t listener::receive_window() const noexcept {
  return static_cast<std::uint16_t>(std::min<std::size_t>(owner_.settings_.receive_buffer, 65535));
}

// To a segment that cannot be the peer's next (RFC 9293, section 3.10.7.4, first check).
void listener::send_acknowledgment(const half_open& at) const {
  const five_tuple tuple = at.tuple();
  const tcp_agreement agreed = at.agreed();
  wire::tcp_header header = header_for(tuple, wire::tcp_ack);
  header.sequence = agreed.initial_send + 1;
  header.acknowledgment = agreed.initial_receive + 1;
  header.window = static_cast<std::uint16_t>(receive_window() >> agreed.receive_scale);
  if (agreed.timestamps) {
    header.options.timestamps = wire::tcp_timestamps{clock_for(tuple), agreed.recent_timestamp};
  }
  owner_.send_bare(tuple, header);
}

// RFC 9293, section 3.10.7.4, in the state SYN-RECEIVED.
void listener::arrived(half_open& at, segment& incoming) {
  const tcp_agreement agreed = at.agreed();
  const wire::tcp_sequence expected = agreed.initial_receive + 1;
  if (incoming.has(wire::tcp_rst)) {
    if (incoming.sequence == expected) {
      forget(at);  // back to LISTEN
    } else {
      ++owner_.counters_.blind_resets;
    }
  } else if (incoming.has(wire::tcp_syn)) {
    arrived_syn_again(at, incoming);
  } else if (!incoming.has(wire::tcp_ack)) {
    ++owner_.counters_.without_ack;
  } else if (incoming.acknowledgment != agreed.initial_send + 1) {
    // It may answer a cookie that its SYN had got before there was room (Linux: tcp_check_req).
    if (arrived_cookie(incoming)) return;
    ++owner_.counters_.unacceptable_acks;
    owner_.answer_with_reset(incoming);
  } else if (!incoming.sequence.is_within(expected, receive_window())) {
    ++owner_.counters_.outside_window;
    if (owner_.may_challenge()) send_acknowledgment(at);
  } else {
    arrived_answer(at, incoming);
  }
}

void listener::arrived_syn_again(half_open& at, const segment& syn) {
  const tcp_agreement agreed = at.agreed();
  if (syn.sequence == agreed.initial_receive) {
    send_syn_ack(syn.tuple, agreed, clock_for(syn.tuple));  // ours was lost, or theirs is late
  } else {
    ++owner_.counters_.outside_window;
  }
}

// The handshake is complete: `last` acknowledges our SYN.
void listener::arrived_answer(half_open& at, segment& last) {
  if (queue_is_full()) {  // the acknowledgement is lost for now; our SYN goes out again
    ++owner_.counters_.accept_queue_full;
    return;
  }
  handshake how;
  how.sent_again = at.tries() != 0;
  if (!how.sent_again) {
    const instant begun = at.due() - half_open_table::patience(0);
    how.round_trip = std::max(owner_.now_ - begun, duration(1));
  }
  const tcp_agreement agreed = at.agreed();
  forget(at);
  establish(last.tuple, agreed, how, last);
}

void listener::establish(const five_tuple& tuple, const tcp_agreement& agreed, const handshake& how,
                         segment& last) {
  const result<path> way = owner_.network_.find_path(tuple.remote.address, tuple.local.address);
  if (!way) return;
  tcp_agreement all = agreed;
  all.peer_window = last.window << agreed.send_scale;
  connection& made = owner_.make_connection(tuple, *way);
  // Until it is accepted no program is there; what arrives for it waits.
  made.released_ = false;
  made.establish(all, how);
  ++owner_.counters_.connections_accepted;
  push(made);
  made.arrived(last);  // data and the end may come with it
}

void listener::expired(half_open& at) {
  owner_.now_ = std::max(owner_.now_, at.due());
  if (at.tries() == 0) --young_count_;
  owner_.half_open_.postpone(at, owner_.now_);
  if (at.tries() > most_tries()) return forget(at);
  send_syn_ack(at.tuple(), at.agreed(), clock_for(at.tuple()));
}

// SYN cookies (RFC 4987, section 3.6).

void listener::send_cookie(const segment& syn, tcp_agreement agreed) {
  agreed.initial_send =
      owner_.cookies_.make(syn.tuple, syn.sequence, agreed.peer_segment_size, owner_.now_);
  std::uint32_t clock = clock_for(syn.tuple);
  if (agreed.timestamps) {
    cookie_options said{.window_scale = {}, .sack = agreed.sack, .ecn = agreed.ecn};
    if (syn.options.window_scale) said.window_scale = agreed.send_scale;
    clock = said.in_time(clock);
  } else {  // there is no place to remember these
    agreed.sack = agreed.ecn = false;
    agreed.send_scale = agreed.receive_scale = 0;
  }
  cookies_until_ = owner_.now_ + syn_cookies::lifetime;
  ++owner_.counters_.cookies_sent;
  send_syn_ack(syn.tuple, agreed, clock);
}

// Whether `last`, which no connection expects, answers one of our cookies.
bool listener::arrived_cookie(segment& last) {
  if (owner_.now_ >= cookies_until_ || last.has(wire::tcp_syn)) return false;
  tcp_agreement agreed;
  agreed.initial_send = last.acknowledgment - 1;
  agreed.initial_receive = last.sequence - 1;
  const auto segment_size = owner_.cookies_.segment_size(last.tuple, agreed.initial_receive,
                                                         agreed.initial_send, owner_.now_);
  if (!segment_size) {
    ++owner_.counters_.cookies_refused;
    return false;
  }
  if (queue_is_full() || owner_.size() >= owner_.settings_.most_connections) {
    ++owner_.counters_.accept_queue_full;
    return true;
  }
  agreed.peer_segment_size = *segment_size;
  if (last.options.timestamps && owner_.settings_.timestamps) {
    const wire::tcp_timestamps& times = *last.options.timestamps;
    const auto said = cookie_options::of_time(times.echo_reply);
    agreed.timestamps = true;
    agreed.recent_timestamp = times.value;
    agreed.sack = said.sack && owner_.settings_.sack;
    agreed.ecn = said.ecn && owner_.settings_.ecn != ecn_use::never;
    agreed.send_scale = said.window_scale.value_or(0);
    if (said.window_scale)
      agreed.receive_scale = scale_for(owner_.settings_.largest_receive_buffer());
  }
  ++owner_.counters_.cookies_accepted;
  if (half_open* const again = owner_.half_open_.find(last.tuple)) again->at().forget(*again);
  establish(last.tuple, agreed, {}, last);
  return true;
}

}  // namespace pentad::native
