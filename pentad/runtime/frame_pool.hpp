// Memory of coroutine frames and environments: slabs of equal blocks per size, one pool a thread.
// A block has no header, so an idle connection pays for its frame and nothing else. Slabs without a
// block in use go back to the system, but for a few: tasks come in bursts. Under AddressSanitizer
// every block comes from the heap instead, so that it sees each use after free.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>

#if defined(__SANITIZE_ADDRESS__)
#define PENTAD_POOLS_FRAMES 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PENTAD_POOLS_FRAMES 0
#endif
#endif
#if !defined(PENTAD_POOLS_FRAMES)
#define PENTAD_POOLS_FRAMES 1
#endif

namespace pentad {

class frame_pool {
 public:
  /// A block of at least `size` bytes, aligned to 16. Throws std::bad_alloc.
  void* take(std::size_t size) {
#if PENTAD_POOLS_FRAMES
    if (const std::size_t index = (size + step - 1) / step; index < classes) {
      if (slab* home = open_[index]; home != nullptr && home->free != nullptr) {
        block* taken = home->free;
        home->free = taken->next;
        ++home->used;
        return taken;
      }
      return take_slowly(index);
    }
#endif
    return ::operator new(size);
  }

  /// Gives back what `take(size)` gave, on the same thread.
  void give(void* memory, std::size_t size) noexcept {
#if PENTAD_POOLS_FRAMES
    if (const std::size_t index = (size + step - 1) / step; index < classes) {
      slab* home = slab_of(memory);
      home->free = new (memory) block{home->free};
      if (--home->used == 0 || home->full) reopen(*home, index);
      return;
    }
#else
    static_cast<void>(size);
#endif
    ::operator delete(memory);
  }

  /// Returns the slabs without a block in use to the system.
  void trim() noexcept;

 private:
  static constexpr std::size_t step = 16;
  static constexpr std::size_t classes = 129;  // up to 2 KiB; a larger frame is the heap's
  static constexpr std::size_t slab_size = std::size_t{64} << 10;

  struct block {
    block* next;
  };
  struct slab {
    slab* next;
    slab* previous;
    block* free;
    std::uint32_t used;
    std::uint32_t fresh;  // offset of the first block never given out: untouched pages stay so
    bool full;            // not in the list of its size
  };

  static constexpr std::size_t most_spares = 16;

  static slab* slab_of(void* memory) noexcept {
    return reinterpret_cast<slab*>(reinterpret_cast<std::uintptr_t>(memory) & ~(slab_size - 1));
  }

  slab* fresh_slab();
  void retire(slab& unused) noexcept;
  void* take_slowly(std::size_t index);
  void reopen(slab& home, std::size_t index) noexcept;
  void link(slab& home, std::size_t index) noexcept;
  void unlink(slab& home, std::size_t index) noexcept;

  slab* open_[classes];  // slabs with a free block, the one in use first
  slab* spare_;          // without a block in use, of no size
  std::size_t spares_;
};

/// The pool of this thread. Behaviour does not depend on it; it has no destructor, so that its use
/// costs no guard.
inline constinit thread_local frame_pool frames{};

}  // namespace pentad
