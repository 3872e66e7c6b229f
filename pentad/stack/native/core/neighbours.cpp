#include "pentad/stack/native/core/neighbours.hpp"

#include "pentad/stack/native/core/packet_memory.hpp"

namespace pentad::native {

neighbour_cache::neighbour_cache(context& shared, neighbour_events& events)
    : context_(shared),
      events_(events),
      entries_(shared.settings.neighbours.most, address_hash{shared.numbers.key()}),
      reachable_(shared.settings.neighbours.reachable),
      retransmission_(shared.settings.neighbours.retransmission) {}

neighbour_cache::entry::~entry() {
  ++cache.context_.ways;
  cache.context_.timers.erase(*this);
  cache.context_.counters.pending_full += pending.count();
  cache.pending_bytes_ -= pending_bytes;
}

void neighbour_cache::send(packet&& sent, const ip_address& next_hop) {
  entry* to = entries_.find(next_hop);
  if (to == nullptr) {
    to = make(next_hop, true);
    keep(*to, std::move(sent));
    ask(*to, std::nullopt);
    return;
  }
  if (to->state == neighbour_state::incomplete) {
    keep(*to, std::move(sent));
    return;
  }
  if (to->state == neighbour_state::reachable && context_.now >= to->reachable_until) {
    to->state = neighbour_state::stale;
  }
  if (to->state == neighbour_state::stale) {
    to->state = neighbour_state::delay;
    ++context_.ways;
    context_.arm(*to, context_.settings.neighbours.first_probe_delay);
  }
  events_.transmit(std::move(sent), to->mac);
}

void neighbour_cache::probe(const ip_address& neighbour) {
  const entry* const known = entries_.find(neighbour);
  if (known != nullptr && known->state != neighbour_state::stale) return;
  if (known != nullptr) entries_.erase(neighbour);
  ask(*make(neighbour, true), std::nullopt);
}

void neighbour_cache::advertised(const advertisement& heard) {
  entry* const about = entries_.find(heard.address);
  if (about == nullptr) return;
  ++context_.ways;
  if (about->state == neighbour_state::incomplete) {
    if (!heard.mac) return;
    about->mac = *heard.mac;
    about->state = neighbour_state::stale;
    context_.timers.erase(*about);
    if (heard.solicited) confirm(*about);
    flush(*about);
    return;
  }
  const bool other = heard.mac && *heard.mac != about->mac;
  const bool locked = !heard.solicited &&
                      context_.now - about->confirmed < context_.settings.neighbours.lock &&
                      about->state == neighbour_state::reachable;
  if (other && (!heard.overrides || locked)) {
    // Two claim the address: the one who has it will answer when it is checked.
    if (!locked && about->state == neighbour_state::reachable) {
      about->state = neighbour_state::stale;
    }
    return;
  }
  if (other) {
    about->mac = *heard.mac;
    about->state = neighbour_state::stale;
    context_.timers.erase(*about);
  }
  if (heard.solicited) confirm(*about);
}

void neighbour_cache::heard(const ip_address& address, const mac_address& mac, bool asked_us) {
  entry* about = entries_.find(address);
  if (about == nullptr && asked_us) about = make(address, false);
  if (about == nullptr) return;
  ++context_.ways;
  if (about->state == neighbour_state::incomplete) {
    about->mac = mac;
    about->state = neighbour_state::stale;
    context_.timers.erase(*about);
    flush(*about);
    return;
  }
  if (about->mac == mac) return;
  if (about->state == neighbour_state::reachable &&
      context_.now - about->confirmed < context_.settings.neighbours.lock) {
    return;
  }
  about->mac = mac;
  about->state = neighbour_state::stale;
  context_.timers.erase(*about);
}

std::optional<neighbour_state> neighbour_cache::state(const ip_address& address) {
  const entry* const found = entries_.find(address);
  if (found == nullptr) return std::nullopt;
  if (found->state == neighbour_state::reachable && context_.now >= found->reachable_until) {
    return neighbour_state::stale;
  }
  return found->state;
}

std::optional<neighbour_cache::settled_neighbour> neighbour_cache::settled(
    const ip_address& address) {
  const entry* const found = entries_.find(address);
  if (found == nullptr) return std::nullopt;
  switch (found->state) {
    case neighbour_state::incomplete:
    case neighbour_state::stale:  // the next packet begins a check
      return std::nullopt;
    case neighbour_state::reachable:
      return settled_neighbour{found->mac, found->reachable_until};
    case neighbour_state::delay:  // a timer ends these two
    case neighbour_state::probe:
      break;
  }
  return settled_neighbour{found->mac, never};
}

neighbour_cache::entry* neighbour_cache::make(const ip_address& address, bool for_ourselves) {
  if (entries_.full()) {
    const auto is_idle = [&](const entry& old) {
      return old.state == neighbour_state::stale ||
             (old.state == neighbour_state::reachable && context_.now >= old.reachable_until);
    };
    const auto is_silent = [](const entry& old) {
      return old.state == neighbour_state::incomplete;
    };
    ++context_.counters.neighbours_full;
    // Strangers do not get the place of those whom this host talks to.
    if (!entries_.evict(is_idle) && !for_ourselves) return nullptr;
    if (entries_.full()) entries_.evict(is_silent);
  }
  entry& made = entries_.insert(address, *this, address);
  made.fire = [](timer_node& node) {
    auto& expired = static_cast<entry&>(node);
    expired.cache.expire(expired);
  };
  return &made;
}

void neighbour_cache::keep(entry& waiting, packet&& kept) {
  const std::size_t size = held_memory(kept);
  const neighbour_settings& limits = context_.settings.neighbours;
  // RFC 4861, section 7.2.2: a packet that comes later takes the place of the oldest.
  while (!waiting.pending.empty() && (waiting.pending_bytes + size > limits.pending_bytes ||
                                      pending_bytes_ + size > limits.all_pending_bytes)) {
    drop_oldest(waiting);
  }
  if (waiting.pending_bytes + size > limits.pending_bytes ||
      pending_bytes_ + size > limits.all_pending_bytes) {
    ++context_.counters.pending_full;
    return;
  }
  waiting.pending.push(std::move(kept));
  waiting.pending_bytes += size;
  pending_bytes_ += size;
}

void neighbour_cache::drop_oldest(entry& waiting) noexcept {
  const packet dropped = waiting.pending.pop();
  waiting.pending_bytes -= held_memory(dropped);
  pending_bytes_ -= held_memory(dropped);
  ++context_.counters.pending_full;
}

void neighbour_cache::flush(entry& resolved) {
  if (resolved.pending.empty()) return;
  pending_bytes_ -= std::exchange(resolved.pending_bytes, 0);
  packet_queue sent = std::move(resolved.pending);
  if (resolved.state == neighbour_state::stale) {
    resolved.state = neighbour_state::delay;
    context_.arm(resolved, context_.settings.neighbours.first_probe_delay);
  }
  while (packet each = sent.pop()) events_.transmit(std::move(each), resolved.mac);
}

void neighbour_cache::confirm(entry& confirmed) {
  context_.timers.erase(confirmed);
  confirmed.state = neighbour_state::reachable;
  confirmed.confirmed = context_.now;
  // RFC 4861, section 6.3.2: random, so that hosts do not fall into step.
  const duration base = reachable_;
  confirmed.reachable_until =
      later(context_.now, base / 2 + base / 1024 * context_.numbers.below(1024));
  events_.answered(confirmed.address);
}

void neighbour_cache::expire(entry& expired) {
  ++context_.ways;
  const neighbour_settings& settings = context_.settings.neighbours;
  switch (expired.state) {
    case neighbour_state::incomplete:
      if (expired.solicitations >= settings.multicast_solicitations) return give_up(expired);
      return ask(expired, std::nullopt);
    case neighbour_state::delay:
      expired.state = neighbour_state::probe;
      expired.solicitations = 0;
      return ask(expired, expired.mac);
    case neighbour_state::probe:
      if (expired.solicitations >= settings.unicast_solicitations) return give_up(expired);
      return ask(expired, expired.mac);
    case neighbour_state::reachable:
    case neighbour_state::stale:
      return;
  }
}

void neighbour_cache::ask(entry& asked, const std::optional<mac_address>& known) {
  ++asked.solicitations;
  ++context_.counters.solicitations_sent;
  context_.arm(asked, retransmission_);
  events_.solicit(asked.address, known);
}

void neighbour_cache::give_up(entry& silent) {
  packet_queue failed = std::move(silent.pending);
  pending_bytes_ -= std::exchange(silent.pending_bytes, 0);
  const ip_address address = silent.address;
  entries_.erase(address);
  context_.counters.neighbours_unreachable += failed.count();
  events_.silent(address, std::move(failed));
}

}  // namespace pentad::native
