#include "pentad/runtime/frame_pool.hpp"

#include <sys/mman.h>

#include <utility>

namespace pentad {
namespace {

// mmap aligns to pages only: map twice as much and return what lies outside the aligned half.
void* map_aligned(std::size_t size) {
  void* mapped =
      ::mmap(nullptr, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  char* start = static_cast<char*>(mapped);
  const std::size_t before = (size - (reinterpret_cast<std::uintptr_t>(start) & (size - 1))) % size;
  if (before != 0) ::munmap(start, before);
  ::munmap(start + before + size, size - before);
  return start + before;
}

}  // namespace

frame_pool::slab* frame_pool::fresh_slab() {
  constexpr std::size_t header = (sizeof(slab) + step - 1) / step * step;
  void* memory = spare_;
  if (memory != nullptr) {
    spare_ = spare_->next;
    --spares_;
  } else {
    memory = map_aligned(slab_size);
  }
  return new (memory) slab{nullptr, nullptr, nullptr, 0, static_cast<std::uint32_t>(header), false};
}

void frame_pool::retire(slab& unused) noexcept {
  if (spares_ == most_spares) {
    ::munmap(&unused, slab_size);
    return;
  }
  unused.next = spare_;
  spare_ = &unused;
  ++spares_;
}

void* frame_pool::take_slowly(std::size_t index) {
  const std::size_t size = index == 0 ? step : index * step;
  for (;;) {
    slab* home = open_[index];
    if (home == nullptr) {
      home = fresh_slab();
      link(*home, index);
    }
    if (block* taken = home->free) {
      home->free = taken->next;
      ++home->used;
      return taken;
    }
    if (home->fresh + size <= slab_size) {
      void* taken = reinterpret_cast<char*>(home) + home->fresh;
      home->fresh += static_cast<std::uint32_t>(size);
      ++home->used;
      return taken;
    }
    unlink(*home, index);
    home->full = true;
  }
}

void frame_pool::reopen(slab& home, std::size_t index) noexcept {
  if (home.full) {
    home.full = false;
    link(home, index);
  }
  // One stays with its size, which a program at the edge of a slab needs again at once.
  if (home.used == 0 && (home.next != nullptr || home.previous != nullptr)) {
    unlink(home, index);
    retire(home);
  }
}

void frame_pool::trim() noexcept {
  while (spare_ != nullptr) ::munmap(std::exchange(spare_, spare_->next), slab_size);
  spares_ = 0;
  for (std::size_t index = 0; index < classes; ++index) {
    for (slab* home = open_[index]; home != nullptr;) {
      slab* next = home->next;
      if (home->used == 0) {
        unlink(*home, index);
        ::munmap(home, slab_size);
      }
      home = next;
    }
  }
}

void frame_pool::link(slab& home, std::size_t index) noexcept {
  home.previous = nullptr;
  home.next = open_[index];
  if (home.next != nullptr) home.next->previous = &home;
  open_[index] = &home;
}

void frame_pool::unlink(slab& home, std::size_t index) noexcept {
  (home.previous != nullptr ? home.previous->next : open_[index]) = home.next;
  if (home.next != nullptr) home.next->previous = home.previous;
}

}  // namespace pentad
