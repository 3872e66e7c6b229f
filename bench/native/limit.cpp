// The limit of bulk between two stacks in one thread: one copy and two checksums for each segment
// of SIZE bytes, 1,460 if none is given, by the library's checksum, and nothing else.
//
// usage: limit SECONDS WARMUP [SIZE]; prints bytes a second.

#include <cstdlib>
#include <cstring>
#include <vector>

#include "bench/native/stopwatch.hpp"
#include "pentad/wire/checksum.hpp"

int main(int argc, char** argv) {
  if (argc < 3 || argc > 4) return 2;
  const std::size_t segment = argc == 4 ? static_cast<std::size_t>(std::atoll(argv[3])) : 1460;
  const std::size_t segments = 65536 / segment;  // what a program hands over at a time: 64 KiB
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
