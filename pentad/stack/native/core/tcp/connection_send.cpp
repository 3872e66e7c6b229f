// What a connection sends, one segment at a time, when it is asked.
#include <algorithm>
#include <utility>

#include "pentad/stack/native/core/tcp/connection.hpp"
#include "pentad/stack/native/core/tcp/tcp.hpp"
#include "pentad/stack/native/core/tcp/user_timeout.hpp"

namespace pentad::native {
namespace {

// When there was no packet to send in. Linux: TCP_RESOURCE_PROBE_INTERVAL.
constexpr duration shortage_interval = std::chrono::milliseconds(500);

}  // namespace

// The sequence number after the last byte that the program has written.
wire::tcp_sequence connection::data_end() const noexcept {
  if (fin_acknowledged_) return send_unacknowledged_ - 1;
  const bool syn_is_in_flight = send_unacknowledged_ == initial_send_;
  return send_unacknowledged_ + static_cast<std::uint32_t>(sent_.size()) +
         (syn_is_in_flight ? 1U : 0U);
}

// Sends the most urgent segment. True if there may be another.
bool connection::send_next() {
  if (state_ == tcp_state::closed) return false;
  if (is_opening() && (syn_wanted_ || (acknowledge_wanted_ && !early_))) return send_syn();
  if (is_opening() && !(early_ && state_ == tcp_state::syn_received)) return false;
  if (flight_ != nullptr) {
    if (flight_->probe_wanted) return send_tail_probe();
    if (flight_->timeout.prefers_new() && send_new()) return true;
    if (flight_->board.lost() != 0 && send_lost()) return true;
  }
  if (send_new()) {
    if (has_more_to_send()) return true;
    window_limited_ = false;
    return false;
  }
  if (probe_wanted_) return send_probe();
  if (acknowledge_wanted_) transmit(send_next_, 0, wire::tcp_ack);
  return false;
}

// After something new: whether it is worth asking again.
bool connection::has_more_to_send() const noexcept {
  return data_end() > send_next_ || (sends_fin() && !fin_sent_) || probe_wanted_ ||
         acknowledge_wanted_ || (flight_ != nullptr && flight_->board.lost() != 0);
}

bool connection::send_syn() {
  wire::tcp_flags flags = wire::tcp_syn;
  if (state_ == tcp_state::syn_received) {
    flags |= wire::tcp_ack;
  } else if (owner_.settings_.ecn == ecn_use::always && tries_ < 2) {
    // Some network may drop what asks for it (RFC 3168, section 6.1.1.1).
    flags |= wire::tcp_ece | wire::tcp_cwr;
  }
  const std::uint32_t size =
      bytes_in_syn(static_cast<std::uint32_t>(make_header(initial_send_, flags).size()));
  if (!transmit(initial_send_, size, flags)) return false;
  syn_wanted_ = false;
  if (tries_ == 0) first_unanswered_ = now();
  send_next_ = wire::later(send_next_, initial_send_ + 1 + size);
  restart_retransmission_timer();
  return early_;
}

// What fits in a segment beside its options (RFC 6691).
std::uint32_t connection::payload_room() const noexcept {
  const std::uint32_t user_timeout = tells_user_timeout_ ? 4 : 0;
  if (disorder_ == nullptr) return segment_size_ - user_timeout;
  return segment_size_ - user_timeout -
         disorder_->report.option_size((timestamps_ ? wire::tcp_timestamps::size : 0) +
                                       user_timeout);
}

// The oldest of what is lost, if the windows let it go. What the peer's window has shrunk away from
// waits, but for the very next segment, which asks for a window, too.
bool connection::send_lost() {
  const auto lost = flight_->board.first_lost(payload_room());
  if (!lost) return false;
  const std::uint32_t flying = pipe();
  if (flying != 0 && flying + lost->size() > congestion_.window()) {
    window_limited_ = true;
    return false;
  }
  if (lost->first != send_unacknowledged_ && lost->end > send_unacknowledged_ + send_window_) {
    return false;
  }
  return send_again(*lost);
}

bool connection::send_again(const sack_scoreboard::range& range) {
  const bool with_fin = fin_sent_ && range.end == data_end() + 1;
  const std::uint32_t size = range.size() - (with_fin ? 1U : 0U);
  if (!transmit(range.first, size, with_fin ? wire::tcp_ack | wire::tcp_fin : wire::tcp_ack)) {
    return false;
  }
  flight_->board.sent_again(range, now());
  flight_->reduction.sent(range.size());
  flight_->before.sent_again(owner_.timestamp_clock() + timestamp_offset_);
  flight_->retransmitted_at = last_sent_ = now();
  ++retransmits_;
  ++owner_.counters_.segments_retransmitted;
  if (range.first == send_unacknowledged_) restart_retransmission_timer();
  return true;
}

// How many new bytes may be sent now (RFC 9293, sections 3.7.4 and 3.8.6.2.1).
std::uint32_t connection::sendable() const noexcept {
  const std::uint32_t flying = in_flight();
  const std::uint32_t piped = pipe();
  const std::uint32_t window = congestion_.window();
  const auto waiting = static_cast<std::uint32_t>(std::max(0, data_end() - send_next_));
  const std::uint32_t open = std::min(window > piped ? window - piped : 0,
                                      send_window_ > flying ? send_window_ - flying : 0);
  const std::uint32_t size = std::min(waiting, open);
  if (size == 0) return 0;
  const std::uint32_t segment = payload_room();
  // Nagle's algorithm as Minshall has it, and Linux: only what is small itself holds others back.
  const bool holds_back = !no_delay_ && !send_shut_ && small_end_ > send_unacknowledged_;
  if (size >= segment) {
    // Whole segments only, so that the rest can grow to one.
    const std::uint32_t chunk = std::min(size, most_at_once(segment));
    return chunk == waiting && !holds_back ? chunk : chunk / segment * segment;
  }
  if (size == waiting && !holds_back) return size;
  if (small_wanted_) return size;  // it has waited long enough
  // A silly window: half of the largest that was ever offered is worth a segment.
  return size >= largest_send_window_ / 2 && largest_send_window_ != 0 ? size : 0;
}

// A window that is closed, or too small to be worth a segment: only a timer ends this if the peer's
// next update is lost.
void connection::wait_for_window() {
  if (probe_at_ != never) return;
  first_unanswered_ = now();
  probe_at_ = std::min(now() + rto_.current(), user_patience_ends());
  schedule(probe_at_);
}

// RFC 5681, section 4.1: what was learned of the network is old, and its acknowledgements no longer
// pace what is sent.
void connection::restart_after_silence() noexcept {
  if (!owner_.settings_.slow_start_after_idle) return;
  if (in_flight() != 0 || data_end() == send_next_) return;
  const duration idle = now() - last_sent_;
  if (idle > rto_.current()) congestion_.restart_after_idle(idle, rto_.current());
}

bool connection::sends_fin_now(wire::tcp_sequence end) const noexcept {
  return sends_fin() && !fin_sent_ && end == data_end();
}

bool connection::send_new() {
  restart_after_silence();
  const std::uint32_t size = sendable();
  const bool with_fin = sends_fin_now(send_next_ + size);
  if (size == 0 && !with_fin) {
    const bool has_more =
        data_end() > send_next_ || (flight_ != nullptr && flight_->board.lost() != 0);
    window_limited_ = has_more && pipe() + segment_size_ > congestion_.window();
    if (in_flight() == 0 && data_end() > send_next_) wait_for_window();
    return false;
  }
  return send_fresh(size, with_fin);
}

bool connection::send_fresh(std::uint32_t size, bool with_fin) {
  wire::tcp_sequence end = send_next_ + size;
  wire::tcp_flags flags = wire::tcp_ack;
  if (end == data_end()) flags |= wire::tcp_psh;
  if (with_fin) flags |= wire::tcp_fin;
  const bool was_idle = in_flight() == 0;
  if (takes_rows_ && size > segment_size_) {
    const std::uint32_t sent = transmit_row(size, flags);
    if (sent == 0) return false;
    with_fin = with_fin && sent == size;
    end = send_next_ + sent;
    size = sent;
  } else if (!transmit(send_next_, size, flags)) {
    return false;
  }
  if (flight_ == nullptr) flight_ = owner_.flights_.take(send_next_);
  if (!no_delay_ && size % segment_size_ != 0) small_end_ = end;
  small_wanted_ = false;
  send_next_ = end + (with_fin ? 1U : 0U);
  if (with_fin) fin_sent_ = true;
  flight_->board.sent(send_next_, now());
  flight_->reduction.sent(size);
  last_sent_ = now();
  if (was_idle) {
    first_unanswered_ = now();
    restart_retransmission_timer();
  }
  watch_tail();
  // What limits sending from here on tells whether the congestion window was used.
  window_limited_ = pipe() + segment_size_ > congestion_.window() || congestion_.in_slow_start();
  return true;
}

// RFC 8985, section 7.3: something new if there is, else the last segment again.
bool connection::send_tail_probe() {
  flight_->probe_wanted = false;
  if (in_flight() == 0) return true;
  const auto waiting = static_cast<std::uint32_t>(std::max(0, data_end() - send_next_));
  const std::uint32_t open = send_window_ > in_flight() ? send_window_ - in_flight() : 0;
  const std::uint32_t fresh = std::min({waiting, open, payload_room()});
  if (fresh != 0) {
    if (send_fresh(fresh, sends_fin_now(send_next_ + fresh))) flight_->tail.sent(send_next_, false);
  } else if (send_again(flight_->board.last(payload_room()))) {
    flight_->tail.sent(send_next_, true);
  }
  flight_->probe_tail_at = never;
  restart_retransmission_timer();
  return true;
}

// A segment whose number is old: it must be answered, with the window (RFC 9293, section 3.8.6.1).
bool connection::send_probe() {
  probe_wanted_ = false;
  transmit(send_unacknowledged_ - 1, 0, wire::tcp_ack);
  return false;
}

wire::tcp_timestamps connection::make_timestamps() const noexcept {
  return {owner_.timestamp_clock() + timestamp_offset_, recent_timestamp_};
}

wire::tcp_header connection::make_header(wire::tcp_sequence from, wire::tcp_flags flags) {
  wire::tcp_header header = header_for(tuple, flags);
  header.sequence = from;
  if (flags.has(wire::tcp_ack)) header.acknowledgment = receive_next_;
  if (flags.has(wire::tcp_syn)) {
    const bool answers = flags.has(wire::tcp_ack);
    header.window = syn_window();
    header.options.maximum_segment_size = owner_.offered_segment_size(tuple);
    if (!answers || receive_scale_ != 0 || send_scale_ != 0) {
      header.options.window_scale = receive_scale_;
    }
    header.options.sack_permitted = sack_;
    if (timestamps_) header.options.timestamps = make_timestamps();
    if (tells_user_timeout_) header.options.user_timeout = advertised_timeout(user_timeout_);
    if (answers) {
      if (gives_cookie_) {
        header.options.fast_open = owner_.fast_opens_.make(tuple.remote.address, now());
      }
    } else {
      ask_for_cookie(header.options);
    }
    return header;
  }
  header.window = static_cast<std::uint16_t>(advertise());
  if (timestamps_) header.options.timestamps = make_timestamps();
  if (std::exchange(tells_user_timeout_, false)) {
    header.options.user_timeout = advertised_timeout(user_timeout_);
  }
  if (disorder_ != nullptr) {
    header.options.sack = disorder_->report.take();
    end_disorder();
  }
  return header;
}

wire::plain_tcp_header connection::make_plain_header(wire::tcp_sequence from,
                                                     wire::tcp_flags flags) {
  wire::plain_tcp_header header{.source_port = tuple.local.port,
                                .destination_port = tuple.remote.port,
                                .sequence = from,
                                .acknowledgment = receive_next_,
                                .flags = flags,
                                .window = static_cast<std::uint16_t>(advertise()),
                                .timestamps = {}};
  if (timestamps_) header.timestamps = make_timestamps();
  return header;
}

// Of a byte, in the send buffer.
std::size_t connection::place_of(wire::tcp_sequence number) const noexcept {
  const bool syn_is_in_flight = send_unacknowledged_ == initial_send_;
  return static_cast<std::size_t>(number - send_unacknowledged_) - (syn_is_in_flight ? 1U : 0U);
}

packet connection::packet_for(std::uint32_t size) {
  packet made = owner_.packets_.take(size);
  if (!made) {
    ++owner_.counters_.out_of_packets;
    try_again_at_ = now() + shortage_interval;
    schedule(try_again_at_);
  }
  return made;
}

// One segment of `size` bytes from `from` on. False if there was no packet for it.
bool connection::transmit(wire::tcp_sequence from, std::uint32_t size, wire::tcp_flags flags) {
  packet made = packet_for(size);
  if (!made) return false;
  wire::internet_sum sum;
  if (size != 0) {
    const std::size_t offset = flags.has(wire::tcp_syn) ? 0 : place_of(from);
    sent_.read(offset, size, [&](std::span<const std::byte> piece) {
      const std::span<std::byte> to = made.append(piece.size());
      if (checksum_offload_) {
        std::copy(piece.begin(), piece.end(), to.begin());
      } else {
        sum.add_copy(piece, to);
      }
    });
  }
  const bool fresh = size != 0 && from >= send_next_;
  if (!flags.has(wire::tcp_syn)) flags |= ecn_.flags(fresh);
  if (sends_plain(flags)) {
    emit(std::move(made), sum, make_plain_header(from, flags), size, ecn_.mark(fresh));
  } else {
    emit(std::move(made), sum, make_header(from, flags), size, ecn_.mark(fresh));
  }
  return true;
}

template <class Header>
void connection::emit(packet payload, const wire::internet_sum& sum, const Header& header,
                      std::uint32_t size, wire::ip_ecn mark) {
  const std::size_t header_size = header.size();
  const wire::pseudo_header pseudo(tuple.local.address, tuple.remote.address, ip_protocol::tcp);
  if (checksum_offload_) {
    header.emit_for_offload(payload.prepend(header_size), pseudo, size);
    packet_offload offload{.checksum = checksum_state::partial, .checksum_offset = 16};
    const auto options = static_cast<std::uint32_t>(header_size - Header::least_size);
    const std::uint32_t segment =
        segment_size_ + (timestamps_ ? wire::tcp_timestamps::size : 0) - options;
    if (size > segment && !header.flags.has(wire::tcp_syn)) {
      offload.segment = tuple.local.address.is_v4() ? segmentation::tcp_v4 : segmentation::tcp_v6;
      offload.segment_size = static_cast<std::uint16_t>(segment);
      offload.header_size = static_cast<std::uint16_t>(header_size);
    }
    payload.set_offload(offload);
  } else {
    header.emit(payload.prepend(header_size), pseudo, sum);
  }
  if (header.flags.has(wire::tcp_ack)) acknowledges();
  if (size != 0) mark_passage(payload, header.sequence + size);
  ++owner_.counters_.segments_sent;
  owner_.network_.send({.payload = std::move(payload),
                        .source = tuple.local.address,
                        .destination = tuple.remote.address,
                        .protocol = ip_protocol::tcp,
                        .traffic_class = static_cast<std::uint8_t>(mark),
                        .dont_fragment = true},
                       now());
}

void connection::acknowledges() noexcept {
  last_acknowledged_ = receive_next_;
  unacknowledged_bytes_ = 0;
  acknowledge_wanted_ = false;
  acknowledge_at_ = never;
}

void connection::mark_passage(packet& sent, wire::tcp_sequence end) const noexcept {
  if (traced_ == nullptr) return;
  const auto place = static_cast<std::uint32_t>(end - initial_send_) - 1;
  sent.set_passage({.sender = std::uint64_t{traced_->sender} << 32 | place});
}

void connection::send_reset() {
  wire::tcp_header reset = header_for(tuple, wire::tcp_rst | wire::tcp_ack);
  reset.sequence = send_next_;
  reset.acknowledgment = receive_next_;
  if (timestamps_) reset.options.timestamps = make_timestamps();  // RFC 7323, section 3.2
  ++owner_.counters_.resets_sent;
  owner_.send_bare(tuple, reset);
}

}  // namespace pentad::native
