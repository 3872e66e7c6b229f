// The bytes of a connection that are in order and wait for the program: the packets that brought
// them, lent to the program as they are or copied out.
#pragma once

#include <algorithm>
#include <cstring>

#include "pentad/nic/packet_chain.hpp"
#include "pentad/stack/native/core/packet_memory.hpp"
#include "pentad/stack/native/core/tcp/counted_memory.hpp"

namespace pentad::native {

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
    const bool wastes = memory_.own() + held_memory(added) > most_waste * bytes_ + unfilled;
    if (last_ && added.size() <= last_.tailroom() && (added.size() <= most_copied || wastes)) {
      last_.append(std::as_const(added).bytes());
      last_.set_passage(added.passage());
      return;
    }
    memory_ += held_memory(added);
    if (last_) older_.push(std::move(last_));
    last_ = std::move(added);
  }

  /// Copies into `buffer` and returns how much. `passage`, unless null, is told that of the packet
  /// which has brought the last of it.
  std::size_t read(std::span<std::byte> buffer, packet_passage* passage) noexcept {
    std::size_t copied = 0;
    while (copied < buffer.size() && bytes_ != 0) {
      packet oldest = pop();
      const std::size_t step = std::min(buffer.size() - copied, oldest.size());
      std::memcpy(buffer.data() + copied, oldest.bytes().data(), step);
      copied += step;
      bytes_ -= step;
      oldest.remove_prefix(step);
      if (passage != nullptr) *passage = oldest.passage();
      if (oldest.size() != 0) {
        older_.push_front(std::move(oldest));
      } else {
        memory_ -= held_memory(oldest);
      }
    }
    return copied;
  }

  /// The oldest bytes as the packet that holds them; empty from an empty queue.
  packet take() noexcept {
    if (bytes_ == 0) return {};
    packet oldest = pop();
    bytes_ -= oldest.size();
    memory_ -= held_memory(oldest);
    return oldest;
  }

  void clear() noexcept {
    last_ = packet();
    older_.clear();
    bytes_ = 0;
    memory_.clear();
  }

 private:
  static constexpr std::size_t most_copied = 512;
  static constexpr std::size_t most_waste = 4;
  static constexpr std::size_t unfilled = packet_pool::large_buffer;

  packet pop() noexcept { return older_.empty() ? std::move(last_) : older_.pop(); }

  packet_chain older_;
  packet last_;  // may still grow
  std::size_t bytes_ = 0;
  counted_memory memory_;
};

}  // namespace pentad::native
