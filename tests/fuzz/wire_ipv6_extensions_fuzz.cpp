/// The headers between IPv6 and its payload: every walk ends, inside the packet, and at what it
/// promises. The first byte of the input is the first header, the second chooses the destination.

#include <vector>

#include "pentad/wire/ipv6_extensions.hpp"
#include "pentad/wire/multicast.hpp"
#include "tests/fuzz/wire_fuzz.hpp"

namespace {

using namespace pentad;
using namespace pentad::wire;
using namespace pentad::wire::fuzz;

using bytes = std::span<const std::byte>;

void check(const ipv6_upper_layer& end, bytes packet) {
  require(is_inside(end.payload, packet));
  require(packet[end.next_header_at] == static_cast<std::byte>(end.protocol));
  const auto skipped = skip_extensions(static_cast<ip_protocol>(packet[6]), packet.subspan(40));
  require(skipped && skipped->protocol == end.protocol);
  require(skipped->payload.data() == end.payload.data());
}

void check(const ipv6_fragment& part, bytes packet) {
  require(is_inside(part.payload, packet) && !part.payload.empty());
  require(part.offset % 8 == 0 && (part.payload.size() % 8 == 0 || !part.more_fragments));
  require(part.more_fragments || part.offset != 0);
  require(part.before.data() == packet.data() && part.before.size() >= ipv6_header::size());
  require(part.before.size() - ipv6_header::size() + part.offset + part.payload.size() <= 65'535);
  require(part.before[part.next_header_at] == std::byte{44});
}

void check(const ipv6_discard& discard, bytes packet) {
  if (!discard.answer) return;
  require(discard.answer->type == icmpv6_type::parameter_problem);
  require(discard.answer->rest < packet.size());
  const bool to_group = ipv6_view::parse(packet)->destination().is_multicast();
  require(!to_group || discard.answer->code == static_cast<std::uint8_t>(
                                                   icmpv6_parameter_problem::unrecognized_option));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bytes input = input_of(data, size);
  const auto first = static_cast<ip_protocol>(take_byte(input));
  const bool to_group = take_byte(input) % 2 == 1;
  if (input.size() > UINT16_MAX) return 0;

  std::vector<std::byte> packet(ipv6_header::size());
  packet.insert(packet.end(), input.begin(), input.end());
  ipv6_header{.source = ip_address::loopback(ip_version::v6),
              .destination = to_group ? all_nodes() : ip_address::loopback(ip_version::v6),
              .next_header = first,
              .payload_size = static_cast<std::uint16_t>(input.size())}
      .emit(packet);
  std::visit([&](const auto& end) { check(end, packet); },
             walk_extensions(*ipv6_view::parse(packet)));
  return 0;
}
