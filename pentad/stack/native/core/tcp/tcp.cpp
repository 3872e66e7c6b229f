#include "pentad/stack/native/core/tcp/tcp.hpp"

#include <algorithm>
#include <cerrno>

#include "pentad/stack/native/core/tcp/time_wait.hpp"

namespace pentad::native {
namespace {

// Words that keep the uses of one key apart.
enum class purpose : std::uint64_t {
  table = 1,
  sequence,
  timestamp,
  port,
  listener,
  cookie,
  fast_open
};

siphash_key key_for(siphash_key key, purpose what) noexcept {
  return {key.k0 ^ static_cast<std::uint64_t>(what), key.k1};
}

siphash for_purpose(siphash_key key, purpose what) noexcept {
  siphash hash(key);
  hash.add(static_cast<std::uint64_t>(what));
  return hash;
}

std::uint64_t hash_of(siphash hash, const five_tuple& tuple) noexcept {
  return hash.add(tuple.local.address.bytes())
      .add(tuple.remote.address.bytes())
      .add(std::uint64_t{tuple.local.port} << 16 | tuple.remote.port)
      .finish();
}

siphash_key key_from(std::uint64_t seed) noexcept {
  return {siphash({seed, 0}).add(1).finish(), siphash({seed, 1}).add(2).finish()};
}

// Only one host can answer, and only one was asked (RFC 9293, section 3.9.2.3).
bool is_unicast(const ip_address& address) noexcept {
  return !address.is_unspecified() && !address.is_multicast();
}

}  // namespace

tcp::tcp(network_layer& network, packet_pool& packets, timer_queue& timers,
         const tcp_settings& settings, std::uint64_t seed)
    : network_(network),
      packets_(packets),
      timers_(timers),
      settings_(settings),
      key_(key_from(seed)),
      drawn_(seed),
      blocks_(settings.send_memory / block_pool::block_size),
      table_(key_for(key_, purpose::table)),
      half_open_(key_for(key_, purpose::table), timers),
      cookies_(key_for(key_, purpose::cookie)),
      fast_opens_(key_for(key_, purpose::fast_open)) {}

tcp::~tcp() {
  listeners_.clear();
  reap();
  table_.for_each([](demultiplexed& each) {
    if (each.what == demultiplexed::kind::connection) {
      delete &static_cast<connection&>(each);
    } else {
      delete &static_cast<time_wait&>(each);
    }
  });
}

// Listening.

result<held_port> tcp::bind(const endpoint& local, bool v6_only, bool reuse_port) {
  if (!local.address.is_unspecified() && !network_.is_local(local.address)) {
    return failure(std::errc::address_not_available);
  }
  port_holder wanted{.local = local, .v6_only = v6_only, .shares = reuse_port};
  if (local.port == 0) {
    wanted.local.port = first_ephemeral(draw(), [&](std::uint16_t port) {
      wanted.local.port = port;
      return ports_.is_free(wanted);
    });
    if (wanted.local.port == 0) return failure(std::errc::address_in_use);
  } else if (!ports_.is_free(wanted)) {
    return failure(std::errc::address_in_use);
  }
  return held_port(ports_, wanted);
}

listener& tcp::listen(held_port&& at, unsigned backlog) {
  const endpoint local = at.local();
  return *listeners_.emplace(local, std::make_unique<listener>(*this, std::move(at), backlog))
              ->second;
}

result<listener*> tcp::listen(const endpoint& local, bool v6_only, unsigned backlog,
                              bool reuse_port, instant now) {
  now_ = now;
  result<held_port> held = bind(local, v6_only, reuse_port);
  if (!held) return failure(held.error());
  return &listen(std::move(*held), backlog);
}

// The most specific one: the very address, then all of its version, then all of both.
listener* tcp::find_listener(const five_tuple& tuple) const noexcept {
  const endpoint& local = tuple.local;
  const std::array candidates = {local,
                                 endpoint(ip_address::any(local.address.version()), local.port),
                                 endpoint(ip_address::any(ip_version::v6), local.port)};
  for (const endpoint& each : candidates) {
    const auto [first, last] = listeners_.equal_range(each);
    if (first == last || !first->second->takes(local)) continue;
    const auto sharing = static_cast<std::uint64_t>(std::distance(first, last));
    if (sharing == 1) return first->second.get();
    const std::uint64_t turn = hash_of(for_purpose(key_, purpose::listener), tuple) % sharing;
    return std::next(first, static_cast<std::ptrdiff_t>(turn))->second.get();
  }
  return nullptr;
}

void tcp::remove(listener& closed) noexcept {
  listeners_with_news_.erase(closed);
  const auto [first, last] = listeners_.equal_range(closed.local());
  const auto found = std::find_if(
      first, last, [&closed](const auto& each) { return each.second.get() == &closed; });
  listeners_.erase(found);
}

// Connecting.

result<connection*> tcp::connect(const endpoint& local, const endpoint& remote, instant now,
                                 bool fast_open) {
  now_ = now;
  if (!is_unicast(remote.address) || remote.port == 0) {
    return failure(std::errc::address_not_available);
  }
  if (size() >= settings_.most_connections) return failure(std::errc::no_buffer_space);
  const result<path> way = network_.find_path(remote.address, local.address);
  if (!way) return failure(way.error());
  const endpoint from(way->source, local.port);
  const result<std::uint16_t> port = choose_port(from, remote);
  if (!port) return failure(port.error());
  const five_tuple tuple{ip_protocol::tcp, endpoint(way->source, *port), remote};
  wire::tcp_sequence initial = initial_sequence(tuple);
  if (demultiplexed* old = table_.find(tuple)) {
    // Only what is in TIME-WAIT stands here: its port may be used again (RFC 6191).
    auto* waiting = static_cast<time_wait*>(old);
    initial = wire::later(initial, waiting->send_next() + 65536);
    delete waiting;
  }
  connection& made = make_connection(tuple, *way);
  ++counters_.connections_opened;
  if (fast_open) {
    made.open_fast(initial);
  } else {
    made.open(initial);
  }
  return &made;
}

// Who is served before the end of the handshake, and by whom.
void tcp::begun_early(connection& served, listener& by) { served_early_.emplace(&served, &by); }

void tcp::ended_early(const connection& served, bool by_reset) noexcept {
  const auto found = served_early_.find(&served);
  if (found == served_early_.end()) return;
  found->second->fast_opens_.ended(by_reset, now_);
  served_early_.erase(found);
}

void tcp::forget_early(const listener& closed) noexcept {
  std::erase_if(served_early_, [&](const auto& each) { return each.second == &closed; });
}

connection& tcp::make_connection(const five_tuple& tuple, const path& way) {
  auto* made = new connection(*this, tuple, way);
  table_.insert(*made);
  return *made;
}

// The first free port of those that the stack chooses from, beginning somewhere; 0 if none is.
template <class IsFree>
std::uint16_t tcp::first_ephemeral(std::uint64_t start, IsFree is_free) const {
  const std::uint32_t count = 1U + settings_.last_ephemeral_port - settings_.first_ephemeral_port;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto port =
        static_cast<std::uint16_t>(settings_.first_ephemeral_port + (start + i) % count);
    if (is_free(port)) return port;
  }
  return 0;
}

// RFC 6056, algorithm 3: a start that a stranger cannot guess, then the next free one.
result<std::uint16_t> tcp::choose_port(const endpoint& local, const endpoint& remote) {
  const auto found = [&](std::uint16_t port) {
    return table_.find({ip_protocol::tcp, endpoint(local.address, port), remote});
  };
  const auto is_opening = [&](std::uint16_t port) {
    return half_open_.find({ip_protocol::tcp, endpoint(local.address, port), remote}) != nullptr;
  };
  const auto is_over = [](const demultiplexed& taken) {
    return taken.what == demultiplexed::kind::time_wait;
  };
  if (local.port != 0) {
    const demultiplexed* taken = found(local.port);
    const bool is_free = taken == nullptr || is_over(*taken);
    if (!is_free || is_opening(local.port)) return failure(std::errc::address_in_use);
    return local.port;
  }
  const std::uint64_t start =
      hash_of(for_purpose(key_, purpose::port), {ip_protocol::tcp, local, remote}) + draw();
  const auto is_held = [&](std::uint16_t port) {
    return is_opening(port) || !ports_.is_free({.local = endpoint(local.address, port)});
  };
  std::uint16_t port = first_ephemeral(
      start, [&](std::uint16_t each) { return !is_held(each) && found(each) == nullptr; });
  if (port == 0) {  // those in TIME-WAIT may be used again (RFC 6191)
    port = first_ephemeral(start, [&](std::uint16_t each) {
      const demultiplexed* taken = found(each);
      return !is_held(each) && (taken == nullptr || is_over(*taken));
    });
  }
  if (port == 0) return failure(std::errc::address_not_available);
  return port;
}

// RFC 6528: a clock of 64 ns, and an offset for each quintuple.
wire::tcp_sequence tcp::initial_sequence(const five_tuple& tuple) noexcept {
  const std::uint64_t offset = hash_of(for_purpose(key_, purpose::sequence), tuple);
  const auto clock = static_cast<std::uint64_t>(now_.time_since_epoch().count()) >> 6;
  return wire::tcp_sequence(static_cast<std::uint32_t>(offset + clock));
}

// RFC 7323, section 5.4: milliseconds, and an offset that hides how long the host is up.
std::uint32_t tcp::timestamp_clock() const noexcept {
  return static_cast<std::uint32_t>(now_.time_since_epoch().count() / 1'000'000);
}

// RFC 9293, section 3.7.1: what our link takes. What a router has said of the path to the peer
// tells nothing of the path from it.
std::uint16_t tcp::offered_segment_size(const five_tuple& tuple) const {
  const result<path> way = network_.find_path(tuple.remote.address, tuple.local.address);
  const bool is_v4 = tuple.local.address.is_v4();
  if (!way) return is_v4 ? 536 : 1220;
  return static_cast<std::uint16_t>(std::min(way->link_mtu - (is_v4 ? 40U : 60U), 65535U));
}

std::uint32_t tcp::timestamp_offset(const five_tuple& tuple) noexcept {
  return static_cast<std::uint32_t>(hash_of(for_purpose(key_, purpose::timestamp), tuple));
}

std::uint64_t tcp::draw() noexcept {
  drawn_ = siphash(key_).add(drawn_).finish();
  return drawn_;
}

// Arrivals.

bool tcp::deliver(incoming_packet&& arrived, instant now) {
  now_ = now;
  reap();
  ++counters_.segments_received;
  if (arrived.to_group || !is_unicast(arrived.source) || !is_unicast(arrived.destination)) {
    ++counters_.not_unicast;
    return true;
  }
  const wire::pseudo_header pseudo(arrived.source, arrived.destination, ip_protocol::tcp);
  const auto view = wire::tcp_view::parse(
      std::as_const(arrived.payload).bytes(), pseudo,
      arrived.checksum_is_known_good ? wire::checksum_check::skip : wire::checksum_check::verify);
  if (!view) {
    ++counters_.malformed;
    return true;
  }
  segment incoming(std::move(arrived), *view);
  if (!incoming.payload.has_followers()) {
    dispatch(incoming);
  } else {
    dispatch_row(incoming, packet_chain::of_followers(incoming.payload));
  }
  return true;
}

// Segments that follow each other and differ in nothing else.
void tcp::dispatch_row(segment& first, packet_chain payloads) {
  segment next = first.without_payload();
  wire::tcp_sequence at = first.sequence + first.size();
  dispatch(first);
  while (!payloads.empty()) {
    demultiplexed* const found = table_.find(next.tuple);
    if (found != nullptr && found->what == demultiplexed::kind::connection) {
      at += static_cast<connection*>(found)->take_from_row(at, payloads);
    }
    packet payload = payloads.pop();
    if (!payload) return;
    ++counters_.segments_received;
    next.sequence = at;
    at += static_cast<std::uint32_t>(payload.size());
    next.payload = std::move(payload);
    dispatch(next);
  }
}

void tcp::dispatch(segment& incoming) {
  demultiplexed* found = table_.find(incoming.tuple);
  if (found != nullptr) {
    switch (found->what) {
      case demultiplexed::kind::connection:
        return static_cast<connection*>(found)->arrived(incoming);
      case demultiplexed::kind::time_wait:
        if (!static_cast<time_wait*>(found)->arrived(incoming)) return;
        delete static_cast<time_wait*>(found);
        break;
    }
  }
  if (half_open* opening = half_open_.find(incoming.tuple)) {
    opening->at().arrived(*opening, incoming);
  } else if (listener* at = find_listener(incoming.tuple)) {
    arrived_for_listener(*at, incoming);
  } else {
    ++counters_.nobody_there;
    answer_with_reset(incoming);
  }
}

// RFC 9293, section 3.10.7.2.
void tcp::arrived_for_listener(listener& at, segment& incoming) {
  if (incoming.has(wire::tcp_rst)) return;
  if (incoming.has(wire::tcp_ack)) {
    if (!at.arrived_cookie(incoming)) answer_with_reset(incoming);
  } else if (incoming.has(wire::tcp_syn)) {
    at.arrived_syn(incoming);
  } else {
    ++counters_.without_ack;
  }
}

// RFC 9293, section 3.10.7.1: to what is for nobody.
void tcp::answer_with_reset(const segment& incoming) {
  if (incoming.has(wire::tcp_rst)) return;
  wire::tcp_header reset = header_for(incoming.tuple, wire::tcp_rst);
  if (incoming.has(wire::tcp_ack)) {
    reset.sequence = incoming.acknowledgment;
  } else {
    reset.acknowledgment = incoming.sequence + incoming.length();
    reset.flags |= wire::tcp_ack;
  }
  ++counters_.resets_sent;
  send_bare(incoming.tuple, reset);
}

// A segment without data that no connection keeps.
void tcp::send_bare(const five_tuple& tuple, const wire::tcp_header& header) {
  packet made = packets_.take(header.size());
  if (!made) {
    ++counters_.out_of_packets;
    return;
  }
  const wire::pseudo_header pseudo(tuple.local.address, tuple.remote.address, ip_protocol::tcp);
  header.emit(made.append(header.size()), pseudo, wire::internet_sum());
  ++counters_.segments_sent;
  network_.send({.payload = std::move(made),
                 .source = tuple.local.address,
                 .destination = tuple.remote.address,
                 .protocol = ip_protocol::tcp,
                 .dont_fragment = true},
                now_);
}

// RFC 5961, section 7: challenges are limited, for they can be asked for from afar. Nobody must
// learn from the number of those that he gets how many others have got (CVE-2016-5696).
bool tcp::may_challenge() noexcept {
  if (now_ - challenge_second_ >= std::chrono::seconds(1)) {
    challenge_second_ = now_;
    const unsigned limit = settings_.challenge_acks_per_second;
    challenges_left_ = (limit + 1) / 2 + draw() % std::max(limit, 1U);
  }
  if (challenges_left_ == 0) {
    ++counters_.challenges_limited;
    return false;
  }
  --challenges_left_;
  ++counters_.challenge_acks;
  return true;
}

// An ICMP error is believed if it quotes a sequence number that is in flight (RFC 5927, section
// 4.1).
void tcp::failed(const path_error& error, instant now) {
  now_ = now;
  if (error.transport.size() < 8) return;
  const auto local = load_be16(error.transport.data());
  const auto remote = load_be16(error.transport.data() + 2);
  const wire::tcp_sequence quoted(load_be32(error.transport.data() + 4));
  demultiplexed* found = table_.find(
      {ip_protocol::tcp, endpoint(error.source, local), endpoint(error.destination, remote)});
  if (found == nullptr || found->what != demultiplexed::kind::connection) return;
  auto& about = *static_cast<connection*>(found);
  if (quoted < about.send_unacknowledged_ || quoted >= about.send_next_) return;
  about.on_icmp(error);
}

// Sending and news.

void tcp::want_output(connection& who) noexcept { with_output_.push_back(who); }

// Each in turn sends one segment (or super-segment, or row), so that no one starves the others.
void tcp::produce(std::size_t most, instant now) {
  now_ = now;
  reap();
  const std::uint64_t before = counters_.segments_sent;
  while (counters_.segments_sent - before < most && !with_output_.empty()) {
    connection& next = *with_output_.pop_front();
    if (next.send_next()) want_output(next);
  }
}

bool tcp::is_settled() const noexcept {
  return !has_output() && !table_.any_of([](const demultiplexed& each) {
    if (each.what != demultiplexed::kind::connection) return false;
    const auto& one = static_cast<const connection&>(each);
    return one.released_ && one.state_ != tcp_state::fin_wait_2;
  });
}

void tcp::notify(connection& who) noexcept { with_news_.push_back(who); }
void tcp::notify(listener& who) noexcept { listeners_with_news_.push_back(who); }

// Memory to send from, which all connections share.

void tcp::await_send_memory(connection& who) noexcept {
  ++counters_.send_memory_full;
  without_memory_.push_back(who);
}

// In turn, one for each block: what they send gives it back when it is acknowledged.
void tcp::offer_send_memory() noexcept {
  for (std::size_t free = blocks_.left(); free != 0 && !without_memory_.empty(); --free) {
    without_memory_.pop_front()->notify();
  }
}

// A connection may end inside one of its own functions: it goes at the next step.
void tcp::bury(connection& ended) noexcept {
  without_memory_.erase(ended);
  dead_.push_back(ended);
}

void tcp::reap() noexcept {
  while (connection* dead = dead_.pop_front()) forget(*dead);
}

// Out of all lists, and gone.
void tcp::forget(connection& ended) noexcept {
  with_output_.erase(ended);
  with_news_.erase(ended);
  without_memory_.erase(ended);
  delete &ended;
  offer_send_memory();
}

}  // namespace pentad::native
