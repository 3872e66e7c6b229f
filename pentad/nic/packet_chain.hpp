// Packets one behind the other, linked through their buffers: a queue that counts nothing.
#pragma once

#include "pentad/nic/packet.hpp"

namespace pentad {

class packet_chain {
 public:
  packet_chain() = default;
  packet_chain(packet_chain&& other) noexcept { swap(other); }
  packet_chain& operator=(packet_chain&& other) noexcept {
    packet_chain(std::move(other)).swap(*this);
    return *this;
  }
  ~packet_chain() { clear(); }

  /// What follows `leader`, which it is taken from.
  [[nodiscard]] static packet_chain of_followers(packet& leader) noexcept {
    packet_chain taken;
    taken.first_ = std::exchange(leader.buffer_->first_follower, nullptr);
    taken.last_ = leader.buffer_->last_follower;
    return taken;
  }

  void swap(packet_chain& other) noexcept {
    std::swap(first_, other.first_);
    std::swap(last_, other.last_);
  }

  [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }

  /// Appends a packet, which may not be an empty handle.
  void push(packet added) noexcept {
    packet_buffer& buffer = added.release();
    buffer.next = nullptr;
    (first_ != nullptr ? last_->next : first_) = &buffer;
    last_ = &buffer;
  }

  /// Puts a packet, which may not be an empty handle, before the first one.
  void push_front(packet added) noexcept {
    packet_buffer& buffer = added.release();
    buffer.next = first_;
    if (first_ == nullptr) last_ = &buffer;
    first_ = &buffer;
  }

  /// Takes the first packet; an empty handle from an empty chain.
  packet pop() noexcept {
    if (first_ == nullptr) return {};
    packet taken(*first_);
    first_ = first_->next;
    return taken;
  }

  /// Moves all of `other` behind the last one.
  void append(packet_chain& other) noexcept {
    if (other.empty()) return;
    (first_ != nullptr ? last_->next : first_) = other.first_;
    last_ = other.last_;
    other.first_ = nullptr;
  }

  void clear() noexcept {
    while (packet dropped = pop()) {
    }
  }

 private:
  packet_buffer* first_ = nullptr;
  packet_buffer* last_ = nullptr;  // anything while it is empty
};

}  // namespace pentad
