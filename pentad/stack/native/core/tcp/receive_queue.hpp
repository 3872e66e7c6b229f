// The bytes of a connection that are in order and wait for the program: the packets that brought
// them, lent to the program as they are or copied out.
#pragma once

#include <algorithm>
#include <cstring>

#include "pentad/nic/packet_queue.hpp"
#include "pentad/stack/native/core/tcp/counted_memory.hpp"

namespace pentad::native {

/// Memory that a packet holds, however little it carries.
inline std::size_t memory_of(const packet& held) noexcept {
  return held.headroom() + held.size() + held.tailroom();
}

class receive_queue {
 public:
  explicit receive_queue(std::size_t& memory_of_all) noexcept : memory_(memory_of_all) {}

  bool empty() const noexcept { return bytes_ == 0; }
  std::size_t bytes() const noexcept { return bytes_; }
  std::size_t memory() const noexcept { return memory_.own(); }

  /// Appends the payload that `added` consists of. A small one is copied behind the last, and any
  /// that fits if buffers are filled badly: memory is not much more than `most_waste` times the
  /// bytes, however they came.
  void push(packet added) {
    bytes_ += added.size();
    const bool wastes = memory_.own() + memory_of(added) > most_waste * bytes_ + unfilled;
    if (last_ && added.size() <= last_.tailroom() && (added.size() <= most_copied || wastes)) {
      last_.append(std::as_const(added).bytes());
      last_.set_passage(added.passage());
      return;
    }
    memory_ += memory_of(added);
    if (last_) older_.push(std::move(last_));
    last_ = std::move(added);
  }

  /// Copies into `buffer` and returns how much.
  std::size_t read(std::span<std::byte> buffer) noexcept {
    std::size_t copied = 0;
    while (copied < buffer.size() && bytes_ != 0) {
      advance();
      const std::size_t step = std::min(buffer.size() - copied, first_.size());
      std::memcpy(buffer.data() + copied, first_.bytes().data(), step);
      copied += step;
      bytes_ -= step;
      first_.remove_prefix(step);
      passage_of_read_ = first_.passage();
      if (first_.size() == 0) drop_first();
    }
    return copied;
  }

  /// The oldest bytes as the packet that holds them; empty from an empty queue.
  packet take() noexcept {
    if (bytes_ == 0) return {};
    advance();
    bytes_ -= first_.size();
    memory_ -= memory_of(first_);
    passage_of_read_ = first_.passage();
    return std::move(first_);
  }

  const packet_passage& passage_of_read() const noexcept { return passage_of_read_; }

  void clear() noexcept {
    first_ = packet();
    last_ = packet();
    older_.clear();
    bytes_ = 0;
    memory_.clear();
  }

 private:
  static constexpr std::size_t most_copied = 512;
  static constexpr std::size_t most_waste = 4;
  static constexpr std::size_t unfilled = packet_pool::large_buffer;

  void advance() noexcept {
    if (first_) return;
    first_ = older_.empty() ? std::move(last_) : older_.pop();
  }

  void drop_first() noexcept {
    memory_ -= memory_of(first_);
    first_ = packet();
  }

  packet first_;  // being read
  packet_queue older_;
  packet last_;  // may still grow
  packet_passage passage_of_read_;
  std::size_t bytes_ = 0;
  counted_memory memory_;
};

}  // namespace pentad::native
