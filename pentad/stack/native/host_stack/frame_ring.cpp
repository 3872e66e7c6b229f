#include "pentad/stack/native/host_stack/frame_ring.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace pentad::native {
namespace {

constexpr std::size_t alignment = alignof(std::max_align_t);

constexpr std::size_t aligned(std::size_t bytes) noexcept {
  return (bytes + alignment - 1) / alignment * alignment;
}

constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

}  // namespace

frame_ring::record& frame_ring::at(std::size_t place) noexcept {
  return *std::launder(reinterpret_cast<record*>(memory_.get() + place));
}

// Records are whole: one that does not fit before the end of the memory goes to its beginning.
std::size_t frame_ring::place_for(std::size_t needed) const noexcept {
  if (needed > size_) return nowhere;
  if (count_ == 0) return 0;
  if (end_ > first_) {
    if (size_ - end_ >= needed) return end_;
    return first_ >= needed ? 0 : nowhere;
  }
  return first_ - end_ >= needed ? end_ : nowhere;
}

bool frame_ring::push(const received_frame& about, std::span<const std::byte> head,
                      std::span<const std::byte> body, std::size_t kept) {
  const std::size_t needed = aligned(sizeof(record) + kept);
  const std::size_t place = place_for(needed);
  if (place == nowhere) return false;
  if (!memory_) memory_ = std::make_unique_for_overwrite<std::byte[]>(size_);
  record& made = *new (memory_.get() + place) record{about, kept, 0};
  std::byte* const bytes = memory_.get() + place + sizeof(record);
  const std::size_t of_head = std::min(head.size(), kept);
  if (of_head != 0) std::memcpy(bytes, head.data(), of_head);
  if (kept != of_head) std::memcpy(bytes + of_head, body.data(), kept - of_head);
  made.about.bytes = {bytes, kept};
  if (count_ == 0) {
    first_ = place;
  } else {
    at(last_).next = place;
  }
  last_ = place;
  end_ = place + needed;
  ++count_;
  return true;
}

bool frame_ring::pop(received_frame& frame) noexcept {
  if (is_read_) {
    is_read_ = false;
    if (--count_ != 0) first_ = at(first_).next;
  }
  if (count_ == 0) return false;
  frame = at(first_).about;
  is_read_ = true;
  return true;
}

}  // namespace pentad::native
