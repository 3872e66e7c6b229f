#include "pentad/stack/native/core/tcp/connection.hpp"

#include <algorithm>
#include <cerrno>

#include "pentad/stack/native/core/tcp/tcp.hpp"

namespace pentad::native {
namespace {

// What an IP and a TCP header without options take of a packet.
std::uint32_t headers_of(ip_version version) noexcept {
  return version == ip_version::v4 ? 40 : 60;
}

// A peer that asks for less would have us send headers and hardly a byte (Linux: TCP_MIN_SND_MSS).
constexpr std::uint32_t least_segment = 48;

}  // namespace

connection::connection(tcp& owner, const five_tuple& of, const path& way)
    : demultiplexed(kind::connection, of),
      owner_(owner),
      sent_(owner.blocks_),
      received_(owner.receive_memory_),
      congestion_(owner.settings_.congestion),
      path_mtu_(way.mtu),
      segment_limit_(way.segment_limit),
      timestamp_offset_(owner.timestamp_offset(of)),
      send_limit_(owner.settings_.send_buffer),
      receive_limit_(owner.settings_.receive_buffer),
      quick_acks_(static_cast<std::uint16_t>(owner.settings_.quick_acks)),
      receive_scale_(scale_for(owner.settings_.largest_receive_buffer())),
      checksum_offload_(way.checksum_offload),
      takes_rows_(way.takes_rows) {
  fire = [](timer_node& node) { static_cast<connection&>(node).expired(); };
}

connection::~connection() {
  owner_.timers_.erase(*this);
  if (state_ != tcp_state::closed) owner_.table_.erase(*this);
}

void connection::trace_passage(std::uint32_t number) {
  traced_ = number == 0 ? nullptr : std::make_unique<traced_passage>(number);
}

void connection::notify() noexcept {
  if (!released_) owner_.notify(*this);
}

void connection::want_output() { owner_.want_output(*this); }

// Opening.

void connection::open(wire::tcp_sequence initial) {
  state_ = tcp_state::syn_sent;
  timestamps_ = owner_.settings_.timestamps;
  sack_ = owner_.settings_.sack;
  initial_send_ = send_unacknowledged_ = send_next_ = recover_ = initial;
  syn_wanted_ = true;
  want_output();
}

// The window field of our SYN, which is never scaled.
std::uint16_t connection::syn_window() const noexcept {
  return static_cast<std::uint16_t>(std::min<std::size_t>(receive_limit_, 65535));
}

// The last step of a listener's handshake.
void connection::establish(const tcp_agreement& agreed, const handshake& how) {
  state_ = tcp_state::syn_received;
  const wire::tcp_sequence acknowledged = agreed.initial_send + 1;
  if (how.round_trip > duration::zero()) {
    rto_.measured(how.round_trip);
    least_round_trip_ = how.round_trip;
  } else if (how.sent_again) {
    rto_.restart_after_handshake_loss();
    tries_ = 1;
  }
  initial_send_ = recover_ = agreed.initial_send;  // RFC 6582, section 3.2, step 1
  send_unacknowledged_ = send_next_ = acknowledged;
  agree(agreed);
  send_window_ = largest_send_window_ = agreed.peer_window;
  window_update_sequence_ = receive_next_;
  window_update_acknowledgment_ = acknowledged;
  become_established();
}

tcp_agreement connection::agreement_from(const segment& syn) const {
  tcp_agreement agreed;
  agreed.initial_send = initial_send_;
  agreed.initial_receive = syn.sequence;
  agreed.peer_segment_size = syn.options.maximum_segment_size.value_or(
      tuple.local.address.is_v4() ? 536 : 1220);  // RFC 9293, section 3.7.1
  agreed.timestamps = timestamps_ && syn.options.timestamps.has_value();
  agreed.ecn = owner_.settings_.ecn == ecn_use::always && agrees_to_ecn(syn.flags);
  agreed.sack = sack_ && syn.options.sack_permitted;
  if (agreed.timestamps) agreed.recent_timestamp = syn.options.timestamps->value;
  agreed.receive_scale = syn.options.window_scale ? receive_scale_ : std::uint8_t{0};
  agreed.send_scale = syn.options.window_scale.value_or(0);
  agreed.peer_window = syn.window;  // never scaled in a SYN
  return agreed;
}

void connection::agree(const tcp_agreement& agreed) {
  small_end_ = send_next_;
  receive_next_ = last_acknowledged_ = agreed.initial_receive + 1;
  receive_edge_ = receive_next_ + syn_window();
  send_scale_ = agreed.send_scale;
  receive_scale_ = agreed.receive_scale;
  timestamps_ = agreed.timestamps;
  sack_ = agreed.sack;
  ecn_.agree(agreed.ecn);
  recent_timestamp_ = agreed.recent_timestamp;
  recent_timestamp_at_ = now();
  peer_limit_ = agreed.peer_segment_size;
  path_mtu_changed(path_mtu_);
  congestion_.start(segment_size_, tries_ > 0);
}

void connection::path_mtu_changed(std::uint32_t mtu) {
  path_mtu_ = mtu;
  const std::uint32_t fits = mtu - headers_of(tuple.local.address.version());
  const std::uint32_t options = timestamps_ ? wire::tcp_timestamps::size : 0;
  segment_size_ = std::max(std::min(peer_limit_, fits), least_segment) - options;
  congestion_.set_segment_size(segment_size_);
}

void connection::become_established() {
  if (is_opening()) state_ = send_shut_ ? tcp_state::fin_wait_1 : tcp_state::established;
  tries_ = 0;
  end_early(false);
  if (keep_alive_ != nullptr) keep_alive_->wait(now());
  schedule(first_deadline());
  notify();
  want_output();
}

}  // namespace pentad::native
