// Connections of which only the SYN has arrived. A flood makes as many of them as there may be, so
// that each is as small as can be (RFC 4987, section 3.4): the addresses packed, the timer a place
// in line.
#pragma once

#include <array>
#include <memory>

#include "pentad/base/timer_queue.hpp"
#include "pentad/stack/native/core/tcp/agreement.hpp"
#include "pentad/stack/native/core/tcp/rto.hpp"
#include "pentad/stack/native/core/tcp/tuple_hash.hpp"

namespace pentad::native {

class listener;

class half_open {
 public:
  half_open(listener& of_listener, const five_tuple& of, const tcp_agreement& agreed) noexcept;

  listener& at() const noexcept { return *listener_; }
  five_tuple tuple() const noexcept;
  bool is_between(const five_tuple& tuple) const noexcept;

  /// What both have said in their SYNs; not the peer's window, which its next segment tells.
  tcp_agreement agreed() const noexcept;

  /// How often its SYN was answered again.
  unsigned tries() const noexcept { return tries_; }
  /// When it is to be answered again.
  instant due() const noexcept { return due_; }

 private:
  friend class half_open_table;
  using packed_address = std::array<std::byte, 16>;

  listener* listener_;
  half_open* next_in_bucket_ = nullptr;
  half_open* before_ = nullptr;  // in its line
  half_open* after_ = nullptr;
  instant due_{};
  packed_address local_{};
  packed_address remote_{};
  std::uint32_t local_scope_;
  std::uint32_t remote_scope_;
  wire::tcp_sequence initial_send_;
  wire::tcp_sequence initial_receive_;
  std::uint32_t recent_timestamp_;
  std::uint16_t local_port_;
  std::uint16_t remote_port_;
  std::uint16_t peer_segment_size_;
  std::uint8_t tries_ = 0;
  std::uint8_t send_scale_ : 4;
  std::uint8_t receive_scale_ : 4;
  bool is_v4_ : 1;
  bool timestamps_ : 1;
  bool sack_ : 1;
  bool ecn_ : 1;
  bool wants_cookie_ : 1;
};

static_assert(sizeof(half_open) <= 104, "there may be a flood of them");

/// All of one host, by their quintuple and by when they are due: then their listener is told. Those
/// whose SYN was answered equally often wait equally long, so that a line for each number of tries
/// is in order of time.
class half_open_table : private timer_node {
 public:
  half_open_table(siphash_key key, timer_queue& timers) noexcept;
  ~half_open_table();
  half_open_table(const half_open_table&) = delete;
  half_open_table& operator=(const half_open_table&) = delete;

  std::size_t size() const noexcept { return size_; }
  half_open* find(const five_tuple& tuple) const noexcept;

  /// There must be none with its tuple.
  half_open& add(std::unique_ptr<half_open> added, instant now);
  /// Its SYN was answered once more: it gets twice the time.
  void postpone(half_open& answered, instant now) noexcept;
  void remove(half_open& ended) noexcept;
  void remove_all_of(const listener& closed) noexcept;

  /// How long one waits for its answer.
  static duration patience(unsigned tries) noexcept;

  template <class Use>
  void for_each(Use use) const {
    for (const line& each : lines_) {
      for (const half_open* one = each.first; one != nullptr; one = one->after_) use(*one);
    }
  }

 private:
  struct line {
    half_open* first = nullptr;
    half_open* last = nullptr;
  };
  static constexpr std::size_t first_buckets = 64;
  static constexpr unsigned lines = 8;  // the last waits as long as any timer does

  half_open*& bucket(const five_tuple& tuple) const noexcept {
    return buckets_[tuple_hash(key_, tuple) & (count_ - 1)];
  }
  line& line_of(const half_open& one) noexcept;
  void queue(half_open& one, instant now) noexcept;
  void leave(half_open& one) noexcept;
  void schedule() noexcept;
  void expired();
  void grow();

  siphash_key key_;
  timer_queue& timers_;
  std::size_t count_ = first_buckets;
  std::size_t size_ = 0;
  std::unique_ptr<half_open*[]> buckets_;
  std::array<line, lines> lines_{};
};

}  // namespace pentad::native
