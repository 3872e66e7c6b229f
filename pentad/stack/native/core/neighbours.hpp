// The hardware addresses of the hosts on one link: asked for, remembered, and checked when they may
// be out of date. The states and times are those of RFC 4861, section 7.3, for ARP, too.
#pragma once

#include <optional>

#include "pentad/base/lru_map.hpp"
#include "pentad/base/mac_address.hpp"
#include "pentad/nic/packet_queue.hpp"
#include "pentad/stack/native/core/address_hash.hpp"
#include "pentad/stack/native/core/context.hpp"

namespace pentad::native {

enum class neighbour_state : std::uint8_t {
  incomplete,  ///< asked for; packets wait
  reachable,   ///< confirmed not long ago
  stale,       ///< perhaps out of date; the next packet begins a check
  delay,       ///< used while out of date, for a moment
  probe,       ///< being asked whether it is still there
};

/// What a cache asks of its interface.
class neighbour_events {
 public:
  /// Ask who has `target`: all, or only the one who is thought to have it.
  virtual void solicit(const ip_address& target, const std::optional<mac_address>& known) = 0;
  virtual void transmit(packet&& packet_of_ip, const mac_address& to) = 0;
  /// Nobody has answered for `neighbour`, for which these packets have waited.
  virtual void silent(const ip_address& neighbour, packet_queue unsent) = 0;
  /// It has answered.
  virtual void answered(const ip_address& neighbour) = 0;

 protected:
  ~neighbour_events() = default;
};

class neighbour_cache {
 public:
  neighbour_cache(context& shared, neighbour_events& events);
  neighbour_cache(const neighbour_cache&) = delete;
  neighbour_cache& operator=(const neighbour_cache&) = delete;

  /// Sends an IP packet to a neighbour, now or when its address is known.
  void send(packet&& sent, const ip_address& next_hop);

  /// What an answer says of who sent it.
  struct advertisement {
    ip_address address;
    std::optional<mac_address> mac;
    bool solicited = false;  ///< it answers a question of this host
    bool overrides = false;  ///< it may replace another hardware address
  };

  /// An answer: an ARP reply or a neighbour advertisement (RFC 4861, section 7.2.5). Never makes an
  /// entry, so answers that nobody asked for cannot fill the cache.
  void advertised(const advertisement& heard);

  /// The sender of a question, which shows its address and not that it can be reached (RFC 826;
  /// RFC 4861, section 7.2.3). Makes an entry only if `asked_us`, and not in the place of one that
  /// is in use.
  void heard(const ip_address& address, const mac_address& mac, bool asked_us);

  /// Asks whether a neighbour is there, without a packet for it.
  void probe(const ip_address& neighbour);

  std::optional<neighbour_state> state(const ip_address& address);

  /// Where packets to a neighbour go, and until when without asking here again (or a change of
  /// `context::ways`); nothing if each has to be asked for.
  struct settled_neighbour {
    mac_address mac;
    instant until;
  };
  std::optional<settled_neighbour> settled(const ip_address& address);

  /// RFC 4861, section 6.3.4: as a router says for this link.
  void set_reachable_time(duration time) noexcept { reachable_ = time; }
  void set_retransmission_time(duration time) noexcept { retransmission_ = time; }
  duration retransmission_time() const noexcept { return retransmission_; }

  std::size_t size() const noexcept { return entries_.size(); }
  /// Memory of the packets that wait.
  std::size_t pending_bytes() const noexcept { return pending_bytes_; }

 private:
  struct entry : timer_node {
    entry(neighbour_cache& cache_, const ip_address& address_) noexcept
        : cache(cache_), address(address_) {}
    entry(const entry&) = delete;
    entry& operator=(const entry&) = delete;
    ~entry();

    neighbour_cache& cache;
    const ip_address address;
    neighbour_state state = neighbour_state::incomplete;
    unsigned solicitations = 0;  // sent in this state
    mac_address mac;
    instant confirmed{};
    instant reachable_until{};
    packet_queue pending;
    std::size_t pending_bytes = 0;
  };

  entry* make(const ip_address& address, bool for_ourselves);
  void keep(entry& waiting, packet&& kept);
  void drop_oldest(entry& waiting) noexcept;
  void flush(entry& resolved);
  void confirm(entry& confirmed);
  void expire(entry& expired);
  void ask(entry& asked, const std::optional<mac_address>& known);
  void give_up(entry& silent);

  context& context_;
  neighbour_events& events_;
  lru_map<ip_address, entry, address_hash> entries_;
  std::size_t pending_bytes_ = 0;
  duration reachable_;
  duration retransmission_;
};

}  // namespace pentad::native
