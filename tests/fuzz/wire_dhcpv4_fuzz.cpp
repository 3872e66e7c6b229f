/// A message of DHCP that is read has whole options, and gives no more of them than there is room
/// for; what a client says with them is read again as the same.

#include <array>
#include <vector>

#include "pentad/stack/native/core/dhcp_lease.hpp"
#include "pentad/wire/dhcpv4.hpp"
#include "tests/fuzz/wire_fuzz.hpp"

namespace {

using namespace pentad;
using namespace pentad::wire;
using namespace pentad::wire::fuzz;

void read_lease(const dhcpv4_view& message) {
  const auto lease = native::dhcp_lease::read(message, 1);
  if (!lease) return;
  require(lease->routes.size() <= native::dhcp_lease::most_routes);
  require(lease->name_servers.size() <= native::dhcp_lease::most_name_servers);
  require(lease->domains.size() <= native::dhcp_lease::most_domains);
  for (const std::string& each : lease->domains) require(!each.empty() && each.size() <= 255);
  require(lease->renew_after <= lease->rebind_after && lease->rebind_after <= lease->valid);
  require(lease->address.length >= 1 && lease->address.length <= 32);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = dhcpv4_view::parse(input_of(data, size));
  if (!message) return 0;
  for (unsigned code = 1; code != 255; ++code) {
    std::array<std::byte, 300> room{};
    const auto value = message->value(static_cast<dhcpv4_option>(code), room);
    require(!value || is_inside(*value, room));
  }
  read_lease(*message);

  dhcpv4_request request;
  request.transaction = message->transaction();
  request.client = message->client();
  request.mac = message->mac();
  request.requested = message->address(dhcpv4_option::requested_address);
  request.server = message->address(dhcpv4_option::server_identifier);
  std::vector<std::byte> out(request.size());
  request.emit(out);
  const auto again = dhcpv4_view::parse(out);
  require(again && again->transaction() == request.transaction);
  require(again->client() == request.client && again->mac() == request.mac);
  require(again->address(dhcpv4_option::server_identifier) == request.server);
  return 0;
}
