/// The language of the cases of tcp_input: one event a line, with numbers relative to what the
/// stack has sent, so that cases get deep and can be read. Every input means something; what is not
/// understood is skipped.
///
///     0S m1460 t0        a segment of correspondent 0 with the flag SYN, an MSS and a timestamp
///     0A n1000 s-20      1,000 bytes from 20 before the next expected one on, acknowledging all
///     0A u0 b1448,1448   acknowledging nothing new, with a SACK block from 1,448 bytes beyond on
///     0S n100 f1         a SYN with data and a good fast open cookie; f0 asks for one, f2 shows a
///     bad T200               200 ms pass W0 5000            the program writes 5,000 bytes to its
///     connection with correspondent 0

#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace pentad::fuzz {

/// Reads letters and the numbers behind them.
class script_line {
 public:
  explicit script_line(std::string_view text) noexcept : rest_(text) {}

  bool empty() const noexcept { return rest_.empty(); }
  std::string_view rest() const noexcept { return rest_; }

  char letter() noexcept {
    if (rest_.empty()) return '\0';
    const char first = rest_.front();
    rest_.remove_prefix(1);
    return first;
  }

  /// Which correspondent, 0 to 5.
  unsigned correspondent() noexcept { return static_cast<unsigned>(letter() - '0') % 6U; }

  /// A number of up to six digits, `otherwise` if there is none.
  std::int32_t number(std::int32_t otherwise = 0) noexcept {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
    const bool negative = !rest_.empty() && rest_.front() == '-';
    if (negative || (!rest_.empty() && rest_.front() == '+')) rest_.remove_prefix(1);
    std::int32_t value = 0;
    int digits = 0;
    for (; digits < 6 && !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; ++digits) {
      value = value * 10 + (letter() - '0');
    }
    if (digits == 0) return otherwise;
    return negative ? -value : value;
  }

  std::int32_t number_within(std::int32_t least, std::int32_t most) noexcept {
    return std::clamp(number(least), least, most);
  }

 private:
  std::string_view rest_;
};

/// A segment as a line describes it.
struct scripted_segment {
  enum class sequence_base : std::uint8_t { expected, edge };
  enum class acknowledgment_base : std::uint8_t { sent, answered };

  std::uint8_t flags = 0;
  sequence_base sequence_from = sequence_base::expected;
  std::int32_t sequence = 0;
  acknowledgment_base acknowledgment_from = acknowledgment_base::sent;
  std::int32_t acknowledgment = 0;
  std::uint32_t size = 0;
  std::uint16_t window = 65535;
  std::optional<std::uint16_t> segment_size;
  std::optional<std::uint8_t> scale;
  std::optional<std::int32_t> timestamp;  ///< relative to the time
  std::int32_t echo = 0;                  ///< relative to the last timestamp of the stack
  bool sack_permitted = false;
  struct block {
    std::int32_t from = 0;  ///< relative to the oldest byte that the stack has in flight
    std::int32_t size = 0;
  };
  std::array<block, 4> blocks{};
  std::size_t block_count = 0;
  std::optional<std::int32_t> cookie;  ///< 0: asks for one, 1: a good one, 2: a bad one
  bool wrong_checksum = false;
  unsigned times = 1;

  static scripted_segment parse(script_line line) noexcept {
    scripted_segment made;
    constexpr std::string_view letters = "FSRPAUEC";  // in the order of their bits
    while (!line.empty()) {
      const char letter = line.letter();
      const std::size_t flag = letters.find(letter);
      if (flag != std::string_view::npos) {
        made.flags = static_cast<std::uint8_t>(made.flags | 1U << flag);
        continue;
      }
      made.set(letter, line);
    }
    return made;
  }

 private:
  void set(char what, script_line& line) noexcept {
    switch (what) {
      case 'e':
        sequence_from = sequence_base::edge;
        sequence = line.number();
        break;
      case 's':
        sequence = line.number();
        break;
      case 'u':
        acknowledgment_from = acknowledgment_base::answered;
        acknowledgment = line.number();
        break;
      case 'k':
        acknowledgment = line.number();
        break;
      case 'n':
        size = static_cast<std::uint32_t>(line.number_within(0, 20'000));
        break;
      case 'w':
        window = static_cast<std::uint16_t>(line.number());
        break;
      case 'm':
        segment_size = static_cast<std::uint16_t>(line.number());
        break;
      case 'z':
        scale = static_cast<std::uint8_t>(line.number());
        break;
      case 't':
        timestamp = line.number();
        break;
      case 'y':
        echo = line.number();
        break;
      case 'p':
        sack_permitted = true;
        break;
      case 'b':
        if (block_count == blocks.size()) break;
        blocks[block_count].from = line.number();
        line.letter();
        blocks[block_count].size = line.number();
        ++block_count;
        break;
      case 'f':
        cookie = line.number_within(0, 2);
        break;
      case 'c':
        wrong_checksum = true;
        break;
      case 'x':
        times = static_cast<unsigned>(line.number_within(1, 100));
        break;
      default:
        break;
    }
  }
};

}  // namespace pentad::fuzz
