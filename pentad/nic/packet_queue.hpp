// Packets in order, first in, first out. They are linked through their buffers, so a queue
// allocates nothing.
#pragma once

#include "pentad/nic/packet_chain.hpp"

namespace pentad {

class packet_queue {
 public:
  packet_queue() = default;
  packet_queue(packet_queue&& other) noexcept { swap(other); }
  packet_queue& operator=(packet_queue&& other) noexcept {
    packet_queue(std::move(other)).swap(*this);
    return *this;
  }

  void swap(packet_queue& other) noexcept {
    chain_.swap(other.chain_);
    std::swap(count_, other.count_);
    std::swap(bytes_, other.bytes_);
  }

  [[nodiscard]] bool empty() const noexcept { return chain_.empty(); }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  /// The sum of the sizes of the frames.
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

  /// Appends a packet, which may not be an empty handle.
  void push(packet added) noexcept {
    ++count_;
    bytes_ += added.size();
    chain_.push(std::move(added));
  }

  /// Puts a packet, which may not be an empty handle, before the first one.
  void push_front(packet added) noexcept {
    ++count_;
    bytes_ += added.size();
    chain_.push_front(std::move(added));
  }

  /// Takes the first packet; an empty handle from an empty queue.
  packet pop() noexcept {
    packet taken = chain_.pop();
    if (taken) {
      --count_;
      bytes_ -= taken.size();
    }
    return taken;
  }

  /// Moves all of `other` behind the last one.
  void append(packet_queue& other) noexcept {
    chain_.append(other.chain_);
    count_ += std::exchange(other.count_, 0);
    bytes_ += std::exchange(other.bytes_, 0);
  }

  void clear() noexcept {
    chain_.clear();
    count_ = bytes_ = 0;
  }

 private:
  packet_chain chain_;
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace pentad
