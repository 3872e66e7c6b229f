// Where packets come from: a bounded amount of memory in buffers of two sizes, one for frames as
// Ethernet carries them and one for super-segments.
#pragma once

#include <cstddef>
#include <cstdint>

#include "pentad/nic/packet_offload.hpp"
#include "pentad/nic/packet_passage.hpp"

namespace pentad {

class packet;
class packet_pool;

/// The front of each buffer of a pool; the bytes follow it. Seen by packets, pools and queues only.
struct packet_buffer {
  std::byte* begin = nullptr;  ///< of the frame
  std::byte* end = nullptr;
  packet_pool* pool = nullptr;
  packet_buffer* next = nullptr;  ///< in a queue or in the pool's list of free buffers
  packet_buffer* first_follower = nullptr;
  packet_buffer* last_follower = nullptr;  ///< anything without a first
  std::uint32_t capacity = 0;              ///< bytes that follow this header
  packet_offload offload;
  packet_passage passage;

  std::byte* storage() noexcept { return reinterpret_cast<std::byte*>(this + 1); }
};

/// What a pool may hold in use at a time; also the most memory that it keeps.
struct packet_pool_limits {
  std::size_t packets = 16384;
  std::size_t bytes = std::size_t{64} << 20;  ///< of whole buffers
};

struct packet_pool_counters {
  std::size_t packets_in_use = 0;
  std::size_t bytes_in_use = 0;  ///< of whole buffers
  std::size_t peak_packets = 0;
  std::size_t peak_bytes = 0;
  std::uint64_t refusals = 0;  ///< packets not given because of a limit
};

/// Belongs to one thread, as its packets do, and must outlive them. The buffer given back last is
/// taken first, because the cache still holds it.
class packet_pool {
 public:
  /// Room in front of the frame of a fresh packet.
  static constexpr std::size_t headroom = 128;

  static constexpr std::size_t small_buffer = 2048;
  static constexpr std::size_t large_buffer = std::size_t{66} * 1024;

  /// The longest frame of a small buffer: Ethernet's, with tags.
  static constexpr std::size_t small_frame = small_buffer - sizeof(packet_buffer) - headroom;
  /// The longest frame of all: an IP packet of 65,535 bytes behind an Ethernet header fits.
  static constexpr std::size_t large_frame = large_buffer - sizeof(packet_buffer) - headroom;

  explicit packet_pool(const packet_pool_limits& limits = {}) noexcept : limits_(limits) {}
  ~packet_pool();
  packet_pool(const packet_pool&) = delete;
  packet_pool& operator=(const packet_pool&) = delete;

  /// A frame of no bytes yet, without offload, with `headroom` in front and room for `size` bytes
  /// at least. No packet when a limit is reached or `size` is more than `large_frame`. Throws
  /// bad_alloc when the machine has no memory.
  packet take(std::size_t size);

  /// A frame with the same bytes and offload, in memory of this pool; no packet as `take` has it.
  packet copy(const packet& original);

  /// Gives the memory of free buffers back to the system.
  void trim() noexcept;

  /// Of all buffers, in use or free.
  [[nodiscard]] std::size_t held_bytes() const noexcept { return held_; }

  [[nodiscard]] const packet_pool_counters& counters() const noexcept { return counters_; }
  [[nodiscard]] const packet_pool_limits& limits() const noexcept { return limits_; }

 private:
  friend class packet;

  static std::size_t buffer_size(const packet_buffer& buffer) noexcept {
    return buffer.capacity + sizeof(packet_buffer);
  }

  packet_buffer*& free_list(std::size_t buffer_size) noexcept {
    return buffer_size == small_buffer ? free_small_ : free_large_;
  }

  packet_buffer& allocate(std::size_t buffer_size);
  void release(packet_buffer*& list) noexcept;

  void give(packet_buffer& buffer) noexcept {
    const std::size_t size = buffer_size(buffer);
    --counters_.packets_in_use;
    counters_.bytes_in_use -= size;
    packet_buffer*& list = free_list(size);
    buffer.next = list;
    list = &buffer;
  }

  packet_pool_limits limits_;
  packet_pool_counters counters_;
  std::size_t held_ = 0;
  packet_buffer* free_small_ = nullptr;
  packet_buffer* free_large_ = nullptr;
};

}  // namespace pentad
