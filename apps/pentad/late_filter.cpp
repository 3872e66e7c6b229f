#include "apps/pentad/late_filter.hpp"

#include <pcap/pcap.h>

#include <array>
#include <cctype>

#include "apps/pentad/capture_filter.hpp"

namespace pentad::command {

static_assert(sizeof(bpf_insn) == sizeof(filter_instruction));

bool asks_for_vlans(std::string_view expression) noexcept {
  constexpr std::string_view keyword = "vlan";
  const auto is_letter = [&](std::size_t at) {
    return at < expression.size() && (std::isalnum(static_cast<unsigned char>(expression[at])) ||
                                      expression[at] == '.' || expression[at] == '-');
  };
  for (std::size_t at = expression.find(keyword); at != std::string_view::npos;
       at = expression.find(keyword, at + 1)) {
    const bool begins = at == 0 || !is_letter(at - 1);
    if (begins && !is_letter(at + keyword.size())) return true;
  }
  return false;
}

std::expected<late_filter, std::string> late_filter::compile(const std::string& expression) {
  constexpr std::array links{link_type::ethernet};
  auto compiled = compile_filter(expression, links);
  if (!compiled) return std::unexpected(compiled.error());
  late_filter made;
  made.ethernet_ = std::move(*compiled);
  return made;
}

bool late_filter::passes(const received_frame& frame) const noexcept {
  if (ethernet_.empty()) return true;
  if (frame.link != link_type::ethernet) return false;
  return ::bpf_filter(reinterpret_cast<const bpf_insn*>(ethernet_.data()),
                      reinterpret_cast<const u_char*>(frame.bytes.data()),
                      static_cast<unsigned>(frame.size),
                      static_cast<unsigned>(frame.bytes.size())) != 0;
}

}  // namespace pentad::command
