// A filter that the command runs itself, on frames as they were on the wire: Linux takes the tag of
// a VLAN out of a frame before its own filters see it, and only tells of it beside the frame.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "pentad/socket/host.hpp"

namespace pentad::command {

/// Whether an expression of pcap-filter(7) asks for what Linux's own filters do not see.
bool asks_for_vlans(std::string_view expression) noexcept;

class late_filter {
 public:
  /// Lets everything pass.
  late_filter() = default;

  /// For an expression of pcap-filter(7). Frames of links that have no VLANs do not pass. Errors:
  /// what libpcap finds wrong, in words.
  static std::expected<late_filter, std::string> compile(const std::string& expression);

  [[nodiscard]] bool passes(const received_frame& frame) const noexcept;

 private:
  std::vector<filter_instruction> ethernet_;
};

}  // namespace pentad::command
