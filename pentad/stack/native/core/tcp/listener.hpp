// A listening TCP: SYNs become half-open connections, small ones, and those that answer become
// connections that wait to be accepted. Both queues are bounded.
#pragma once

#include "pentad/stack/native/core/tcp/connection.hpp"
#include "pentad/stack/native/core/tcp/fast_open_queue.hpp"
#include "pentad/stack/native/core/tcp/half_open.hpp"
#include "pentad/stack/native/core/tcp/held_port.hpp"

namespace pentad::native {

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
  bool has_waiting() const noexcept { return !queue_.empty(); }
  /// How many wait to be accepted, and how many may.
  unsigned waiting() const noexcept { return waiting_; }
  unsigned backlog() const noexcept { return backlog_; }

  /// Takes data with SYNs of addresses that it knows (RFC 7413), of `most` connections at a time
  /// that are not yet established; 0: of none.
  void set_fast_open(unsigned most) noexcept { fast_opens_.set_most(most); }

  /// Stops listening: half-open and waiting connections are reset. The listener is gone after it.
  void close();

  void* user = nullptr;

 private:
  friend class tcp;
  friend class half_open_table;

  bool takes(const endpoint& to) const noexcept;
  // For nobody that is known yet.
  void arrived_syn(segment& syn);
  bool opens_fast(segment& syn, tcp_agreement& agreed);
  bool arrived_cookie(segment& last);
  // For a half-open connection. It may be gone after this.
  void arrived(half_open& at, segment& incoming);
  void arrived_syn_again(half_open& at, const segment& syn);
  void arrived_answer(half_open& at, segment& last);
  void expired(half_open& at);

  tcp_agreement agreement_from(const segment& syn) const;
  void establish(const five_tuple& tuple, const tcp_agreement& agreed, const handshake& how,
                 segment& last);
  void remember(const segment& syn, tcp_agreement agreed);
  void forget(half_open& ended) noexcept;
  void send_cookie(const segment& syn, tcp_agreement agreed);
  void send_syn_ack(const five_tuple& tuple, const tcp_agreement& agreed,
                    std::uint32_t clock) const;
  void send_acknowledgment(const half_open& at) const;
  std::uint32_t clock_for(const five_tuple& tuple) const noexcept;
  std::uint16_t receive_window() const noexcept;
  unsigned most_tries() const noexcept;
  bool queue_is_full() const noexcept { return waiting_ > backlog_; }
  void push(connection& made) noexcept;

  tcp& owner_;
  held_port port_;
  unsigned backlog_;
  unsigned waiting_ = 0;
  unsigned half_open_count_ = 0;
  unsigned young_count_ = 0;  // of the half-open, those whose SYN was answered only once
  linked_list<connection, &connection::waiting_hook_> queue_;
  fast_open_queue fast_opens_;
  instant cookies_until_{};  // none that was sent is good for longer
  list_hook<listener> event_hook_;
};

}  // namespace pentad::native
