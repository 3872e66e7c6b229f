// What is in flight and what is known of it: when each part was sent, whether the peer holds it
// (RFC 2018), whether it counts as lost (RFC 6675, section 4). Parts of one fate are one entry, so
// that there are as many as there are differences, not segments.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "pentad/base/clock.hpp"
#include "pentad/wire/tcp_options.hpp"
#include "pentad/wire/tcp_sequence.hpp"

namespace pentad::native {

class sack_scoreboard {
 public:
  struct range {
    wire::tcp_sequence first;
    wire::tcp_sequence end;
    std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(end - first); }
  };

  /// What one acknowledgement tells of what was in flight.
  struct delivery {
    std::uint32_t bytes = 0;      ///< that have left the network
    bool sent_again = false;      ///< some of what is acknowledged: nobody knows which copy came
    bool first_copy = false;      ///< some of what counts as lost and was not sent again
    bool reordered = false;       ///< a part came after one that was sent later
    instant oldest_sent = never;  ///< of what was sent once
    // Of all, what was sent last (RFC 8985, section 6.2, step 2).
    instant latest_sent{};
    wire::tcp_sequence latest_end;
    bool latest_was_sent_again = false;
    bool has_latest = false;

    /// Something was delivered, all of it in order and sent once.
    bool is_usual() const noexcept { return has_latest && !sent_again && !reordered; }
  };

  /// Nothing is in flight, and `first` goes next.
  void begin(wire::tcp_sequence first) noexcept;

  bool empty() const noexcept { return start_ == end_; }
  wire::tcp_sequence end() const noexcept { return end_; }
  /// Bytes that are thought to be in the network (RFC 6675, section 4).
  std::uint32_t pipe() const noexcept { return in_flight() - sacked_ - lost_ - duplicates_; }
  /// Bytes that the peer holds beyond what it acknowledges.
  std::uint32_t sacked() const noexcept { return sacked_; }
  /// Bytes that are to be sent again.
  std::uint32_t lost() const noexcept { return lost_; }
  /// Whether any of it was sent again.
  bool has_sent_again() const noexcept { return sent_again_; }
  std::size_t entries() const noexcept { return parts_.size() - front_; }

  /// New bytes up to `end` were sent.
  void sent(wire::tcp_sequence end, instant now);
  /// `again`, which lies in one part, was sent again.
  void sent_again(range again, instant now);

  /// All before `to` has arrived.
  void acknowledged(wire::tcp_sequence to, delivery& news);
  /// So has what lies in `block` (RFC 2018, section 5).
  void sacked(const wire::tcp_sack_block& block, delivery& news);
  /// Of a peer without SACK: a segment of at most `size` bytes has arrived, nobody knows which.
  void duplicate(std::uint32_t size, delivery& news) noexcept;
  void forget_duplicates() noexcept { duplicates_ = 0; }

  /// The oldest `size` bytes, or less, are lost.
  void lose_first(std::uint32_t size);
  /// All that the peer does not hold is lost. It has dropped what it said it holds if that is the
  /// oldest (RFC 2018, section 8): then this is lost, too.
  void lose_all();
  /// Nothing is lost: what seems to be is on its way.
  void lose_nothing() noexcept;
  /// What was sent before the part up to `end`, sent at `delivered`, is lost if
  /// it was sent at `deadline` or before. Returns when the oldest of the others
  /// was sent; `never` without others.
  instant lose_sent_before(instant delivered, wire::tcp_sequence end, instant deadline);

  /// The oldest bytes that are to be sent again, `most` at most.
  std::optional<range> first_lost(std::uint32_t most) const noexcept;
  /// The last bytes that were sent, `most` at most.
  range last(std::uint32_t most) const noexcept;

 private:
  // Ends where the next begins.
  struct part {
    wire::tcp_sequence end;
    bool sacked = false;
    bool lost = false;
    bool again = false;  // sent more than once
    instant sent_at;
  };

  // A peer could make as many differences as there are bytes. What would need more is not noted.
  static constexpr std::size_t most_parts = 8192;

  std::uint32_t in_flight() const noexcept { return static_cast<std::uint32_t>(end_ - start_); }
  wire::tcp_sequence first_of(std::size_t i) const noexcept {
    return i == front_ ? start_ : parts_[i - 1].end;
  }
  std::uint32_t size_of(std::size_t i) const noexcept {
    return static_cast<std::uint32_t>(parts_[i].end - first_of(i));
  }
  std::size_t part_after(wire::tcp_sequence number) const noexcept;
  void split(wire::tcp_sequence at);
  void delivered(const part& what, wire::tcp_sequence end, std::uint32_t size,
                 delivery& news) const noexcept;
  void compact() noexcept;

  std::vector<part> parts_;  // from `front_` on
  std::size_t front_ = 0;
  wire::tcp_sequence start_;
  wire::tcp_sequence end_;
  wire::tcp_sequence highest_delivered_;
  std::uint32_t sacked_ = 0;
  std::uint32_t lost_ = 0;
  std::uint32_t duplicates_ = 0;
  bool sent_again_ = false;
};

}  // namespace pentad::native
