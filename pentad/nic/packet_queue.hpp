// Packets in order, first in, first out. They are linked through their buffers, so a queue
// allocates nothing.
#pragma once

#include "pentad/nic/packet.hpp"

namespace pentad {

class packet_queue {
 public:
  packet_queue() = default;
  packet_queue(packet_queue&& other) noexcept { swap(other); }
  packet_queue& operator=(packet_queue&& other) noexcept {
    packet_queue(std::move(other)).swap(*this);
    return *this;
  }
  ~packet_queue() { clear(); }

  void swap(packet_queue& other) noexcept {
    std::swap(first_, other.first_);
    std::swap(last_, other.last_);
    std::swap(count_, other.count_);
    std::swap(bytes_, other.bytes_);
  }

  [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  /// The sum of the sizes of the frames.
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

  /// Appends a packet, which may not be an empty handle.
  void push(packet added) noexcept {
    ++count_;
    bytes_ += added.size();
    packet_buffer& buffer = added.release();
    buffer.next = nullptr;
    (last_ != nullptr ? last_->next : first_) = &buffer;
    last_ = &buffer;
  }

  /// Puts a packet, which may not be an empty handle, before the first one.
  void push_front(packet added) noexcept {
    ++count_;
    bytes_ += added.size();
    packet_buffer& buffer = added.release();
    buffer.next = first_;
    first_ = &buffer;
    if (last_ == nullptr) last_ = &buffer;
  }

  /// Takes the first packet; an empty handle from an empty queue.
  packet pop() noexcept {
    if (first_ == nullptr) return {};
    packet taken(*first_);
    first_ = first_->next;
    if (first_ == nullptr) last_ = nullptr;
    --count_;
    bytes_ -= taken.size();
    return taken;
  }

  /// Moves all of `other` behind the last one.
  void append(packet_queue& other) noexcept {
    if (other.empty()) return;
    (last_ != nullptr ? last_->next : first_) = other.first_;
    last_ = other.last_;
    count_ += other.count_;
    bytes_ += other.bytes_;
    other.first_ = other.last_ = nullptr;
    other.count_ = other.bytes_ = 0;
  }

  void clear() noexcept {
    while (packet dropped = pop()) {
    }
  }

 private:
  packet_buffer* first_ = nullptr;
  packet_buffer* last_ = nullptr;
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace pentad
