/// Somebody with whom the stack under test speaks TCP: it remembers what the stack has sent to it,
/// checks it, and makes segments whose numbers are relative to that. What either end sends is a
/// function of its place in the stream, so whatever arrives can be checked.

#pragma once

#include <cstdlib>
#include <iostream>
#include <optional>
#include <source_location>
#include <vector>

#include "pentad/stack/native/core/tcp/connection.hpp"
#include "pentad/wire/tcp.hpp"
#include "tests/fuzz/tcp_script.hpp"

namespace pentad::fuzz {

inline void require(bool condition, std::source_location where = std::source_location::current()) {
  if (condition) return;
  std::cerr << where.file_name() << ':' << where.line() << ": a promise is broken\n";
  std::abort();
}

/// The byte of a stream at an offset.
inline std::byte stream_byte(std::uint32_t offset) noexcept {
  return static_cast<std::byte>((offset * 2654435761U) >> 24);
}

class correspondent {
 public:
  five_tuple tuple;  ///< as the stack names it; without a local port there is no connection yet
  native::connection* program = nullptr;  ///< what a program of the stack holds
  std::uint32_t written = 0;              ///< by that program

  bool exists() const noexcept { return tuple.local.port != 0; }

  /// The stack has sent this.
  void hears(const wire::tcp_view& sent) {
    if (sent.flags().has(wire::tcp_rst)) return;
    if (sent.flags().has(wire::tcp_syn)) return hears_syn(sent);
    require(stack_initial_ && sent.flags().has(wire::tcp_ack));
    require(!expected_ || sent.acknowledgment() >= *expected_);
    expected_ = sent.acknowledgment();
    edge_ = wire::later(edge_, sent.acknowledgment() + sent.window());
    if (sent.options().timestamps) timestamp_ = sent.options().timestamps->value;
    const std::span<const std::byte> data = sent.payload();
    const auto offset = static_cast<std::uint32_t>(sent.sequence() - (*stack_initial_ + 1));
    for (std::uint32_t i = 0; i < data.size(); ++i) require(data[i] == stream_byte(offset + i));
    if (!data.empty()) {
      const wire::tcp_sequence end = sent.sequence() + static_cast<std::uint32_t>(data.size());
      require(offset + data.size() <= written && end <= offered_);
    }
    sent_end_ = wire::later(sent_end_, sent.sequence() + sent.sequence_length());
  }

  /// What it sends, with its payload.
  wire::tcp_header answer(const scripted_segment& wanted, std::uint32_t clock) {
    wire::tcp_header made;
    made.source_port = tuple.remote.port;
    made.destination_port = tuple.local.port;
    made.flags = wire::tcp_flags(wanted.flags);
    made.window = wanted.window;
    made.sequence = sequence_for(wanted) + static_cast<std::uint32_t>(wanted.sequence);
    const bool from_sent =
        wanted.acknowledgment_from == scripted_segment::acknowledgment_base::sent;
    made.acknowledgment =
        (from_sent ? sent_end_ : answered_) + static_cast<std::uint32_t>(wanted.acknowledgment);
    made.options.maximum_segment_size = wanted.segment_size;
    made.options.window_scale = wanted.scale;
    made.options.sack_permitted = wanted.sack_permitted;
    for (std::size_t i = 0; i < wanted.block_count; ++i) {
      const auto& [from, size] = wanted.blocks[i];
      const wire::tcp_sequence begin = answered_ + static_cast<std::uint32_t>(from);
      made.options.sack.add({begin, begin + static_cast<std::uint32_t>(size)});
    }
    if (wanted.timestamp) {
      made.options.timestamps = {clock + static_cast<std::uint32_t>(*wanted.timestamp),
                                 timestamp_ + static_cast<std::uint32_t>(wanted.echo)};
    }
    if (wanted.scale) {
      largest_scale_ = std::max(largest_scale_, std::min<unsigned>(*wanted.scale, 14));
    }
    if (made.flags.has(wire::tcp_ack) && made.acknowledgment <= sent_end_) {
      answered_ = wire::later(answered_, made.acknowledgment);
      const std::uint32_t window = std::uint32_t{made.window} << largest_scale_;
      offered_ = wire::later(offered_, made.acknowledgment + window);
    } else if (made.flags.has(wire::tcp_syn)) {
      first_window_ = std::max<std::uint32_t>(first_window_, made.window);
      offered_ = wire::later(offered_, answered_ + 1 + first_window_);
    }
    return made;
  }

  /// The payload of a segment from `first` on.
  std::vector<std::byte> payload(wire::tcp_sequence first, std::uint32_t size) const {
    const auto offset = static_cast<std::uint32_t>(first - (initial_ + 1));
    std::vector<std::byte> made(size);
    for (std::uint32_t i = 0; i < size; ++i) made[i] = stream_byte(offset + i);
    return made;
  }

  /// The stack's program holds a connection with it from now on.
  void attach(native::connection& held) {
    program = &held;
    written = 0;
    seen_.reset();
  }

  /// What must hold of the connection after each event.
  void check(std::size_t most_memory) {
    if (program == nullptr) return;
    const standing now{program->receive_next(), program->receive_edge(), program->state()};
    require(program->memory() <= most_memory);
    require(program->bytes_acknowledged() <= written);
    require(program->send_queue() + program->bytes_acknowledged() <= written ||
            program->state() == native::tcp_state::closed);
    // A fast open is connected before the peer has said anything.
    if (!program->is_connected() || program->state() == native::tcp_state::syn_sent) return;
    if (seen_) {
      require(now.next >= seen_->next && now.edge >= seen_->edge);
      require(seen_->state != native::tcp_state::closed || now.state == native::tcp_state::closed);
    } else if (now.state != native::tcp_state::closed) {
      const auto received = static_cast<std::uint32_t>(program->bytes_received());
      first_byte_ = now.next - received - (has_seen_end(now.state) ? 1U : 0U);
      read_ = 0;
    }
    if (now.state == native::tcp_state::closed) require(program->writable() == 0);
    if (seen_ || now.state != native::tcp_state::closed) seen_ = now;
  }

  /// The program has read this.
  void check_read(std::span<const std::byte> bytes) {
    if (!first_byte_) return;
    const auto offset = static_cast<std::uint32_t>(*first_byte_ - (initial_ + 1)) + read_;
    for (std::uint32_t i = 0; i < bytes.size(); ++i) require(bytes[i] == stream_byte(offset + i));
    read_ += static_cast<std::uint32_t>(bytes.size());
  }

  /// The oldest number that the stack has in flight, as far as this end knows.
  wire::tcp_sequence answered() const noexcept { return answered_; }

 private:
  struct standing {
    wire::tcp_sequence next;
    wire::tcp_sequence edge;
    native::tcp_state state;
  };

  static bool has_seen_end(native::tcp_state state) noexcept {
    return state == native::tcp_state::close_wait || state == native::tcp_state::closing ||
           state == native::tcp_state::last_ack;
  }

  void hears_syn(const wire::tcp_view& syn) {
    const std::span<const std::byte> data = syn.payload();
    require(data.size() <= written);
    for (std::uint32_t i = 0; i < data.size(); ++i) require(data[i] == stream_byte(i));
    if (stack_initial_ != syn.sequence()) {
      stack_initial_ = answered_ = syn.sequence();
      sent_end_ = syn.sequence() + syn.sequence_length();
      offered_ = sent_end_ + first_window_;
    }
    expected_.reset();
    if (syn.flags().has(wire::tcp_ack)) {
      expected_ = syn.acknowledgment();
      edge_ = *expected_ + syn.window();
    }
    if (syn.options().timestamps) timestamp_ = syn.options().timestamps->value;
  }

  wire::tcp_sequence sequence_for(const scripted_segment& wanted) const noexcept {
    if (wanted.sequence_from == scripted_segment::sequence_base::edge) return edge_;
    const bool begins = wire::tcp_flags(wanted.flags).has(wire::tcp_syn);
    return begins || !expected_ ? initial_ : *expected_;
  }

  // Its stream crosses the end of the sequence numbers soon.
  wire::tcp_sequence initial_{0xffff'f000};
  std::optional<wire::tcp_sequence> stack_initial_;
  std::optional<wire::tcp_sequence> expected_;
  wire::tcp_sequence edge_;
  wire::tcp_sequence sent_end_;
  wire::tcp_sequence answered_;
  wire::tcp_sequence offered_;
  std::uint32_t first_window_ = 0;
  unsigned largest_scale_ = 0;
  std::uint32_t timestamp_ = 0;

  std::optional<standing> seen_;
  std::optional<wire::tcp_sequence> first_byte_;
  std::uint32_t read_ = 0;
};

}  // namespace pentad::fuzz
