// TCP of one host: its connections and listeners, what has arrived for them and what they have to
// send.
#pragma once

#include <array>
#include <map>
#include <memory>

#include "pentad/base/result.hpp"
#include "pentad/base/timer_queue.hpp"
#include "pentad/stack/native/core/block_pool.hpp"
#include "pentad/stack/native/core/network_layer.hpp"
#include "pentad/stack/native/core/passage_observer.hpp"
#include "pentad/stack/native/core/producer.hpp"
#include "pentad/stack/native/core/tcp/connection.hpp"
#include "pentad/stack/native/core/tcp/demultiplexer.hpp"
#include "pentad/stack/native/core/tcp/fast_open_cookies.hpp"
#include "pentad/stack/native/core/tcp/held_port.hpp"
#include "pentad/stack/native/core/tcp/listener.hpp"
#include "pentad/stack/native/core/tcp/syn_cookies.hpp"
#include "pentad/stack/native/core/tcp/tcp_counters.hpp"
#include "pentad/stack/native/core/tcp/tcp_settings.hpp"

namespace pentad::native {

class time_wait;

class tcp final : public transport, public producer {
 public:
  /// `seed` is secret: sequence numbers, ports and hashes come from it.
  tcp(network_layer& network, packet_pool& packets, timer_queue& timers,
      const tcp_settings& settings, std::uint64_t seed);
  ~tcp();

  // For whoever stands above.

  /// Holds a local port for a socket, any free one for port 0. Errors: `address_in_use`,
  /// `address_not_available`.
  result<held_port> bind(const endpoint& local, bool v6_only, bool reuse_port);

  /// Listeners that share a port get their connections by turns that no peer can choose.
  listener& listen(held_port&& at, unsigned backlog);
  /// Both steps in one. Errors: those of `bind`.
  result<listener*> listen(const endpoint& local, bool v6_only, unsigned backlog, bool reuse_port,
                           instant now);

  /// Begins a connection; its event comes when it is made or has failed. A local port 0 means any.
  /// Errors: `address_in_use`, `address_not_available`, `network_unreachable`,
  /// `no_buffer_space` beyond the bound of connections.
  result<connection*> connect(const endpoint& local, const endpoint& remote, instant now) {
    return connect(local, remote, now, false);
  }
  /// With fast open (RFC 7413) to a server that has allowed it, the connection is there for its
  /// program at once, and begins with its first bytes.
  result<connection*> connect(const endpoint& local, const endpoint& remote, instant now,
                              bool fast_open);

  /// What `client` must show so that its SYN may carry data (RFC 7413, section 4.1.2).
  wire::tcp_fast_open_cookie fast_open_cookie(const ip_address& client) const noexcept {
    return fast_opens_.make(client, now_);
  }

  /// The next connection or listener with news, once for each; null when there are none.
  connection* next_connection_event() noexcept { return with_news_.pop_front(); }
  listener* next_listener_event() noexcept { return listeners_with_news_.pop_front(); }

  /// Whether nothing is to be sent, and every connection that its program has let go knows that all
  /// of it has arrived.
  bool is_settled() const noexcept;

  /// Must be called with the time before anything else in each step.
  void set_time(instant now) noexcept override { now_ = now; }

  /// Who is told of packets of connections that are traced; null: nobody.
  void observe(passage_observer* observer) noexcept { observer_ = observer; }

  // For the core.

  bool deliver(incoming_packet&& arrived, instant now) override;
  void failed(const path_error& error, instant now) override;

  bool has_output() const noexcept override { return !with_output_.empty(); }

  /// Sends segments, `most` at most, of those who have some, in turn.
  void produce(std::size_t most, instant now) override;

  const tcp_counters& counters() const noexcept { return counters_; }
  const tcp_settings& settings() const noexcept { return settings_; }
  /// Connections of all states, half open and in TIME-WAIT included.
  std::size_t size() const noexcept { return table_.size() + half_open_.size(); }
  /// What a segment for `tuple` would find; null for half-open connections, listeners and nobody.
  const demultiplexed* find(const five_tuple& tuple) const noexcept { return table_.find(tuple); }
  const half_open* find_half_open(const five_tuple& tuple) const noexcept {
    return half_open_.find(tuple);
  }
  /// Calls `use` for each that `find` can find, each half-open connection, each listener.
  template <class Use>
  void for_each(Use use) const {
    table_.any_of([&](const demultiplexed& each) {
      use(each);
      return false;
    });
  }
  template <class Use>
  void for_each_half_open(Use use) const {
    half_open_.for_each(use);
  }
  template <class Use>
  void for_each_listener(Use use) const {
    for (const auto& [at, each] : listeners_) use(*each);
  }
  /// Bytes of memory that what was received holds, for all connections.
  std::size_t receive_memory() const noexcept { return receive_memory_; }
  /// Bytes of memory that all send buffers hold.
  std::size_t send_memory() const noexcept { return blocks_.used() * block_pool::block_size; }

 private:
  friend class connection;
  friend class listener;
  friend class time_wait;

  void dispatch(segment& incoming);
  void dispatch_row(segment& first, packet_chain payloads);
  listener* find_listener(const five_tuple& tuple) const noexcept;
  void arrived_for_listener(listener& at, segment& incoming);
  void answer_with_reset(const segment& incoming);
  void send_bare(const five_tuple& tuple, const wire::tcp_header& header);
  bool may_challenge() noexcept;

  wire::tcp_sequence initial_sequence(const five_tuple& tuple) noexcept;
  std::uint32_t timestamp_offset(const five_tuple& tuple) noexcept;
  std::uint32_t timestamp_clock() const noexcept;
  std::uint16_t offered_segment_size(const five_tuple& tuple) const;
  result<std::uint16_t> choose_port(const endpoint& local, const endpoint& remote);
  template <class IsFree>
  std::uint16_t first_ephemeral(std::uint64_t start, IsFree is_free) const;
  std::uint64_t draw() noexcept;

  void begun_early(connection& served, listener& by);
  void ended_early(const connection& served, bool by_reset) noexcept;
  void forget_early(const listener& closed) noexcept;
  connection& make_connection(const five_tuple& tuple, const path& way);
  void want_output(connection& who) noexcept;
  void notify(connection& who) noexcept;
  void notify(listener& who) noexcept;
  void await_send_memory(connection& who) noexcept;
  void offer_send_memory() noexcept;
  void bury(connection& ended) noexcept;
  void reap() noexcept;
  void forget(connection& ended) noexcept;
  void remove(listener& closed) noexcept;

  passage_observer* observer_ = nullptr;
  network_layer& network_;
  packet_pool& packets_;
  timer_queue& timers_;
  tcp_settings settings_;
  tcp_counters counters_;
  siphash_key key_;
  std::uint64_t drawn_;
  instant now_{};
  block_pool blocks_;
  flight_pool flights_;
  std::size_t receive_memory_ = 0;
  demultiplexer table_;
  half_open_table half_open_;
  syn_cookies cookies_;
  fast_open_cookies fast_opens_;
  fast_open_memory servers_;
  std::map<const connection*, listener*> served_early_;  // few: before the end of their handshake
  local_ports ports_;
  std::multimap<endpoint, std::unique_ptr<listener>> listeners_;

  linked_list<connection, &connection::output_hook_> with_output_;
  linked_list<connection, &connection::event_hook_> with_news_;
  linked_list<connection, &connection::waiting_hook_> without_memory_;
  linked_list<connection, &connection::waiting_hook_> dead_;
  linked_list<listener, &listener::event_hook_> listeners_with_news_;

  instant challenge_second_{};
  std::uint64_t challenges_left_ = 0;
};

// Asked many times for each segment.
inline instant connection::now() const noexcept { return owner_.now_; }

}  // namespace pentad::native
