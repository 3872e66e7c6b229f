// Puts fragments together (RFC 791, section 3.2; RFC 815; RFC 8200, section 4.5). What overlaps is
// thrown away with all that belongs to it (RFC 5722; Linux does the same in IPv4). Bounded for each
// source and in total: the oldest make room for the newest, so that a flood hits itself first.
#pragma once

#include <list>
#include <optional>
#include <unordered_map>
#include <vector>

#include "pentad/base/ip_protocol.hpp"
#include "pentad/nic/packet.hpp"
#include "pentad/stack/native/core/address_hash.hpp"
#include "pentad/stack/native/core/context.hpp"

namespace pentad::native {

/// Which packet a fragment belongs to.
struct fragment_key {
  ip_address source;
  ip_address destination;
  std::uint32_t identification = 0;
  ip_protocol protocol{};  ///< of IPv4; it does not count in IPv6

  friend bool operator==(const fragment_key&, const fragment_key&) noexcept = default;
};

struct fragment_key_hash {
  siphash_key key;

  std::size_t operator()(const fragment_key& x) const noexcept {
    return static_cast<std::size_t>(
        siphash(key)
            .add(x.source.bytes())
            .add(x.destination.bytes())
            .add(std::uint64_t{x.identification} << 8 | static_cast<std::uint64_t>(x.protocol))
            .finish());
  }
};

/// A fragment as it came, not empty and within 65,535 bytes.
struct incoming_fragment {
  packet content;                        ///< begins with its IP header
  std::size_t header_size = 0;           ///< of the headers before the payload
  std::size_t fragment_header_size = 0;  ///< of IPv6; these bytes are the last of the headers
  std::uint16_t next_header_at = 0;      ///< of IPv6: where in them `next_header` belongs
  ip_protocol next_header{};             ///< of IPv6
  std::uint16_t offset = 0;              ///< of its payload, in bytes
  std::uint16_t size = 0;                ///< of its payload
  bool more_fragments = false;
  std::uint8_t traffic_class = 0;
  bool to_group = false;        ///< nobody may answer it with an error
  std::uint32_t interface = 0;  ///< which it came in by
};

/// Who is told of packets that were not completed in time and whose first fragment is there.
class incomplete_packets {
 public:
  virtual void incomplete(const incoming_fragment& first) = 0;

 protected:
  ~incomplete_packets() = default;
};

class reassembly {
 public:
  reassembly(context& shared, incomplete_packets& events);
  ~reassembly();
  reassembly(const reassembly&) = delete;
  reassembly& operator=(const reassembly&) = delete;

  /// The whole packet, with the headers of its first fragment brought up to date, when `added`
  /// completes it; else no packet.
  packet add(const fragment_key& key, incoming_fragment&& added);

  /// Memory that fragments hold.
  std::size_t bytes() const noexcept { return bytes_; }
  /// Packets in the making, and those whose late fragments are still to be refused.
  std::size_t size() const noexcept { return by_age_.size(); }

 private:
  struct unfinished : timer_node {
    unfinished(reassembly& owner_, const fragment_key& key_) noexcept : owner(owner_), key(key_) {}

    reassembly& owner;
    fragment_key key;
    std::vector<incoming_fragment> pieces;  // by offset, without overlaps
    std::size_t received = 0;               // bytes of payload
    std::optional<std::size_t> end;         // of the payload, once the last fragment is there
    std::size_t memory = 0;
    unsigned ecn_seen = 0;  // bit n: a fragment had the codepoint n (RFC 3168, section 5.3)
    bool refused = false;
  };
  using by_age = std::list<unfinished>;

  enum class outcome : std::uint8_t { kept, duplicate, overlap, malformed };

  unfinished& find_or_begin(const fragment_key& key);
  static outcome insert(unfinished& whole, incoming_fragment& added);
  packet complete(unfinished& whole);
  bool make_room(const unfinished& for_whom, std::size_t memory);
  void refuse(unfinished& whole) noexcept;
  void release(unfinished& whole) noexcept;
  void expire(unfinished& late);
  void erase(unfinished& ended) noexcept;

  context& context_;
  incomplete_packets& events_;
  by_age by_age_;  // oldest first
  std::unordered_map<fragment_key, by_age::iterator, fragment_key_hash> index_;
  std::unordered_map<ip_address, std::size_t, address_hash> bytes_by_source_;
  std::size_t bytes_ = 0;
};

}  // namespace pentad::native
