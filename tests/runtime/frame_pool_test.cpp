#include "pentad/runtime/frame_pool.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <random>
#include <set>
#include <vector>

#if !PENTAD_POOLS_FRAMES
#include <sanitizer/asan_interface.h>
#endif

namespace pentad {
namespace {

TEST(frame_pool, gives_aligned_memory_of_every_size) {
  frame_pool pool{};
  for (std::size_t size = 1; size <= 5000; ++size) {
    void* taken = pool.take(size);
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(taken) % 16, 0U) << size;
    std::memset(taken, 0xa5, size);
    pool.give(taken, size);
  }
  pool.trim();
}

// 100,000 steps of a fixed seed: each block is filled when it is taken and must be unchanged when
// it is given back.
TEST(frame_pool, never_gives_the_same_memory_twice) {
  struct taken {
    unsigned char* memory;
    std::size_t size;
    unsigned char mark;
  };
  frame_pool pool{};
  std::mt19937 random(20260101);
  std::vector<taken> all;
  const auto give_one = [&](std::size_t index) {
    const taken given = all[index];
    for (std::size_t i = 0; i < given.size; ++i) ASSERT_EQ(given.memory[i], given.mark);
    pool.give(given.memory, given.size);
    all[index] = all.back();
    all.pop_back();
  };
  for (int step = 0; step < 100'000; ++step) {
    // Grows to some thousand blocks, then shrinks again, over and over.
    const bool growing = step / 5000 % 2 == 0;
    if (all.empty() || (random() % 4 != 0) == growing) {
      const std::size_t size = 1 + random() % (random() % 8 == 0 ? 4000 : 400);
      auto* memory = static_cast<unsigned char*>(pool.take(size));
      const auto mark = static_cast<unsigned char>(random());
      std::memset(memory, mark, size);
      all.push_back({memory, size, mark});
    } else {
      give_one(random() % all.size());
    }
  }
  while (!all.empty()) give_one(all.size() - 1);
  pool.trim();
}

#if PENTAD_POOLS_FRAMES

constexpr std::size_t slab_size = std::size_t{64} << 10;

void* slab_of(void* memory) {
  return reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(memory) & ~(slab_size - 1));
}

bool is_mapped(void* slab) {
  unsigned char resident[slab_size / 4096];
  return ::mincore(slab, slab_size, resident) == 0 || errno != ENOMEM;
}

TEST(frame_pool, lends_what_came_back_last) {
  frame_pool pool{};
  void* first = pool.take(200);
  void* second = pool.take(200);
  EXPECT_NE(first, second);
  pool.give(first, 200);
  EXPECT_EQ(pool.take(193), first);  // sizes count in steps of 16
  pool.give(second, 200);
  EXPECT_EQ(pool.take(208), second);
  pool.give(first, 200);
  pool.give(second, 200);
  pool.trim();
}

TEST(frame_pool, wastes_no_header_on_a_block) {
  frame_pool pool{};
  auto* first = static_cast<char*>(pool.take(96));
  auto* second = static_cast<char*>(pool.take(96));
  EXPECT_EQ(second - first, 96);
  pool.give(first, 96);
  pool.give(second, 96);
  pool.trim();
}

TEST(frame_pool, returns_slabs_without_a_block_in_use_but_for_a_few) {
  frame_pool pool{};
  std::vector<void*> blocks;
  std::set<void*> slabs;
  while (slabs.size() < 64) {
    blocks.push_back(pool.take(512));
    slabs.insert(slab_of(blocks.back()));
  }
  for (void* each : blocks) pool.give(each, 512);
  std::size_t mapped = 0;
  for (void* each : slabs) mapped += is_mapped(each) ? 1 : 0;
  EXPECT_EQ(mapped, 17U) << "one of its size, and 16 for whatever is needed next";
  pool.trim();
  for (void* each : slabs) EXPECT_FALSE(is_mapped(each));
}

TEST(frame_pool, uses_a_slab_again_for_blocks_of_another_size) {
  frame_pool pool{};
  std::vector<void*> blocks;
  std::set<void*> slabs;
  while (slabs.size() < 4) {
    blocks.push_back(pool.take(512));
    slabs.insert(slab_of(blocks.back()));
  }
  for (void* each : blocks) pool.give(each, 512);
  std::vector<void*> others;
  std::set<void*> other_slabs;
  while (other_slabs.size() < 3) {
    others.push_back(pool.take(96));
    std::memset(others.back(), 0x5a, 96);
    other_slabs.insert(slab_of(others.back()));
  }
  for (void* each : other_slabs) EXPECT_TRUE(slabs.contains(each));
  EXPECT_EQ(std::set<void*>(others.begin(), others.end()).size(), others.size());
  for (void* each : others) pool.give(each, 96);
  pool.trim();
}

TEST(frame_pool, trims_only_what_nobody_uses) {
  frame_pool pool{};
  auto* kept = static_cast<char*>(pool.take(64));
  void* other = pool.take(1024);
  std::strcpy(kept, "still here");
  pool.give(other, 1024);
  pool.trim();
  EXPECT_TRUE(is_mapped(slab_of(kept)));
  EXPECT_FALSE(is_mapped(slab_of(other)));
  EXPECT_STREQ(kept, "still here");
  pool.give(kept, 64);
  pool.trim();
  EXPECT_FALSE(is_mapped(slab_of(kept)));
}

TEST(frame_pool, fills_the_holes_of_a_full_slab) {
  frame_pool pool{};
  std::vector<void*> blocks;
  for (int i = 0; i < 1000; ++i) blocks.push_back(pool.take(256));
  std::set<void*> holes;
  for (std::size_t i = 0; i < blocks.size(); i += 2) {
    holes.insert(blocks[i]);
    pool.give(blocks[i], 256);
  }
  for (std::size_t i = 0; i < blocks.size(); i += 2) {
    blocks[i] = pool.take(256);
    EXPECT_EQ(holes.count(blocks[i]), 1U);
  }
  for (void* each : blocks) pool.give(each, 256);
  pool.trim();
}

TEST(frame_pool, leaves_large_frames_to_the_heap) {
  frame_pool pool{};
  void* large = pool.take(3000);
  pool.give(large, 3000);
  pool.trim();
}

#else

// AddressSanitizer only sees the use of a dead frame if frames are the heap's.
TEST(frame_pool, hides_nothing_from_address_sanitizer) {
  frame_pool pool{};
  void* volatile taken = pool.take(96);  // volatile: the compiler must not know that it is dead
  EXPECT_EQ(__asan_address_is_poisoned(taken), 0);
  pool.give(taken, 96);
  EXPECT_EQ(__asan_address_is_poisoned(taken), 1);
}

#endif

}  // namespace
}  // namespace pentad
