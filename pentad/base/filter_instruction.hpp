#pragma once

/// An instruction of the classic Berkeley packet filter, as libpcap compiles them: struct
/// sock_filter of <linux/filter.h>.

#include <cstdint>

namespace pentad {

struct filter_instruction {
  std::uint16_t code = 0;
  std::uint8_t jump_true = 0;
  std::uint8_t jump_false = 0;
  std::uint32_t operand = 0;
};

}  // namespace pentad
