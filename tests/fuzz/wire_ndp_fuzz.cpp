/// A neighbour discovery message that passes the checks is written and read again as the same. The
/// first byte of the input chooses what the IP header says, the rest is the ICMP message.

#include <optional>
#include <vector>

#include "pentad/wire/multicast.hpp"
#include "pentad/wire/ndp.hpp"
#include "tests/fuzz/wire_fuzz.hpp"

namespace {

using namespace pentad;
using namespace pentad::wire;
using namespace pentad::wire::fuzz;

template <class Message>
void round_trip(const icmpv6_view& icmp, const ndp_envelope& envelope) {
  const auto message = Message::parse(icmp, envelope);
  if (!message) return;
  require(envelope.hop_limit == ndp_hop_limit && !envelope.had_fragment_header);

  const pseudo_header pseudo{envelope.source, envelope.destination, ip_protocol::icmpv6};
  std::vector<std::byte> out(message->size());
  message->emit(out, pseudo);
  const auto again = icmpv6_view::parse(out, pseudo);
  require(again && again->type() == icmp.type());
  require(Message::parse(*again, envelope) == message);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto input = input_of(data, size);
  const unsigned choice = take_byte(input);
  const ip_address link_local = ip_address::v6({std::byte{0xfe}, std::byte{0x80}});
  const ndp_envelope envelope{
      .source = (choice & 1) != 0 ? link_local : ip_address::any(ip_version::v6),
      .destination = (choice & 2) != 0 ? solicited_node(link_local) : link_local,
      .hop_limit = (choice & 4) != 0 ? ndp_hop_limit : std::uint8_t{64},
      .had_fragment_header = (choice & 8) != 0};
  const pseudo_header pseudo{envelope.source, envelope.destination, ip_protocol::icmpv6};
  const auto icmp = icmpv6_view::parse(input, pseudo, checksum_check::skip);
  if (!icmp) return 0;
  switch (icmp->type()) {
    case icmpv6_type::neighbor_solicitation:
      round_trip<neighbor_solicitation>(*icmp, envelope);
      break;
    case icmpv6_type::neighbor_advertisement:
      round_trip<neighbor_advertisement>(*icmp, envelope);
      break;
    case icmpv6_type::router_solicitation:
      round_trip<router_solicitation>(*icmp, envelope);
      break;
    case icmpv6_type::router_advertisement:
      round_trip<router_advertisement>(*icmp, envelope);
      break;
    default:
      break;
  }
  return 0;
}
