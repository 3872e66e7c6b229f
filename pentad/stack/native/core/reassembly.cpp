#include "pentad/stack/native/core/reassembly.hpp"

#include <algorithm>

#include "pentad/stack/native/core/packet_memory.hpp"
#include "pentad/wire/ip_ecn.hpp"
#include "pentad/wire/ipv4.hpp"
#include "pentad/wire/ipv6.hpp"

namespace pentad::native {
namespace {

constexpr unsigned bit_of(wire::ip_ecn ecn) noexcept { return 1U << static_cast<unsigned>(ecn); }

constexpr std::size_t most_in_packet = 65535;

std::span<const std::byte> payload_of(const incoming_fragment& piece) noexcept {
  return piece.content.bytes().subspan(piece.header_size, piece.size);
}

/// The packet can have met congestion although not all fragments say so; if some say that it takes
/// no part in that, something is wrong with it (RFC 3168, section 5.3).
std::optional<std::uint8_t> common_traffic_class(std::uint8_t first, unsigned ecn_seen) noexcept {
  const unsigned experienced = bit_of(wire::ip_ecn::congestion_experienced);
  if ((ecn_seen & experienced) == 0) return first;
  if ((ecn_seen & bit_of(wire::ip_ecn::not_capable)) != 0) return std::nullopt;
  return wire::with_ecn(first, wire::ip_ecn::congestion_experienced);
}

void update_v4_header(std::span<std::byte> header, std::size_t payload,
                      std::uint8_t traffic_class) {
  header[1] = std::byte{traffic_class};
  store_be16(&header[2], static_cast<std::uint16_t>(header.size() + payload));
  store_be16(&header[6], 0);
  store_be16(&header[10], 0);
  store_be16(&header[10], wire::internet_sum{header}.checksum());
}

void update_v6_header(std::span<std::byte> headers, std::size_t payload, std::uint8_t traffic_class,
                      const incoming_fragment& first) {
  const std::uint32_t rest = load_be32(headers.data()) & 0xf00f'ffff;
  store_be32(headers.data(), rest | std::uint32_t{traffic_class} << 20);
  store_be16(&headers[4],
             static_cast<std::uint16_t>(headers.size() - wire::ipv6_header::size() + payload));
  headers[first.next_header_at] = static_cast<std::byte>(first.next_header);
}

}  // namespace

reassembly::reassembly(context& shared, incomplete_packets& events)
    : context_(shared),
      events_(events),
      index_(0, fragment_key_hash{shared.numbers.key()}),
      bytes_by_source_(0, address_hash{shared.numbers.key()}) {}

reassembly::~reassembly() {
  for (unfinished& each : by_age_) context_.timers.erase(each);
}

packet reassembly::add(const fragment_key& key, incoming_fragment&& added) {
  ++context_.counters.fragments_received;
  unfinished& whole = find_or_begin(key);
  if (whole.refused) {
    ++context_.counters.late_fragments;
    return {};
  }
  const std::size_t memory = held_memory(added.content);
  if (whole.pieces.size() >= context_.settings.reassembly.most_fragments ||
      !make_room(whole, memory)) {
    ++context_.counters.reassembly_full;
    refuse(whole);
    return {};
  }
  switch (insert(whole, added)) {
    case outcome::kept:
      break;
    case outcome::duplicate:  // RFC 8200, section 4.5, lets the network do that
      ++context_.counters.duplicate_fragments;
      return {};
    case outcome::overlap:
      ++context_.counters.overlapping_fragments;
      refuse(whole);
      return {};
    case outcome::malformed:
      ++context_.counters.malformed_fragments;
      refuse(whole);
      return {};
  }
  whole.memory += memory;
  bytes_ += memory;
  bytes_by_source_[key.source] += memory;
  if (!whole.end || whole.received != *whole.end) return {};
  packet completed = complete(whole);
  erase(whole);
  return completed;
}

reassembly::unfinished& reassembly::find_or_begin(const fragment_key& key) {
  const auto found = index_.find(key);
  if (found != index_.end()) return *found->second;

  const reassembly_settings& settings = context_.settings.reassembly;
  if (by_age_.size() >= settings.most_packets) {
    if (!by_age_.front().refused) ++context_.counters.reassembly_full;
    erase(by_age_.front());
  }
  unfinished& begun = by_age_.emplace_back(*this, key);
  index_.emplace(key, std::prev(by_age_.end()));
  begun.fire = [](timer_node& node) {
    auto& late = static_cast<unfinished&>(node);
    late.owner.expire(late);
  };
  context_.arm(begun, key.source.is_v4() ? settings.timeout_v4 : settings.timeout_v6);
  return begun;
}

reassembly::outcome reassembly::insert(unfinished& whole, incoming_fragment& added) {
  const std::size_t begin = added.offset;
  const std::size_t end = begin + added.size;
  // Fragments mostly come in order, so the place is mostly at the end.
  auto next = whole.pieces.end();
  while (next != whole.pieces.begin() && std::prev(next)->offset >= begin) --next;

  if (next != whole.pieces.end() && next->offset == begin && next->size == added.size &&
      next->more_fragments == added.more_fragments) {
    return std::ranges::equal(payload_of(*next), payload_of(added)) ? outcome::duplicate
                                                                    : outcome::overlap;
  }
  if (next != whole.pieces.end() && end > next->offset) return outcome::overlap;
  if (next != whole.pieces.begin()) {
    const incoming_fragment& before = *std::prev(next);
    if (std::size_t{before.offset} + before.size > begin) return outcome::overlap;
  }
  if (!added.more_fragments) {
    if (whole.end || next != whole.pieces.end()) return outcome::malformed;
    whole.end = end;
  } else if (whole.end && end > *whole.end) {
    return outcome::malformed;
  }
  whole.received += added.size;
  whole.ecn_seen |= bit_of(wire::ecn_of(added.traffic_class));
  whole.pieces.insert(next, std::move(added));
  return outcome::kept;
}

packet reassembly::complete(unfinished& whole) {
  const incoming_fragment& first = whole.pieces.front();
  const std::size_t headers = first.header_size - first.fragment_header_size;
  const bool is_v4 = whole.key.source.is_v4();
  const std::size_t most = most_in_packet + (is_v4 ? 0 : wire::ipv6_header::size());
  const auto traffic_class = common_traffic_class(first.traffic_class, whole.ecn_seen);
  if (headers + *whole.end > most || !traffic_class) {
    ++context_.counters.malformed_fragments;
    return {};
  }
  packet made = context_.packets.take(headers + *whole.end);
  if (!made) {
    ++context_.counters.out_of_packets;
    return {};
  }
  made.append(first.content.bytes().first(headers));
  if (is_v4) {
    update_v4_header(made.bytes(), *whole.end, *traffic_class);
  } else {
    update_v6_header(made.bytes(), *whole.end, *traffic_class, first);
  }
  for (const incoming_fragment& each : whole.pieces) made.append(payload_of(each));
  ++context_.counters.reassembled;
  return made;
}

bool reassembly::make_room(const unfinished& for_whom, std::size_t memory) {
  const reassembly_settings& settings = context_.settings.reassembly;
  const ip_address& source = for_whom.key.source;
  const auto held_by_source = [&] {
    const auto held = bytes_by_source_.find(source);
    return held != bytes_by_source_.end() ? held->second : 0;
  };
  // The one that grows may be the oldest; it does not give way to itself.
  const auto drop_oldest = [&](auto matches) {
    const auto oldest = std::ranges::find_if(by_age_, [&](const unfinished& each) {
      return &each != &for_whom && each.memory != 0 && matches(each);
    });
    if (oldest == by_age_.end()) return false;
    ++context_.counters.reassembly_full;
    erase(*oldest);
    return true;
  };
  while (held_by_source() + memory > settings.most_bytes_per_source) {
    if (!drop_oldest([&](const unfinished& each) { return each.key.source == source; })) {
      return false;
    }
  }
  while (bytes_ + memory > settings.most_bytes) {
    if (!drop_oldest([](const unfinished&) { return true; })) return false;
  }
  return true;
}

/// Gives up a packet but remembers it, because the rest of it is refused as well (RFC 5722, section
/// 4).
void reassembly::refuse(unfinished& whole) noexcept {
  release(whole);
  whole.refused = true;
}

void reassembly::release(unfinished& whole) noexcept {
  bytes_ -= whole.memory;
  const auto held = bytes_by_source_.find(whole.key.source);
  if (held != bytes_by_source_.end()) {
    held->second -= whole.memory;
    if (held->second == 0) bytes_by_source_.erase(held);
  }
  whole.memory = 0;
  whole.pieces = std::vector<incoming_fragment>();
}

void reassembly::expire(unfinished& late) {
  if (!late.refused) {
    ++context_.counters.reassembly_timeouts;
    if (!late.pieces.empty() && late.pieces.front().offset == 0) {
      events_.incomplete(late.pieces.front());
    }
  }
  erase(late);
}

void reassembly::erase(unfinished& ended) noexcept {
  release(ended);
  context_.timers.erase(ended);
  const auto found = index_.find(ended.key);
  const by_age::iterator place = found->second;
  index_.erase(found);
  by_age_.erase(place);
}

}  // namespace pentad::native
