// The classic Berkeley packet filter: a program that looks at a frame and says how many of its
// bytes are wanted (S. McCanne and V. Jacobson, 1993; <linux/filter.h>). A program that was
// admitted ends after as many steps as it has instructions, touches nothing outside of the frame
// and its own 16 words, and rejects a frame instead of doing what cannot be done.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pentad/base/filter_instruction.hpp"
#include "pentad/base/result.hpp"

namespace pentad {

class packet_filter {
 public:
  /// What a frame does not say itself, for the loads at SKF_AD_OFF that libpcap makes on Linux.
  struct about_frame {
    bool is_outgoing = false;
    std::uint32_t interface = 0;
  };

  static constexpr std::size_t most_instructions = 4096;  ///< BPF_MAXINSNS

  /// Lets everything pass.
  packet_filter() = default;

  /// Errors: `invalid_argument` for no program: unknown instructions, jumps out of it, words that
  /// it has not, division by the number zero, too long, or without a return at its end.
  static result<packet_filter> admit(std::vector<filter_instruction> program);

  /// How many bytes of the frame are wanted; 0: none, it does not pass.
  [[nodiscard]] std::uint32_t run(std::span<const std::byte> frame,
                                  const about_frame& about) const noexcept;

 private:
  std::vector<filter_instruction> program_;
};

}  // namespace pentad
