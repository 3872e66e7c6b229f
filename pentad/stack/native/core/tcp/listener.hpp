// A listening TCP: SYNs become half-open connections, small ones, and those that answer become
// connections that wait to be accepted. Both queues are bounded.
#pragma once

#include "pentad/base/timer_queue.hpp"
#include "pentad/stack/native/core/tcp/connection.hpp"
#include "pentad/stack/native/core/tcp/held_port.hpp"

namespace pentad::native {

class half_open;

class listener {
 public:
  listener(tcp& owner, held_port&& at, unsigned backlog)
      : owner_(owner), port_(std::move(at)), backlog_(backlog) {}
  ~listener();
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  const endpoint& local() const noexcept { return port_.local(); }

  /// The connection that has waited longest; null if there is none.
  connection* accept() noexcept;
  bool has_waiting() const noexcept { return first_waiting_ != nullptr; }
  /// How many wait to be accepted, and how many may.
  unsigned waiting() const noexcept { return waiting_; }
  unsigned backlog() const noexcept { return backlog_; }

  /// Stops listening: half-open and waiting connections are reset. The listener is gone after it.
  void close();

  void* user = nullptr;

 private:
  friend class tcp;
  friend class half_open;

  bool takes(const endpoint& to) const noexcept;
  void arrived_syn(segment& syn);
  void established(half_open& answered, segment& last);
  unsigned most_tries() const noexcept;
  bool queue_is_full() const noexcept { return waiting_ > backlog_; }
  void push(connection& made) noexcept;

  tcp& owner_;
  held_port port_;
  unsigned backlog_;
  unsigned waiting_ = 0;
  unsigned half_open_count_ = 0;
  unsigned young_count_ = 0;  // of the half-open, those whose SYN was answered only once
  connection* first_waiting_ = nullptr;
  connection** last_waiting_ = &first_waiting_;
  half_open* first_half_open_ = nullptr;
  list_hook<listener> event_hook_;
};

/// A connection of which only the SYN has arrived.
class half_open final : public demultiplexed, private timer_node {
 public:
  half_open(listener& at, const segment& syn, const tcp_agreement& agreed);
  ~half_open();

  /// A segment for it. It may be gone after this.
  void arrived(segment& incoming);

  void send_syn_ack();

 private:
  friend class listener;

  void expired();
  void send_acknowledgment();
  std::uint16_t receive_window() const noexcept;
  wire::tcp_timestamps make_timestamps() const noexcept;

  listener& listener_;
  half_open* next_ = nullptr;
  half_open* previous_ = nullptr;
  tcp_agreement agreed_;
  instant begun_;
  std::uint8_t tries_ = 0;
  bool answered_ = false;  // its acknowledgement came while the accept queue was full
};

}  // namespace pentad::native
