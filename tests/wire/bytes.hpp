#pragma once

/// Bytes for tests: from hexadecimal text, from a fixed seed, and copies that end where their
/// memory ends, so that AddressSanitizer sees whoever reads one byte too many.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <string_view>
#include <vector>

#include "pentad/base/ip_address.hpp"
#include "pentad/base/mac_address.hpp"

namespace pentad::wire::test {

using byte_vector = std::vector<std::byte>;

/// Reads pairs of hexadecimal digits; spaces may stand anywhere between them.
inline byte_vector bytes(std::string_view text) {
  byte_vector result;
  int digits = 0;
  unsigned value = 0;
  for (const char c : text) {
    if (c == ' ') continue;
    value = value << 4 | static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
    if (++digits % 2 == 0) result.push_back(static_cast<std::byte>(value & 0xff));
  }
  return result;
}

/// What the text says behind the first `skipped` bytes, such as the payload behind headers.
inline byte_vector bytes_behind(std::size_t skipped, std::string_view text) {
  byte_vector result = bytes(text);
  result.erase(result.begin(), result.begin() + static_cast<std::ptrdiff_t>(skipped));
  return result;
}

/// A copy with nothing behind it.
class exact_copy {
 public:
  explicit exact_copy(std::span<const std::byte> source)
      : size_{source.size()}, bytes_{std::make_unique<std::byte[]>(source.size())} {
    std::ranges::copy(source, bytes_.get());
  }

  [[nodiscard]] std::span<std::byte> span() { return {bytes_.get(), size_}; }

 private:
  std::size_t size_;
  std::unique_ptr<std::byte[]> bytes_;
};

/// Whether `accepts(part)` is false for every part of `packet` that lacks bytes at its end.
template <class Accepts>
bool refuses_every_truncation(std::span<const std::byte> packet, Accepts accepts) {
  for (std::size_t size = 0; size != packet.size(); ++size) {
    exact_copy part{packet.first(size)};
    if (accepts(std::span<const std::byte>{part.span()})) return false;
  }
  return true;
}

/// The same values in the same order in every run.
class generator {
 public:
  std::uint32_t number(std::uint32_t maximum) {
    return std::uniform_int_distribution<std::uint32_t>{0, maximum}(engine_);
  }
  bool coin() { return number(1) == 1; }
  std::uint8_t u8() { return static_cast<std::uint8_t>(number(UINT8_MAX)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(UINT16_MAX)); }
  std::uint32_t u32() { return number(UINT32_MAX); }

  template <std::size_t Size>
  std::array<std::byte, Size> array() {
    std::array<std::byte, Size> result{};
    for (std::byte& b : result) b = std::byte{u8()};
    return result;
  }
  byte_vector vector(std::size_t size) {
    byte_vector result(size);
    for (std::byte& b : result) b = std::byte{u8()};
    return result;
  }

  ip_address v4() { return ip_address::v4(array<4>()); }
  ip_address v6() { return ip_address::v6(array<16>()); }
  mac_address mac() { return mac_address{array<6>()}; }

 private:
  std::mt19937_64 engine_{20260101};
};

}  // namespace pentad::wire::test
