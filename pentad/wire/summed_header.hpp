#pragma once

/// The fields of a header, summed while they are written and not read again.

#include <cstddef>
#include <cstdint>
#include <span>

#include "pentad/base/byte_order.hpp"
#include "pentad/wire/checksum.hpp"

namespace pentad::wire {

/// Writes to `header` and adds to a sum. Each field lies at an even place.
class summed_header {
 public:
  constexpr summed_header(std::span<std::byte> header, internet_sum& sum) noexcept
      : header_{header.data()}, sum_{sum} {}

  constexpr void put_be16(std::size_t at, std::uint16_t word) noexcept {
    store_be16(header_ + at, word);
    sum_.add_be16(word);
  }

  constexpr void put_be32(std::size_t at, std::uint32_t words) noexcept {
    store_be32(header_ + at, words);
    sum_.add_be32(words);
  }

 private:
  std::byte* header_;
  internet_sum& sum_;
};

}  // namespace pentad::wire
