// One frame in a pooled buffer, with room in front for the headers that are written last.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstring>
#include <span>
#include <utility>

#include "pentad/nic/packet_pool.hpp"

namespace pentad {

/// The handle of one frame; it gives the buffer back when it dies. An empty handle is no packet;
/// then only `operator bool` and assignment may be called. Cheap to move: one pointer. Taken from a
/// `packet_pool`, which must outlive it.
class [[nodiscard]] packet {
 public:
  packet() = default;
  packet(packet&& other) noexcept : buffer_(std::exchange(other.buffer_, nullptr)) {}
  packet& operator=(packet&& other) noexcept {
    packet(std::move(other)).swap(*this);
    return *this;
  }
  ~packet() {
    if (buffer_ == nullptr) return;
    if (buffer_->first_follower != nullptr) drop_followers();
    buffer_->pool->give(*buffer_);
  }

  void swap(packet& other) noexcept { std::swap(buffer_, other.buffer_); }

  explicit operator bool() const noexcept { return buffer_ != nullptr; }

  /// The frame. Valid until the packet changes size or dies.
  [[nodiscard]] std::span<std::byte> bytes() noexcept { return {buffer_->begin, buffer_->end}; }
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept {
    return {buffer_->begin, buffer_->end};
  }
  [[nodiscard]] std::size_t size() const noexcept {
    return static_cast<std::size_t>(buffer_->end - buffer_->begin);
  }

  /// How much `prepend` and `append` may still add.
  [[nodiscard]] std::size_t headroom() const noexcept {
    return static_cast<std::size_t>(buffer_->begin - buffer_->storage());
  }
  [[nodiscard]] std::size_t tailroom() const noexcept { return buffer_->capacity - used(); }

  /// Grows the frame by `count` bytes, headroom() at most, in front of it. Returns these bytes;
  /// they hold anything.
  std::span<std::byte> prepend(std::size_t count) noexcept {
    assert(count <= headroom());
    buffer_->begin -= count;
    return {buffer_->begin, count};
  }

  /// Grows the frame by `count` bytes, tailroom() at most, behind it. Returns these bytes; they
  /// hold anything.
  std::span<std::byte> append(std::size_t count) noexcept {
    assert(count <= tailroom());
    buffer_->end += count;
    return {buffer_->end - count, count};
  }

  /// Appends a copy of `bytes`.
  void append(std::span<const std::byte> bytes) noexcept {
    if (!bytes.empty()) std::memcpy(append(bytes.size()).data(), bytes.data(), bytes.size());
  }

  /// Drops the first `count` bytes, size() at most; they become headroom.
  void remove_prefix(std::size_t count) noexcept {
    assert(count <= size());
    buffer_->begin += count;
  }

  /// Drops all but the first `count` bytes, size() at most; they become tailroom.
  void truncate(std::size_t count) noexcept {
    assert(count <= size());
    buffer_->end = buffer_->begin + count;
  }

  [[nodiscard]] packet_offload offload() const noexcept { return buffer_->offload; }
  void set_offload(const packet_offload& offload) noexcept { buffer_->offload = offload; }

  /// What path tracing knows of it; a fresh packet, and a copy, nothing.
  [[nodiscard]] const packet_passage& passage() const noexcept { return buffer_->passage; }
  void set_passage(const packet_passage& passage) noexcept { buffer_->passage = passage; }

  /// Hangs `next`, which may not be an empty handle, behind the others that follow this packet: it
  /// goes where this one goes, and dies with it. Neither counts for the size of the other.
  void follow(packet next) noexcept {
    packet_buffer& added = next.release();
    added.next = nullptr;
    (buffer_->first_follower != nullptr ? buffer_->last_follower->next : buffer_->first_follower) =
        &added;
    buffer_->last_follower = &added;
  }
  [[nodiscard]] bool has_followers() const noexcept { return buffer_->first_follower != nullptr; }

  /// Whose memory it is.
  [[nodiscard]] packet_pool& pool() const noexcept { return *buffer_->pool; }

 private:
  friend class packet_pool;
  friend class packet_chain;

  explicit packet(packet_buffer& buffer) noexcept : buffer_(&buffer) {}

  [[nodiscard]] packet_buffer& release() noexcept { return *std::exchange(buffer_, nullptr); }

  void drop_followers() noexcept {
    while (packet_buffer* const each = buffer_->first_follower) {
      buffer_->first_follower = each->next;
      const packet dropped(*each);
    }
  }

  [[nodiscard]] std::size_t used() const noexcept {
    return static_cast<std::size_t>(buffer_->end - buffer_->storage());
  }

  packet_buffer* buffer_ = nullptr;
};

}  // namespace pentad
