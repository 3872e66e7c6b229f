// One TCP connection (RFC 9293): its control block, what its program may call, and what happens to
// it. Files beside this one hold the parts: connection_receive, connection_acknowledge,
// connection_recovery, connection_send, connection_timers and connection_close.
#pragma once

#include <optional>

#include "pentad/base/timer_queue.hpp"
#include "pentad/stack/native/core/ip_packet.hpp"
#include "pentad/stack/native/core/linked_list.hpp"
#include "pentad/stack/native/core/tcp/agreement.hpp"
#include "pentad/stack/native/core/tcp/congestion_control.hpp"
#include "pentad/stack/native/core/tcp/demultiplexer.hpp"
#include "pentad/stack/native/core/tcp/disorder.hpp"
#include "pentad/stack/native/core/tcp/fast_open_memory.hpp"
#include "pentad/stack/native/core/tcp/flight.hpp"
#include "pentad/stack/native/core/tcp/keep_alive.hpp"
#include "pentad/stack/native/core/tcp/receive_queue.hpp"
#include "pentad/stack/native/core/tcp/receive_tuning.hpp"
#include "pentad/stack/native/core/tcp/rto.hpp"
#include "pentad/stack/native/core/tcp/segment.hpp"
#include "pentad/stack/native/core/tcp/send_buffer.hpp"
#include "pentad/stack/native/core/tcp/tcp_settings.hpp"

namespace pentad::native {

class listener;
class tcp;

/// RFC 9293, section 3.3.2. Half-open connections of listeners and those in TIME-WAIT are smaller
/// things of their own; LISTEN is a listener.
enum class tcp_state : std::uint8_t {
  syn_sent,
  syn_received,  ///< after a simultaneous open
  established,
  fin_wait_1,
  fin_wait_2,
  close_wait,
  closing,
  last_ack,
  closed,
};

/// How long the peer took to answer our SYN; zero if that is not known.
struct handshake {
  duration round_trip{};
  bool sent_again = false;  ///< our SYN, so that nobody knows which one was answered (Karn)
};

class connection final : public demultiplexed, private timer_node {
 public:
  // What a program can find out and do.

  tcp_state state() const noexcept { return state_; }
  /// errno, once the connection has failed.
  int error() const noexcept { return error_; }
  /// Whether its program can use it: with fast open that may be before the handshake has ended.
  bool is_connected() const noexcept { return early_ || !is_opening(); }
  bool is_opening() const noexcept {
    return state_ == tcp_state::syn_sent || state_ == tcp_state::syn_received;
  }

  /// Bytes that wait to be read, and whether none will come after them.
  std::size_t readable() const noexcept { return received_.bytes(); }
  /// The peer has announced its end, or the program does not want to hear more: what happens to the
  /// connection later does not matter to a reader.
  bool is_read_to_the_end() const noexcept {
    return received_.empty() && (fin_received_ || receive_shut_);
  }
  bool at_end() const noexcept {
    return is_read_to_the_end() || (received_.empty() && state_ == tcp_state::closed);
  }
  std::size_t read(std::span<std::byte> buffer);
  /// The oldest bytes as the packet that holds them; an empty one if there are none.
  packet take();

  /// Bytes that `write` would take; 0 after the end was announced.
  std::size_t writable() const noexcept;
  std::size_t write(std::span<const std::byte> bytes);

  /// Whether its end was announced, or the connection is over.
  bool cannot_send() const noexcept { return send_shut_ || state_ == tcp_state::closed; }

  /// Does not wait any longer for bytes that could go with the SYN (RFC 7413).
  void begin_early();

  /// Announces the end of what is sent.
  void shutdown_send();
  /// What still arrives is acknowledged and forgotten.
  void shutdown_receive();
  /// The program has let go: the connection ends by itself, orderly unless `reset`, or unless there
  /// are bytes that nobody will read.
  void release(bool reset);

  void set_no_delay(bool on) noexcept { no_delay_ = on; }
  void set_keep_alive(const tcp_keep_alive& wanted);
  /// How long what is sent may stay unacknowledged; zero: as long as it is sent again.
  void set_user_timeout(duration limit) noexcept;
  /// Bytes; who says how many does without tuning.
  void set_send_buffer(std::size_t bytes) noexcept {
    send_limit_ = bytes;
    tunes_send_ = false;
  }
  void set_receive_buffer(std::size_t bytes) noexcept {
    receive_limit_ = bytes;
    tunes_receive_ = false;
    receive_tuning_.reset();
  }
  std::size_t send_limit() const noexcept { return send_limit_; }
  std::size_t receive_limit() const noexcept { return receive_limit_; }

  // How it is doing.

  const retransmission_timeout& timeout() const noexcept { return rto_; }
  const congestion_control& congestion() const noexcept { return congestion_; }
  /// Whether it is sending again what acknowledgements have shown to be lost.
  bool in_recovery() const noexcept {
    return flight_ != nullptr && flight_->now == flight::phase::recovery;
  }
  /// What is known of what is in flight; null when nothing was since the connection rested.
  const flight* in_flight_state() const noexcept { return flight_.get(); }
  std::uint32_t segment_size() const noexcept { return segment_size_; }
  std::uint32_t in_flight() const noexcept {
    return static_cast<std::uint32_t>(send_next_ - send_unacknowledged_);
  }
  std::uint64_t bytes_acknowledged() const noexcept { return bytes_acknowledged_; }
  std::uint64_t bytes_received() const noexcept { return bytes_received_; }
  std::uint64_t retransmits() const noexcept { return retransmits_; }
  std::size_t send_queue() const noexcept { return sent_.size(); }

  /// Its packets carry `number` and, below it, the place of their last byte among all that are sent
  /// (`packet_passage`). 0: nobody traces it.
  void trace_passage(std::uint32_t number);
  /// Of the packet that brought what was read last; nothing unless it is traced.
  packet_passage passage_of_read() const noexcept {
    return traced_ != nullptr ? traced_->read : packet_passage{};
  }
  /// The next sequence number that is expected, and the end of the window that was offered.
  wire::tcp_sequence receive_next() const noexcept { return receive_next_; }
  wire::tcp_sequence receive_edge() const noexcept { return receive_edge_; }
  /// Bytes of memory that are held for it beside itself.
  std::size_t memory() const noexcept {
    return sent_.size() + received_.memory() +
           (disorder_ != nullptr ? disorder_->segments.memory() : 0);
  }

  void* user = nullptr;  ///< whose connection it is; null once released

 private:
  friend class tcp;
  friend class listener;

  connection(tcp& owner, const five_tuple& of, const path& way);
  ~connection();

  // Opening.
  void open(wire::tcp_sequence initial);                              // active
  void establish(const tcp_agreement& agreed, const handshake& how);  // passive
  void become_established();
  void open_fast(wire::tcp_sequence initial);
  void establish_early(const tcp_agreement& agreed, segment& syn);
  void take_early_acknowledgment(const segment& incoming);
  std::uint32_t bytes_in_syn(std::uint32_t header_size) const noexcept;
  void ask_for_cookie(wire::tcp_options& options) const;
  void end_early(bool by_reset) noexcept;
  void agree(const tcp_agreement& agreed);
  tcp_agreement agreement_from(const segment& syn) const;

  // Arrivals.
  void arrived(segment& incoming);
  std::uint32_t take_from_row(wire::tcp_sequence first, packet_chain& row);
  void arrived_in_syn_sent(segment& incoming);
  bool answers_simultaneous_syn(const segment& incoming) const noexcept;
  void take_syn(segment& incoming);
  bool passes_paws(const segment& incoming);
  bool is_in_window(const segment& incoming) const noexcept;
  void arrived_reset(const segment& incoming);
  bool is_receiving() const noexcept {
    return state_ == tcp_state::established || state_ == tcp_state::fin_wait_1 ||
           state_ == tcp_state::fin_wait_2;
  }
  void arrived_text(segment& incoming);
  void note_size(std::uint32_t payload) noexcept {
    largest_received_ = std::max(largest_received_, std::min(payload, segment_size_));
  }
  void deliver(packet payload);
  void deliver_reordered();
  void arrived_fin();
  void schedule_acknowledgment(std::uint32_t size);
  void acknowledge_now();
  void challenge();
  void answer_invalid(const segment& incoming);
  bool may_answer_invalid() noexcept;
  bool may_keep(const packet& in_order) const noexcept;
  void keep_out_of_order(wire::tcp_sequence first, packet payload);

  bool arrived_acknowledgment(const segment& incoming);
  // What one acknowledgement says.
  struct told {
    bool advances = false;      // something new is acknowledged
    bool is_duplicate = false;  // RFC 5681, section 2: the definition
    bool in_vain = false;       // what was sent again had come before (RFC 2883)
    bool all_in_vain = false;   // all of it, as far as it slowed us down
    bool marked = false;        // by routers, to say that there is congestion (RFC 3168)
    std::uint32_t bytes = 0;    // of the program's, acknowledged
    sack_scoreboard::delivery delivered;
  };
  void advance_acknowledged(wire::tcp_sequence to, const segment& incoming, told& news);
  void measure_round_trip(const segment& incoming, const told& news);

  // What is lost, and what is done about it.
  void learn(const segment& incoming, told& news);
  void take_sacks(const segment& incoming, told& news);
  void detect_losses(const told& news);
  void detect_by_duplicates(const told& news);
  void detect_by_time(const told& news);
  void enter_recovery();
  void leave_recovery();
  void reduce_window(std::uint32_t delivered, bool is_good);
  void respond(const told& news, bool lost_more);
  void grow_window(const told& news);
  void pay_growth();
  void slow_down_for_marks();
  void watch_tail() noexcept;
  void flight_expired(instant time);
  void lose_all_in_flight();
  bool was_no_loss(const segment& incoming, const told& news);
  void judge_timeout(const told& news);
  void undo_reduction();
  void arrived_as_usual(const told& news);
  void end_flight();
  std::uint32_t congested_flight() const noexcept;
  std::uint32_t pipe() const noexcept { return flight_ != nullptr ? flight_->board.pipe() : 0; }
  void update_send_window(const segment& incoming);
  void fin_was_acknowledged();

  // Sending.
  bool send_next();
  bool has_more_to_send() const noexcept;
  bool send_syn();
  bool send_lost();
  bool send_again(const sack_scoreboard::range& range);
  bool send_new();
  bool send_fresh(std::uint32_t size, bool with_fin);
  bool send_tail_probe();
  std::uint32_t payload_room() const noexcept;
  void wait_for_window();
  void restart_after_silence() noexcept;
  bool send_probe();
  std::uint32_t sendable() const noexcept;
  bool transmit(wire::tcp_sequence from, std::uint32_t size, wire::tcp_flags flags);
  std::uint32_t transmit_row(std::uint32_t size, wire::tcp_flags flags);
  std::uint32_t most_at_once(std::uint32_t segment) const noexcept;
  std::size_t place_of(wire::tcp_sequence number) const noexcept;
  packet packet_for(std::uint32_t size);
  void acknowledges() noexcept;
  void mark_passage(packet& sent, wire::tcp_sequence end) const noexcept;
  template <class Header>
  void emit(packet payload, const wire::internet_sum& sum, const Header& header, std::uint32_t size,
            wire::ip_ecn mark);
  wire::tcp_header make_header(wire::tcp_sequence from, wire::tcp_flags flags);
  wire::plain_tcp_header make_plain_header(wire::tcp_sequence from, wire::tcp_flags flags);
  wire::tcp_timestamps make_timestamps() const noexcept;
  std::uint16_t syn_window() const noexcept;
  // Whether segments have no options but timestamps, and so differ in little.
  bool sends_plain(wire::tcp_flags flags) const noexcept {
    return !flags.has(wire::tcp_syn) && disorder_ == nullptr && !tells_user_timeout_;
  }
  std::uint32_t advertise();
  std::uint32_t new_window() const noexcept;
  void offer_more_window();
  void tune_receive_buffer(std::size_t read);
  void tune_send_buffer(std::uint32_t flown) noexcept;
  wire::tcp_sequence data_end() const noexcept;
  bool sends_fin() const noexcept {
    return send_shut_ && !fin_acknowledged_ && state_ != tcp_state::closed;
  }
  bool sends_fin_now(wire::tcp_sequence end) const noexcept;
  void note_twice(const segment& incoming);
  disorder& make_disorder();
  void end_disorder() noexcept {
    if (disorder_ != nullptr && disorder_->is_over()) disorder_.reset();
  }
  void send_reset();
  void want_output();

  // Timers.
  void schedule(instant deadline) noexcept;
  instant first_deadline() const noexcept;
  void expired();
  void retransmission_expired();
  void probe_expired();
  void ask_whether_alive();
  void restart_retransmission_timer() noexcept;
  void hear_user_timeout(const wire::tcp_user_timeout& limit) noexcept;
  instant user_patience_ends() const noexcept;
  bool gave_up(unsigned most_tries) const noexcept;
  void on_icmp(const path_error& error);
  void path_is_narrower(std::uint32_t mtu);
  void path_mtu_changed(std::uint32_t mtu);

  // Ending.
  void fail(int error);
  void finish();
  void enter_time_wait();
  void notify() noexcept;

  inline instant now() const noexcept;

  static constexpr std::uint32_t header_room = 120;

  tcp& owner_;
  list_hook<connection> output_hook_;  // in the list of those with something to send
  list_hook<connection> event_hook_;   // in the list of those with news
  // In a listener's queue, then in the list of those who wait for memory to send from, then among
  // the dead: no two of them at a time.
  list_hook<connection> waiting_hook_;

  send_buffer sent_;  // from the first unacknowledged byte on
  receive_queue received_;

  retransmission_timeout rto_;
  congestion_control congestion_;
  std::unique_ptr<flight> flight_;                       // while something is in flight
  std::unique_ptr<fast_open_memory::ticket> fast_open_;  // while a client opens
  std::unique_ptr<receive_tuning> receive_tuning_;       // once much was received
  std::unique_ptr<disorder> disorder_;                   // while something is out of order
  std::unique_ptr<keep_alive> keep_alive_;               // if the program has asked for it
  // While somebody traces it.
  struct traced_passage {
    std::uint32_t sender;
    packet_passage read;
  };
  std::unique_ptr<traced_passage> traced_;
  duration least_round_trip_ = duration::max();

  // Send sequence space (RFC 9293, section 3.3.1).
  wire::tcp_sequence initial_send_;
  wire::tcp_sequence send_unacknowledged_;
  wire::tcp_sequence send_next_;
  wire::tcp_sequence window_update_sequence_;        // SND.WL1
  wire::tcp_sequence window_update_acknowledgment_;  // SND.WL2
  wire::tcp_sequence recover_;    // RFC 6582: what went before tells nothing of later losses
  wire::tcp_sequence small_end_;  // of the last segment that was not full
  std::uint32_t send_window_ = 0;
  std::uint32_t largest_send_window_ = 0;

  // Receive sequence space.
  wire::tcp_sequence receive_next_;
  wire::tcp_sequence receive_edge_;  // of the window that was offered; it never goes back
  wire::tcp_sequence last_acknowledged_;
  wire::tcp_sequence fin_at_;

  std::uint32_t segment_size_ = 536;  // what we send at most, without options of later segments
  std::uint32_t peer_limit_ = 536;    // the peer's MSS option
  std::uint32_t path_mtu_ = 1500;
  std::uint32_t segment_limit_ = 0;  // of a super-segment; 0: none
  std::uint32_t largest_received_ = 536;

  std::uint32_t recent_timestamp_ = 0;
  std::uint32_t timestamp_offset_ = 0;
  instant recent_timestamp_at_{};

  instant retransmit_at_ = never;
  instant probe_at_ = never;
  instant acknowledge_at_ = never;
  instant end_at_ = never;        // of FIN-WAIT-2 without a program
  instant try_again_at_ = never;  // to send, when packets were short
  instant first_unanswered_{};    // when what is unacknowledged now was sent, or the window closed
  instant last_sent_{};           // data
  instant answers_invalid_from_{};

  duration user_timeout_{};
  std::size_t send_limit_;
  std::size_t receive_limit_;

  std::uint64_t bytes_acknowledged_ = 0;
  std::uint64_t bytes_received_ = 0;
  std::uint64_t retransmits_ = 0;

  int error_ = 0;
  int soft_error_ = 0;  // what ICMP said; the reason if the connection times out
  std::uint32_t unacknowledged_bytes_ = 0;  // received since the last acknowledgement
  std::uint16_t quick_acks_;
  std::uint16_t tries_ = 0;  // of what is unacknowledged
  std::uint8_t duplicates_ = 0;
  rack::patience patience_;
  std::uint8_t send_scale_ = 0;
  std::uint8_t receive_scale_;
  tcp_state state_ = tcp_state::closed;

  bool gives_cookie_ = false;          // for a fast open, with our SYN
  bool user_timeout_is_ours_ = false;  // not the peer's
  bool tells_user_timeout_ = false;    // with the next segment
  bool tunes_send_ = true;
  bool tunes_receive_ = true;
  bool early_ = false;  // in use before its handshake has ended
  bool timestamps_ = false;
  bool sack_ = false;
  ecn_state ecn_;
  bool no_delay_ = true;
  bool checksum_offload_ = false;
  bool takes_rows_ = false;
  bool send_shut_ = false;
  bool receive_shut_ = false;
  bool fin_pending_ = false;  // arrived, ahead of what comes before it
  bool fin_received_ = false;
  bool fin_sent_ = false;
  bool fin_acknowledged_ = false;
  bool syn_wanted_ = false;
  bool probe_wanted_ = false;
  bool small_wanted_ = false;  // less than a segment, after waiting for the window to grow
  bool acknowledge_wanted_ = false;
  bool window_limited_ = false;
  bool released_ = false;
};

}  // namespace pentad::native
