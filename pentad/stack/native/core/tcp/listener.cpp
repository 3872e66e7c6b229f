#include "pentad/stack/native/core/tcp/listener.hpp"

#include <algorithm>

#include "pentad/stack/native/core/tcp/tcp.hpp"

namespace pentad::native {

listener::~listener() {
  while (first_half_open_ != nullptr) delete first_half_open_;
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
  connection* oldest = first_waiting_;
  if (oldest == nullptr) return nullptr;
  first_waiting_ = oldest->next_waiting_;
  if (first_waiting_ == nullptr) last_waiting_ = &first_waiting_;
  --waiting_;
  oldest->released_ = false;
  // What came while it waited is news to its program.
  oldest->notify();
  return oldest;
}

void listener::push(connection& made) noexcept {
  made.next_waiting_ = nullptr;
  *last_waiting_ = &made;
  last_waiting_ = &made.next_waiting_;
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

void listener::arrived_syn(segment& syn) {
  // A full queue drops, so that the peer tries again (RFC 9293 leaves it open; Linux does so).
  if (queue_is_full()) {
    ++owner_.counters_.accept_queue_full;
    return;
  }
  if (half_open_count_ >= owner_.settings_.most_half_open ||
      owner_.table_.size() >= owner_.settings_.most_connections) {
    ++owner_.counters_.half_open_full;
    return;
  }
  const tcp_settings& settings = owner_.settings_;
  tcp_agreement agreed;
  agreed.initial_send = owner_.initial_sequence(syn.tuple);
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
    while (agreed.receive_scale < wire::tcp_options::largest_window_scale &&
           (settings.receive_buffer >> agreed.receive_scale) > 65535) {
      ++agreed.receive_scale;
    }
  }
  auto* made = new half_open(*this, syn, agreed);
  made->send_syn_ack();
}

// The handshake is complete: `last` acknowledges our SYN.
void listener::established(half_open& answered, segment& last) {
  if (queue_is_full()) {  // the acknowledgement is lost for now; our SYN goes out again
    ++owner_.counters_.accept_queue_full;
    answered.answered_ = true;
    return;
  }
  const result<path> way =
      owner_.network_.find_path(answered.tuple.remote.address, answered.tuple.local.address);
  tcp_agreement agreed = answered.agreed_;
  agreed.peer_window = last.window << agreed.send_scale;
  const five_tuple tuple = answered.tuple;
  // Karn: of an answer that went out twice nobody knows which was acknowledged.
  const duration round_trip = answered.tries_ == 0
                                  ? std::max(owner_.now_ - answered.begun_, duration(1))
                                  : duration::zero();
  tcp& owner = owner_;
  delete &answered;
  if (!way) return;
  connection& made = owner.make_connection(tuple, *way);
  // Until it is accepted no program is there; what arrives for it waits.
  made.released_ = false;
  made.establish(agreed, round_trip);
  ++owner.counters_.connections_accepted;
  push(made);
  made.arrived(last);  // data and the end may come with it
}

half_open::half_open(listener& at_listener, const segment& syn, const tcp_agreement& agreed)
    : demultiplexed(kind::half_open, syn.tuple),
      listener_(at_listener),
      agreed_(agreed),
      begun_(at_listener.owner_.now_) {
  fire = [](timer_node& node) { static_cast<half_open&>(node).expired(); };
  tcp& owner = listener_.owner_;
  owner.table_.insert(*this);
  next_ = listener_.first_half_open_;
  if (next_ != nullptr) next_->previous_ = this;
  listener_.first_half_open_ = this;
  ++listener_.half_open_count_;
  ++listener_.young_count_;
  at = later(owner.now_, retransmission_timeout::initial);
  owner.timers_.insert(*this);
}

half_open::~half_open() {
  tcp& owner = listener_.owner_;
  owner.timers_.erase(*this);
  owner.table_.erase(*this);
  (previous_ != nullptr ? previous_->next_ : listener_.first_half_open_) = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
  --listener_.half_open_count_;
  if (tries_ == 0) --listener_.young_count_;
}

void half_open::send_syn_ack() {
  tcp& owner = listener_.owner_;
  const result<path> way = owner.network_.find_path(tuple.remote.address, tuple.local.address);
  if (!way) return;
  const std::uint32_t headers = tuple.local.address.is_v4() ? 40 : 60;
  wire::tcp_header header = header_for(tuple, wire::tcp_syn | wire::tcp_ack);
  if (agreed_.ecn) header.flags |= wire::tcp_ece;
  header.sequence = agreed_.initial_send;
  header.acknowledgment = agreed_.initial_receive + 1;
  header.window = receive_window();
  header.options.maximum_segment_size = static_cast<std::uint16_t>(way->mtu - headers);
  if (agreed_.send_scale != 0 || agreed_.receive_scale != 0) {
    header.options.window_scale = agreed_.receive_scale;
  }
  header.options.sack_permitted = agreed_.sack;
  if (agreed_.timestamps) header.options.timestamps = make_timestamps();
  owner.send_bare(tuple, header);
}

wire::tcp_timestamps half_open::make_timestamps() const noexcept {
  tcp& owner = listener_.owner_;
  return {owner.timestamp_clock() + owner.timestamp_offset(tuple), agreed_.recent_timestamp};
}

// RFC 9293, section 3.10.7.4, in the state SYN-RECEIVED.
void half_open::arrived(segment& incoming) {
  tcp& owner = listener_.owner_;
  const wire::tcp_sequence expected = agreed_.initial_receive + 1;
  if (incoming.has(wire::tcp_rst)) {
    if (incoming.sequence == expected) {
      delete this;  // back to LISTEN
    } else {
      ++owner.counters_.blind_resets;
    }
    return;
  }
  if (incoming.has(wire::tcp_syn)) {
    if (incoming.sequence == agreed_.initial_receive) {
      send_syn_ack();  // ours was lost, or theirs is late
    } else {
      ++owner.counters_.outside_window;
    }
    return;
  }
  if (!incoming.has(wire::tcp_ack)) {
    ++owner.counters_.without_ack;
    return;
  }
  if (incoming.acknowledgment != agreed_.initial_send + 1) {
    ++owner.counters_.unacceptable_acks;
    owner.answer_with_reset(incoming);
    return;
  }
  if (!incoming.sequence.is_within(expected, receive_window())) {
    ++owner.counters_.outside_window;
    if (owner.may_challenge()) send_acknowledgment();
    return;
  }
  listener_.established(*this, incoming);
}

// What was offered with our SYN.
std::uint16_t half_open::receive_window() const noexcept {
  return static_cast<std::uint16_t>(
      std::min<std::size_t>(listener_.owner_.settings_.receive_buffer, 65535));
}

// To a segment that cannot be the peer's next (RFC 9293, section 3.10.7.4, first check).
void half_open::send_acknowledgment() {
  wire::tcp_header header = header_for(tuple, wire::tcp_ack);
  header.sequence = agreed_.initial_send + 1;
  header.acknowledgment = agreed_.initial_receive + 1;
  header.window = static_cast<std::uint16_t>(receive_window() >> agreed_.receive_scale);
  if (agreed_.timestamps) header.options.timestamps = make_timestamps();
  listener_.owner_.send_bare(tuple, header);
}

void half_open::expired() {
  tcp& owner = listener_.owner_;
  owner.now_ = std::max(owner.now_, at);
  if (tries_ == 0) --listener_.young_count_;
  if (++tries_ > listener_.most_tries()) {
    delete this;
    return;
  }
  send_syn_ack();
  at = later(owner.now_, retransmission_timeout::initial * (1 << tries_));
  owner.timers_.insert(*this);
}

}  // namespace pentad::native
