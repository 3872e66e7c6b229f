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

std::uint64_t add_with_carry(std::uint64_t a, std::uint64_t b) noexcept {
  const std::uint64_t sum = a + b;
  return sum + (sum < a ? 1 : 0);
}

/// Where the bytes go that are summed: nowhere, or to a copy.
struct no_copy {
  template <std::size_t Size>
  void store(std::size_t, std::uint64_t) const noexcept {}
#ifdef __SSE2__
  void store_128(std::size_t, __m128i) const noexcept {}
#endif
};

struct copy_to {
  std::byte* to;

  template <std::size_t Size>
  void store(std::size_t i, std::uint64_t word) const noexcept {
    std::memcpy(to + i, &word, Size);
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

/// Of four sums, the sum of which has 32 bits too.
std::int32_t total(__m128i sums) noexcept {
  sums = _mm_add_epi32(sums, _mm_shuffle_epi32(sums, _MM_SHUFFLE(1, 0, 3, 2)));
  sums = _mm_add_epi32(sums, _mm_shuffle_epi32(sums, _MM_SHUFFLE(2, 3, 0, 1)));
  return _mm_cvtsi128_si32(sums);
}

/// Sums as many whole vectors of 16 bytes as there are and moves `i` behind them.
template <class Copy>
std::uint64_t sum_vectors(std::span<const std::byte> bytes, std::size_t& i, Copy copy) noexcept {
  constexpr std::size_t vector = 16;
  constexpr std::size_t block = 4 * vector;
  // A vector adds at most 4 * 65,536: the sum of so many has 31 bits.
  constexpr std::size_t most_at_once = 8192 * vector;

  std::uint64_t sum = 0;
  while (bytes.size() - i >= vector) {
    const std::size_t first = i;
    const std::size_t end = i + std::min(bytes.size() - i, most_at_once);
    __m128i a = _mm_setzero_si128();
    __m128i b = _mm_setzero_si128();
    const auto load = [&](std::size_t at) {
      return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes.data() + at));
    };
    for (; end - i >= block; i += block) {
      const __m128i v0 = load(i);
      const __m128i v1 = load(i + vector);
      const __m128i v2 = load(i + 2 * vector);
      const __m128i v3 = load(i + 3 * vector);
      copy.store_128(i, v0);
      copy.store_128(i + vector, v1);
      copy.store_128(i + 2 * vector, v2);
      copy.store_128(i + 3 * vector, v3);
      a = add_eight(add_eight(a, v0), v1);
      b = add_eight(add_eight(b, v2), v3);
    }
    for (; end - i >= vector; i += vector) {
      const __m128i v = load(i);
      copy.store_128(i, v);
      a = add_eight(a, v);
    }
    const auto words = static_cast<std::int64_t>((i - first) / 2);
    sum += static_cast<std::uint64_t>(total(_mm_add_epi32(a, b)) + words * 32768);
  }
  return sum;
}

#else

template <class Copy>
std::uint64_t sum_vectors(std::span<const std::byte>, std::size_t&, Copy) noexcept {
  return 0;
}

#endif

/// Sums `Size` bytes, 8 at most, and moves `i` behind them.
template <std::size_t Size, class Copy>
void sum_part(std::uint64_t& sum, std::span<const std::byte> bytes, std::size_t& i,
              Copy copy) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes.data() + i, Size);
  copy.template store<Size>(i, word);
  sum = add_with_carry(sum, word);
  i += Size;
}

template <class Copy>
std::uint16_t sum(std::span<const std::byte> bytes, Copy copy) noexcept {
  constexpr std::size_t worth_vectors = 128;
  std::size_t i = 0;
  std::uint64_t sum = bytes.size() >= worth_vectors ? sum_vectors(bytes, i, copy) : 0;
  while (bytes.size() - i >= 32) {
    sum_part<8>(sum, bytes, i, copy);
    sum_part<8>(sum, bytes, i, copy);
    sum_part<8>(sum, bytes, i, copy);
    sum_part<8>(sum, bytes, i, copy);
  }
  while (bytes.size() - i >= 8) sum_part<8>(sum, bytes, i, copy);
  if (bytes.size() - i >= 4) sum_part<4>(sum, bytes, i, copy);
  if (bytes.size() - i >= 2) sum_part<2>(sum, bytes, i, copy);
  if (bytes.size() != i) sum_part<1>(sum, bytes, i, copy);
  const std::uint16_t folded = fold(sum);
  return std::endian::native == std::endian::little ? std::byteswap(folded) : folded;
}

}  // namespace

std::uint16_t sum_words(std::span<const std::byte> bytes) noexcept { return sum(bytes, no_copy{}); }

std::uint16_t copy_and_sum_words(std::span<const std::byte> from, std::byte* to) noexcept {
  return sum(from, copy_to{to});
}

}  // namespace pentad::wire::detail
