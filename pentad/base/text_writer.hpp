#pragma once

/// Writes text into memory of the caller without allocating. Every value of this folder has a
/// `format_to(text_writer&, value)`; its `to_string` is that and a buffer.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace pentad {

class text_writer {
 public:
  explicit constexpr text_writer(std::span<char> out) noexcept : out_{out} {}

  constexpr void put(char c) noexcept {
    if (size_ == out_.size()) {
      complete_ = false;
    } else {
      out_[size_++] = c;
    }
  }

  constexpr void put(std::string_view text) noexcept {
    for (const char c : text) put(c);
  }

  constexpr void put_decimal(std::uint32_t value) noexcept {
    std::uint32_t unit = 1;
    while (value / unit >= 10) unit *= 10;
    for (; unit != 0; unit /= 10) put(static_cast<char>('0' + value / unit % 10));
  }

  /// Lower case, without leading zeros.
  constexpr void put_hex(std::uint16_t value) noexcept {
    unsigned shift = 12;
    while (shift != 0 && value >> shift == 0) shift -= 4;
    for (;; shift -= 4) {
      put(hex_digit(static_cast<unsigned>(value >> shift)));
      if (shift == 0) return;
    }
  }

  /// Lower case, always two digits.
  constexpr void put_hex(std::byte value) noexcept {
    put(hex_digit(std::to_integer<unsigned>(value) >> 4));
    put(hex_digit(std::to_integer<unsigned>(value)));
  }

  /// What has been written.
  [[nodiscard]] constexpr std::string_view text() const noexcept { return {out_.data(), size_}; }

  /// Whether all of it found room.
  [[nodiscard]] constexpr bool complete() const noexcept { return complete_; }

 private:
  [[nodiscard]] static constexpr char hex_digit(unsigned value) noexcept {
    return "0123456789abcdef"[value & 0xf];
  }

  std::span<char> out_;
  std::size_t size_ = 0;
  bool complete_ = true;
};

/// The text of a value that never takes more than `Capacity` characters.
template <std::size_t Capacity, class Value>
[[nodiscard]] std::string text_of(const Value& value) {
  std::array<char, Capacity> buffer;
  text_writer writer{buffer};
  format_to(writer, value);
  return std::string{writer.text()};
}

}  // namespace pentad
