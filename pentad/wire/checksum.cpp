#include "pentad/wire/checksum.hpp"

#include <algorithm>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace pentad::wire::detail {

namespace {

// The sum does not depend on the order of the bytes in a word as long as all words have the same
// (RFC 1071 section 2): words are added as the machine reads them, and the result is swapped once.

std::uint64_t load_64(const std::byte* from) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

/// Reads up to 7 bytes, with zeros behind them.
std::uint64_t load_tail(const std::byte* from, std::size_t size) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, from, size);
  return word;
}

std::uint64_t add_with_carry(std::uint64_t a, std::uint64_t b) noexcept {
  const std::uint64_t sum = a + b;
  return sum + (sum < a ? 1 : 0);
}

/// Where the bytes go that are summed: nowhere, or to a copy.
struct no_copy {
  void store_64(std::size_t, std::uint64_t) const noexcept {}
  void store_tail(std::size_t, std::uint64_t, std::size_t) const noexcept {}
#ifdef __SSE2__
  void store_128(std::size_t, __m128i) const noexcept {}
#endif
};

struct copy_to {
  std::byte* to;

  void store_64(std::size_t i, std::uint64_t word) const noexcept {
    std::memcpy(to + i, &word, sizeof word);
  }
  void store_tail(std::size_t i, std::uint64_t word, std::size_t size) const noexcept {
    std::memcpy(to + i, &word, size);
  }
#ifdef __SSE2__
  void store_128(std::size_t i, __m128i words) const noexcept {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + i), words);
  }
#endif
};

#ifdef __SSE2__

/// Adds eight 16-bit words to four 32-bit sums. The instruction that multiplies and adds pairs
/// takes words as signed, so each is moved down by 32,768 first.
__m128i add_eight(__m128i sums, __m128i words) noexcept {
  const __m128i moved = _mm_xor_si128(words, _mm_set1_epi16(INT16_MIN));
  return _mm_add_epi32(sums, _mm_madd_epi16(moved, _mm_set1_epi16(1)));
}

std::int64_t total(__m128i sums) noexcept {
  std::int32_t lanes[4];
  std::memcpy(lanes, &sums, sizeof lanes);
  return std::int64_t{lanes[0]} + lanes[1] + lanes[2] + lanes[3];
}

/// Sums as many whole blocks of 64 bytes as there are and moves `i` behind them.
template <class Copy>
std::uint64_t sum_blocks(std::span<const std::byte> bytes, std::size_t& i, Copy copy) noexcept {
  constexpr std::size_t block = 64;
  // A lane gets at most 65,536 from each vector; so many vectors keep it within 31 bits.
  constexpr std::size_t most_at_once = 8192 * block;

  std::uint64_t sum = 0;
  while (bytes.size() - i >= block) {
    const std::size_t end = i + std::min((bytes.size() - i) / block * block, most_at_once);
    const auto words = static_cast<std::int64_t>((end - i) / 2);
    __m128i a = _mm_setzero_si128();
    __m128i b = _mm_setzero_si128();
    for (; i != end; i += block) {
      const auto* from = reinterpret_cast<const __m128i*>(bytes.data() + i);
      const __m128i v0 = _mm_loadu_si128(from);
      const __m128i v1 = _mm_loadu_si128(from + 1);
      const __m128i v2 = _mm_loadu_si128(from + 2);
      const __m128i v3 = _mm_loadu_si128(from + 3);
      copy.store_128(i, v0);
      copy.store_128(i + 16, v1);
      copy.store_128(i + 32, v2);
      copy.store_128(i + 48, v3);
      a = add_eight(add_eight(a, v0), v1);
      b = add_eight(add_eight(b, v2), v3);
    }
    sum += static_cast<std::uint64_t>(total(a) + total(b) + words * 32768);
  }
  return sum;
}

#else

template <class Copy>
std::uint64_t sum_blocks(std::span<const std::byte>, std::size_t&, Copy) noexcept {
  return 0;
}

#endif

template <class Copy>
std::uint16_t sum(std::span<const std::byte> bytes, Copy copy) noexcept {
  std::size_t i = 0;
  std::uint64_t sum = sum_blocks(bytes, i, copy);
  for (; bytes.size() - i >= 8; i += 8) {
    const std::uint64_t word = load_64(bytes.data() + i);
    copy.store_64(i, word);
    sum = add_with_carry(sum, word);
  }
  if (const std::size_t left = bytes.size() - i; left != 0) {
    const std::uint64_t word = load_tail(bytes.data() + i, left);
    copy.store_tail(i, word, left);
    sum = add_with_carry(sum, word);
  }
  const std::uint16_t folded = fold(sum);
  return std::endian::native == std::endian::little ? std::byteswap(folded) : folded;
}

}  // namespace

std::uint16_t sum_words(std::span<const std::byte> bytes) noexcept { return sum(bytes, no_copy{}); }

std::uint16_t copy_and_sum_words(std::span<const std::byte> from, std::byte* to) noexcept {
  return sum(from, copy_to{to});
}

}  // namespace pentad::wire::detail
