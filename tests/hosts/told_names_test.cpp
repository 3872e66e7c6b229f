// Name servers and domains as others tell of them, while a host lives.
#include "pentad/hosts/told_names.hpp"

#include <gmock/gmock.h>

#include "tests/native/dhcp_server.hpp"

namespace pentad {
namespace {

using testing::ElementsAre;
using namespace native::test;
using option = wire::dhcpv4_option;

class told_names_ : public native::test::dhcp_test {
 protected:
  static std::vector<endpoint> at_port_53(const std::vector<ip_address>& addresses) {
    std::vector<endpoint> made;
    for (const ip_address& each : addresses) made.emplace_back(each, std::uint16_t{53});
    return made;
  }

  void be_renewed(const native::test::bytes& options) {
    pass(1800s);
    hear_arp(arp_request(server, peer_mac, leased));  // so that the request can go
    (void)requests();
    answer(type::acknowledgement, lease_options() + options);
  }

  native_text wanted;
};

TEST_F(told_names_, change_when_a_lease_brings_others) {
  wanted.name_servers = {ip("192.0.2.53")};
  be_bound(lease_options() + dhcp_option(option::name_servers, server));
  told_names names(wanted, *host);
  const auto first = names.current();
  EXPECT_EQ(first->servers, at_port_53({ip("192.0.2.53"), server}));
  EXPECT_EQ(names.current(), first);

  be_renewed(dhcp_option(option::name_servers, server));
  EXPECT_EQ(names.current(), first) << "nothing has changed";

  be_renewed(dhcp_option(option::name_servers, to_bytes(peer.bytes()) + to_bytes(server.bytes())));
  EXPECT_EQ(names.current()->servers, at_port_53({ip("192.0.2.53"), peer, server}));
}

TEST_F(told_names_, name_each_server_once) {
  wanted.name_servers = {server};
  be_bound(lease_options() + dhcp_option(option::name_servers, server));
  EXPECT_EQ(told_names(wanted, *host).current()->servers, at_port_53({server}));
}

}  // namespace
}  // namespace pentad
