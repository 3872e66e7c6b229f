// The speed of copy, checksum and both in one pass, from and to the same memory again and again, so
// that it is in the cache as a packet is that was just made.

#include "pentad/wire/checksum.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <span>
#include <vector>

namespace {

using pentad::wire::copy_and_checksum;
using pentad::wire::internet_sum;

constexpr std::size_t sizes[] = {64, 1460, 65536};
constexpr std::size_t rounds = 200;
constexpr std::size_t bytes_per_round = std::size_t{8} << 20;

std::uint64_t kept = 0;  // what was computed, so that computing it is not left out

/// Keeps the compiler from taking the memory for unchanged since the last time.
void touch(void* memory) { asm volatile("" : : "r"(memory) : "memory"); }

/// Gigabytes a second of the best round, each of which is short enough to go undisturbed on a busy
/// machine; `pass` is given both buffers.
template <class Pass>
double gigabytes_a_second(std::size_t size, Pass pass) {
  std::vector<std::byte> from(size, std::byte{0x5a});
  std::vector<std::byte> to(size);
  const std::size_t passes = bytes_per_round / size;
  double best = 0;
  for (std::size_t round = 0; round != rounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i != passes; ++i) {
      touch(from.data());
      kept += pass(std::span<const std::byte>{from}, std::span{to});
      touch(to.data());
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    best = std::max(best, static_cast<double>(passes * size) / seconds.count() / 1e9);
  }
  return best;
}

}  // namespace

int main() {
  std::puts("GB/s      copy  checksum  copy + checksum, one pass");
  for (const std::size_t size : sizes) {
    const double copy = gigabytes_a_second(size, [](auto from, auto to) -> std::uint64_t {
      std::memcpy(to.data(), from.data(), from.size());
      return 0;
    });
    const double checksum = gigabytes_a_second(
        size, [](auto from, auto) -> std::uint64_t { return internet_sum{from}.checksum(); });
    const double both = gigabytes_a_second(size, [](auto from, auto to) -> std::uint64_t {
      return copy_and_checksum(from, to).checksum();
    });
    std::printf("%5zu B  %6.1f  %8.1f  %15.1f\n", size, copy, checksum, both);
  }
  return kept == 0 ? 1 : 0;
}
