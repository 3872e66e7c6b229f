#include "pentad/nic/packet_pool.hpp"

#include <algorithm>
#include <new>

#include "pentad/nic/packet.hpp"

namespace pentad {
namespace {

constexpr std::align_val_t cache_line{64};

}  // namespace

packet_pool::~packet_pool() {
  assert(counters_.packets_in_use == 0);
  trim();
}

packet packet_pool::take(std::size_t size) {
  const std::size_t needed = size <= small_frame ? small_buffer : large_buffer;
  if (size > large_frame || counters_.packets_in_use >= limits_.packets || needed > limits_.bytes ||
      counters_.bytes_in_use > limits_.bytes - needed) {
    ++counters_.refusals;
    return {};
  }
  packet_buffer*& list = free_list(needed);
  packet_buffer& buffer = list != nullptr ? *list : allocate(needed);
  list = buffer.next;
  __builtin_prefetch(list, 1);  // the one that is taken next
  ++counters_.packets_in_use;
  counters_.bytes_in_use += needed;
  counters_.peak_packets = std::max(counters_.peak_packets, counters_.packets_in_use);
  counters_.peak_bytes = std::max(counters_.peak_bytes, counters_.bytes_in_use);
  buffer.begin = buffer.end = buffer.storage() + headroom;
  buffer.offload = {};
  buffer.passage = {};
  return packet(buffer);
}

packet packet_pool::copy(const packet& original) {
  packet made = take(original.size());
  if (made) {
    made.append(original.bytes());
    made.set_offload(original.offload());
  }
  return made;
}

void packet_pool::trim() noexcept {
  release(free_small_);
  release(free_large_);
}

// Free buffers of the other size count as held, so they go before the memory exceeds its limit.
packet_buffer& packet_pool::allocate(std::size_t buffer_size) {
  if (held_ + buffer_size > limits_.bytes) trim();
  auto* const buffer = new (::operator new(buffer_size, cache_line)) packet_buffer;
  buffer->pool = this;
  buffer->capacity = static_cast<std::uint32_t>(buffer_size - sizeof(packet_buffer));
  held_ += buffer_size;
  return *buffer;
}

void packet_pool::release(packet_buffer*& list) noexcept {
  while (list != nullptr) {
    packet_buffer* const buffer = std::exchange(list, list->next);
    held_ -= buffer_size(*buffer);
    ::operator delete(buffer, cache_line);
  }
}

}  // namespace pentad
