#include "pentad/stack/native/core/tcp/half_open.hpp"

#include <algorithm>

#include "pentad/stack/native/core/tcp/listener.hpp"

namespace pentad::native {
namespace {

std::array<std::byte, 16> packed(const ip_address& address) noexcept {
  std::array<std::byte, 16> bytes{};
  std::ranges::copy(address.bytes(), bytes.begin());
  return bytes;
}

ip_address unpacked(const std::array<std::byte, 16>& bytes, std::uint32_t scope,
                    bool is_v4) noexcept {
  if (is_v4) return ip_address::v4({bytes[0], bytes[1], bytes[2], bytes[3]});
  return ip_address::v6(bytes, scope);
}

}  // namespace

half_open::half_open(listener& of_listener, const five_tuple& of,
                     const tcp_agreement& agreed) noexcept
    : listener_(&of_listener),
      local_(packed(of.local.address)),
      remote_(packed(of.remote.address)),
      local_scope_(of.local.address.scope()),
      remote_scope_(of.remote.address.scope()),
      initial_send_(agreed.initial_send),
      initial_receive_(agreed.initial_receive),
      recent_timestamp_(agreed.recent_timestamp),
      local_port_(of.local.port),
      remote_port_(of.remote.port),
      peer_segment_size_(static_cast<std::uint16_t>(agreed.peer_segment_size)),
      send_scale_(agreed.send_scale & 0xf),
      receive_scale_(agreed.receive_scale & 0xf),
      is_v4_(of.remote.address.is_v4()),
      timestamps_(agreed.timestamps),
      sack_(agreed.sack),
      ecn_(agreed.ecn),
      wants_cookie_(agreed.wants_cookie) {}

five_tuple half_open::tuple() const noexcept {
  return {ip_protocol::tcp,
          {unpacked(local_, local_scope_, is_v4_), local_port_},
          {unpacked(remote_, remote_scope_, is_v4_), remote_port_}};
}

bool half_open::is_between(const five_tuple& tuple) const noexcept {
  return remote_port_ == tuple.remote.port && local_port_ == tuple.local.port &&
         this->tuple() == tuple;
}

tcp_agreement half_open::agreed() const noexcept {
  tcp_agreement agreed;
  agreed.initial_send = initial_send_;
  agreed.initial_receive = initial_receive_;
  agreed.peer_segment_size = peer_segment_size_;
  agreed.send_scale = send_scale_;
  agreed.receive_scale = receive_scale_;
  agreed.timestamps = timestamps_;
  agreed.sack = sack_;
  agreed.ecn = ecn_;
  agreed.wants_cookie = wants_cookie_;
  agreed.recent_timestamp = recent_timestamp_;
  return agreed;
}

half_open_table::half_open_table(siphash_key key, timer_queue& timers) noexcept
    : key_(key), timers_(timers), buckets_(std::make_unique<half_open*[]>(first_buckets)) {
  fire = [](timer_node& node) { static_cast<half_open_table&>(node).expired(); };
}

half_open_table::~half_open_table() {
  for (line& each : lines_) {
    while (each.first != nullptr) remove(*each.first);
  }
  timers_.erase(*this);
}

half_open* half_open_table::find(const five_tuple& tuple) const noexcept {
  if (size_ == 0) return nullptr;
  half_open* each = bucket(tuple);
  while (each != nullptr && !each->is_between(tuple)) each = each->next_in_bucket_;
  return each;
}

half_open& half_open_table::add(std::unique_ptr<half_open> added, instant now) {
  if (size_ == count_) grow();
  half_open& one = *added.release();
  half_open*& first = bucket(one.tuple());
  one.next_in_bucket_ = first;
  first = &one;
  ++size_;
  queue(one, now);
  return one;
}

void half_open_table::postpone(half_open& answered, instant now) noexcept {
  leave(answered);
  ++answered.tries_;
  queue(answered, now);
}

void half_open_table::remove(half_open& ended) noexcept {
  half_open** link = &bucket(ended.tuple());
  while (*link != &ended) link = &(*link)->next_in_bucket_;
  *link = ended.next_in_bucket_;
  --size_;
  leave(ended);
  delete &ended;
}

void half_open_table::remove_all_of(const listener& closed) noexcept {
  for (line& each : lines_) {
    for (half_open* one = each.first; one != nullptr;) {
      half_open* const after = one->after_;
      if (one->listener_ == &closed) remove(*one);
      one = after;
    }
  }
}

void half_open_table::expired() {
  const instant now = at;
  for (const line& each : lines_) {
    while (each.first != nullptr && each.first->due_ <= now) {
      each.first->listener_->expired(*each.first);
    }
  }
  schedule();
}

// RFC 6298, section 5.5.
duration half_open_table::patience(unsigned tries) noexcept {
  constexpr duration first = retransmission_timeout::initial;
  return std::min(first * (1 << std::min(tries, lines - 1)), retransmission_timeout::most);
}

half_open_table::line& half_open_table::line_of(const half_open& one) noexcept {
  return lines_[std::min<unsigned>(one.tries_, lines - 1)];
}

void half_open_table::queue(half_open& one, instant now) noexcept {
  one.due_ = later(now, patience(one.tries_));
  line& to = line_of(one);
  one.before_ = to.last;
  one.after_ = nullptr;
  (to.last != nullptr ? to.last->after_ : to.first) = &one;
  to.last = &one;
  schedule();
}

void half_open_table::leave(half_open& one) noexcept {
  line& from = line_of(one);
  (one.before_ != nullptr ? one.before_->after_ : from.first) = one.after_;
  (one.after_ != nullptr ? one.after_->before_ : from.last) = one.before_;
}

// One that leaves lets the timer stand: it fires once for nothing.
void half_open_table::schedule() noexcept {
  instant first = never;
  for (const line& each : lines_) {
    if (each.first != nullptr) first = std::min(first, each.first->due_);
  }
  if (armed()) {
    if (at <= first) return;
    timers_.erase(*this);
  }
  if (first == never) return;
  at = first;
  timers_.insert(*this);
}

void half_open_table::grow() {
  count_ *= 2;
  buckets_ = std::make_unique<half_open*[]>(count_);
  for (const line& each : lines_) {
    for (half_open* one = each.first; one != nullptr; one = one->after_) {
      half_open*& first = bucket(one->tuple());
      one->next_in_bucket_ = first;
      first = one;
    }
  }
}

}  // namespace pentad::native
