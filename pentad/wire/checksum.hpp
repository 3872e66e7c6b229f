#pragma once

/// The Internet checksum (RFC 1071): the ones' complement of the ones' complement sum of 16-bit
/// words. Sums of parts add up to the sum of the whole, whatever their lengths, so that payload can
/// be summed while it is copied and its headers later.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "pentad/base/byte_order.hpp"

namespace pentad::wire {

namespace detail {

/// Adds the carries back until 16 bits are left.
[[nodiscard]] constexpr std::uint16_t fold(std::uint64_t sum) noexcept {
  sum = (sum & 0xffff'ffff) + (sum >> 32);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(sum);
}

/// The folded sum of the bytes as 16-bit words of network order; a last odd byte counts as if a
/// zero followed.
[[nodiscard]] std::uint16_t sum_words(std::span<const std::byte> bytes) noexcept;

/// The same, and copies them to `to`.
[[nodiscard]] std::uint16_t copy_and_sum_words(std::span<const std::byte> from,
                                               std::byte* to) noexcept;

/// The same as `sum_words`, word by word, for what is computed by the compiler.
[[nodiscard]] constexpr std::uint16_t sum_words_one_by_one(
    std::span<const std::byte> bytes) noexcept {
  std::uint64_t sum = 0;
  std::size_t i = 0;
  for (; i + 1 < bytes.size(); i += 2) sum += load_be16(bytes.data() + i);
  if (i != bytes.size()) sum += std::to_integer<std::uint64_t>(bytes[i]) << 8;
  return fold(sum);
}

}  // namespace detail

/// A running ones' complement sum, and of how many bytes. Parts are added in the order in which
/// they lie in the packet.
class internet_sum {
 public:
  /// Of nothing.
  constexpr internet_sum() noexcept = default;

  explicit constexpr internet_sum(std::span<const std::byte> bytes) noexcept { add(bytes); }

  /// A part of any length. One that begins at an odd place has its bytes in the other half of each
  /// word, which is the same as its sum with the halves swapped (RFC 1071 section 2).
  constexpr void add(std::span<const std::byte> bytes) noexcept {
    if consteval {
      add_sum(detail::sum_words_one_by_one(bytes), bytes.size());
    } else {
      add_sum(detail::sum_words(bytes), bytes.size());
    }
  }

  /// A part of a few words of 32 bits, such as a header, summed in place: the call would be most of
  /// the work.
  constexpr void add_header(std::span<const std::byte> bytes) noexcept {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i != bytes.size(); i += 4) sum += load_be32(bytes.data() + i);
    add_sum(sum, bytes.size());
  }

  /// A part that was summed before.
  constexpr void add(const internet_sum& part) noexcept {
    add_sum((part.sum_ & 0xffff'ffff) + (part.sum_ >> 32), part.size_);
  }

  constexpr void add_be16(std::uint16_t word) noexcept { add_sum(word, 2); }

  constexpr void add_be32(std::uint32_t words) noexcept { add_sum(words, 4); }

  /// Copies `from` to the beginning of `to`, which has room for it and does not overlap it, and
  /// adds it, in one pass.
  void add_copy(std::span<const std::byte> from, std::span<std::byte> to) noexcept {
    add_sum(detail::copy_and_sum_words(from, to.first(from.size()).data()), from.size());
  }

  /// How many bytes were added.
  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }

  /// The sum in 16 bits. That of a packet with a correct checksum in it is 0xffff.
  [[nodiscard]] constexpr std::uint16_t folded() const noexcept { return detail::fold(sum_); }

  /// What belongs into the checksum field that counted as zero so far.
  [[nodiscard]] constexpr std::uint16_t checksum() const noexcept {
    return static_cast<std::uint16_t>(~folded());
  }

 private:
  constexpr void add_sum(std::uint64_t sum, std::size_t size) noexcept {
    sum_ += size_ % 2 == 0 ? sum : std::byteswap(detail::fold(sum));
    size_ += size;
  }

  std::uint64_t sum_ = 0;  // cannot overflow: each part adds 40 bits at most
  std::size_t size_ = 0;
};

/// Copies `from` to the beginning of `to`, which has room for it and does not overlap it, and gives
/// its sum, in one pass over memory.
[[nodiscard]] inline internet_sum copy_and_checksum(std::span<const std::byte> from,
                                                    std::span<std::byte> to) noexcept {
  internet_sum sum;
  sum.add_copy(from, to);
  return sum;
}

/// The checksum of a packet in which one 16-bit word that it covers changes (RFC 1624 equation 3,
/// which unlike that of RFC 1141 never makes 0xffff of what must be 0).
[[nodiscard]] constexpr std::uint16_t updated_checksum(std::uint16_t checksum, std::uint16_t before,
                                                       std::uint16_t after) noexcept {
  const std::uint64_t sum = std::uint64_t{static_cast<std::uint16_t>(~checksum)} +
                            static_cast<std::uint16_t>(~before) + after;
  return static_cast<std::uint16_t>(~detail::fold(sum));
}

/// The same for a change of several words, such as an address, given as their sums.
[[nodiscard]] constexpr std::uint16_t updated_checksum(std::uint16_t checksum,
                                                       const internet_sum& before,
                                                       const internet_sum& after) noexcept {
  return updated_checksum(checksum, before.folded(), after.folded());
}

}  // namespace pentad::wire
