#include "apps/packet_scripts/packet_matching.hpp"

#include <algorithm>

namespace pentad::packet_scripts {
namespace {

bool is_marked(const traffic_class_mark& wanted, std::uint8_t traffic_class) {
  switch (wanted.what) {
    case traffic_class_mark::kind::ecn:
      return (traffic_class & 3) == wanted.bits;
    case traffic_class_mark::kind::any_capable:
      return (traffic_class & 3) == 1 || (traffic_class & 3) == 2;
    case traffic_class_mark::kind::whole:
      return traffic_class == wanted.bits;
  }
  return false;
}

bool is_near(std::uint32_t a, std::uint32_t b, std::uint32_t by) {
  return a - b <= by || b - a <= by;
}

bool is_same(const tcp_option& expected, const tcp_option& sent, std::uint32_t ticks) {
  if (expected.what != tcp_option::kind::timestamps) return expected == sent;
  return sent.what == expected.what && sent.numbers.size() == 2 &&
         is_near(expected.numbers[0], sent.numbers[0], ticks) &&
         expected.numbers[1] == sent.numbers[1];
}

bool have_same_options(const tcp_packet& expected, const tcp_packet& sent, std::uint32_t ticks) {
  if (!expected.options) return true;
  return std::ranges::equal(
      *expected.options, *sent.options,
      [ticks](const tcp_option& a, const tcp_option& b) { return is_same(a, b, ticks); });
}

constexpr wire::tcp_flags looked_at(static_cast<std::uint8_t>(~wire::tcp_psh.bits()));

}  // namespace

bool matches(const tcp_packet& expected, const tcp_packet& sent, std::uint32_t ticks) {
  return (expected.flags & looked_at) == (sent.flags & looked_at) && expected.first == sent.first &&
         expected.size == sent.size &&
         (!expected.flags.has(wire::tcp_ack) || expected.acknowledgment == sent.acknowledgment) &&
         (!expected.window || expected.window == sent.window) &&
         (!expected.mark || is_marked(*expected.mark, sent.mark->bits)) &&
         expected.urgent_pointer == sent.urgent_pointer && have_same_options(expected, sent, ticks);
}

bool goes_on(const tcp_packet& whole, const tcp_packet& next) {
  const bool is_last = whole.flags.has(wire::tcp_fin | wire::tcp_syn | wire::tcp_rst);
  return !is_last && next.size != 0 && next.first == whole.first + whole.size &&
         next.acknowledgment == whole.acknowledgment && next.ports->source == whole.ports->source &&
         next.ports->destination == whole.ports->destination;
}

void append(tcp_packet& whole, const tcp_packet& next) {
  whole.size = static_cast<std::uint16_t>(whole.size + next.size);
  whole.flags |= next.flags;
}

}  // namespace pentad::packet_scripts
