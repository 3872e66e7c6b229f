// The limit of bulk between two stacks in one thread: one copy and two checksums for each segment
// of 1,460 bytes, by the library's checksum, and nothing else.
//
// usage: limit SECONDS WARMUP; prints bytes a second.

#include <cstdlib>
#include <cstring>
#include <vector>

#include "bench/native/stopwatch.hpp"
#include "pentad/wire/checksum.hpp"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  constexpr std::size_t segment = 1460;
  constexpr std::size_t segments = 44;  // what a program hands over at a time: 64 KiB
  std::vector<std::byte> from(segment * segments, std::byte{0x5a});
  std::vector<std::byte> to(from.size());
  std::uint64_t kept = 0;
  pentad::bench::stopwatch watch(std::atof(argv[2]), std::atof(argv[1]));
  do {
    for (std::size_t at = 0; at != from.size(); at += segment) {
      const std::span<const std::byte> source(from.data() + at, segment);
      std::memcpy(to.data() + at, source.data(), segment);
      kept += pentad::wire::internet_sum{source}.checksum();
      kept += pentad::wire::internet_sum{std::span(to).subspan(at, segment)}.checksum();
    }
    asm volatile("" : : "r"(from.data()), "r"(to.data()) : "memory");
  } while (watch.add(from.size()));
  std::printf("%.0f\n", watch.per_second());
  return kept == 0 ? 1 : 0;
}
