#include "pentad/hosts/native_text.hpp"

#include <gtest/gtest.h>

#include "pentad/base/error.hpp"
#include "pentad/hosts/make_host.hpp"
#include "tests/runtime/must.hpp"

namespace pentad::test {
namespace {

using namespace std::chrono_literals;

native_text parsed(std::string_view text) {
  auto whole = native_text::parse(text);
  if (!whole) throw std::runtime_error(whole.error());
  return std::move(*whole);
}

TEST(native_text, names_a_device_and_an_address) {
  const native_text text = parsed("tap=tap0,ip=10.0.0.2/24");
  EXPECT_EQ(text.cards[0].tap, "tap0");
  ASSERT_EQ(text.cards[0].addresses.size(), 1U);
  EXPECT_EQ(to_string(text.cards[0].addresses[0]), "10.0.0.2/24");
  EXPECT_TRUE(text.cards[0].gateways.empty() && text.cards[0].host_addresses.empty());
  EXPECT_TRUE(text.link.none()) << "a good link";
  EXPECT_EQ(text.record, "");
}

TEST(native_text, may_name_an_interface_whose_link_is_shared) {
  const native_text text = parsed("packet=eth0,ip=10.0.0.2/24");
  EXPECT_EQ(text.cards[0].packet, "eth0");
  EXPECT_EQ(text.cards[0].interface(), "eth0");
  EXPECT_EQ(text.cards[0].tap, "");
}

TEST(native_text, may_name_several_addresses_of_both_versions) {
  const native_text text = parsed(
      "ip6=fd00::2/64,ip=10.0.0.2/24,ip=192.0.2.9/32,tap=t,host=10.0.0.1/24,host=fd00::1/64");
  ASSERT_EQ(text.cards[0].addresses.size(), 3U);
  EXPECT_EQ(to_string(text.cards[0].addresses[0]), "fd00::2/64");
  EXPECT_EQ(to_string(text.cards[0].addresses[2]), "192.0.2.9/32");
  ASSERT_EQ(text.cards[0].host_addresses.size(), 2U);
  EXPECT_EQ(to_string(text.cards[0].host_addresses[1]), "fd00::1/64");
}

TEST(native_text, may_name_a_gateway_of_each_version) {
  const native_text text = parsed("tap=t,ip=10.0.0.2/24,ip6=fd00::2/64,gw=10.0.0.1,gw=fe80::1");
  ASSERT_EQ(text.cards[0].gateways.size(), 2U);
  EXPECT_EQ(to_string(text.cards[0].gateways[0]), "10.0.0.1");
  EXPECT_EQ(to_string(text.cards[0].gateways[1]), "fe80::1");
}

TEST(native_text, may_leave_addresses_to_servers_and_routers) {
  EXPECT_EQ(parsed("tap=t,dhcp").cards[0].lease_file, "");
  const native_text kept = parsed("tap=t,dhcp=/var/lib/lease,tap=u,dhcp");
  EXPECT_TRUE(kept.cards[0].dhcp && kept.cards[1].dhcp);
  EXPECT_EQ(kept.cards[0].lease_file, "/var/lib/lease");
  EXPECT_EQ(kept.cards[1].lease_file, "");
  const native_text text = parsed("tap=t,dhcp,slaac,dns=10.0.0.1");
  EXPECT_TRUE(text.cards[0].dhcp && text.cards[0].slaac && text.cards[0].is_configured_by_others());
  EXPECT_TRUE(text.cards[0].addresses.empty());
  const native_text both = parsed("tap=t,ip=10.0.0.2/24,slaac");
  EXPECT_FALSE(both.cards[0].dhcp);
  EXPECT_TRUE(both.cards[0].slaac);
  EXPECT_FALSE(parsed("tap=t,ip=10.0.0.2/24").cards[0].is_configured_by_others());
}

TEST(native_text, may_have_several_cards) {
  const native_text text = parsed(
      "ip=10.0.0.2/24,tap=t,gw=10.0.0.1,packet=eth0,ip6=fd00::2/64,slaac,dns=10.0.0.1,tap=u,dhcp");
  ASSERT_EQ(text.cards.size(), 3U);
  EXPECT_EQ(text.cards[0].tap, "t");
  EXPECT_EQ(text.cards[0].addresses.size(), 1U);
  EXPECT_EQ(text.cards[0].gateways.size(), 1U);
  EXPECT_EQ(text.cards[1].packet, "eth0");
  EXPECT_EQ(to_string(text.cards[1].addresses.at(0)), "fd00::2/64");
  EXPECT_TRUE(text.cards[1].slaac && !text.cards[0].slaac);
  EXPECT_EQ(text.cards[2].interface(), "u");
  EXPECT_TRUE(text.cards[2].dhcp);
  EXPECT_EQ(text.name_servers.size(), 1U);
}

TEST(native_text, may_name_name_servers) {
  const native_text text = parsed("tap=t,ip=10.0.0.2/24,dns=10.0.0.1,dns=2001:db8::53");
  ASSERT_EQ(text.name_servers.size(), 2U);
  EXPECT_EQ(to_string(text.name_servers[0]), "10.0.0.1");
  EXPECT_EQ(to_string(text.name_servers[1]), "2001:db8::53");
}

TEST(native_text, may_make_a_bad_link) {
  const native_text text = parsed(
      "tap=t,ip=10.0.0.2/24,loss=0.01,duplicate=2%,corrupt=0.5%,reorder=1,delay=100ms,jitter=5ms,"
      "rate=10mbit,seed=7,record=a file.pcapng,spin=20us");
  EXPECT_EQ(text.link.loss, 0.01);
  EXPECT_EQ(text.link.duplicate, 0.02);
  EXPECT_EQ(text.link.corrupt, 0.005);
  EXPECT_EQ(text.link.reorder, 1);
  EXPECT_EQ(text.link.delay, 100ms);
  EXPECT_EQ(text.link.jitter, 5ms);
  EXPECT_EQ(text.link.rate, 10'000'000U);
  EXPECT_EQ(text.seed, 7U);
  EXPECT_EQ(text.record, "a file.pcapng");
  EXPECT_EQ(text.spin, 20us);
}

TEST(native_text, chooses_how_windows_grow) {
  EXPECT_EQ(parsed("tap=t,ip=10.0.0.2/24").congestion, native::congestion_algorithm::cubic);
  EXPECT_EQ(parsed("tap=t,ip=10.0.0.2/24,congestion=cubic").congestion,
            native::congestion_algorithm::cubic);
  EXPECT_EQ(parsed("tap=t,ip=10.0.0.2/24,congestion=newreno").congestion,
            native::congestion_algorithm::new_reno);
}

TEST(native_text, knows_units_of_rates) {
  const auto rate = [](std::string_view value) {
    return parsed("tap=t,ip=10.0.0.2/24,rate=" + std::string(value)).link.rate;
  };
  EXPECT_EQ(rate("9600bit"), 9600U);
  EXPECT_EQ(rate("64kbit"), 64'000U);
  EXPECT_EQ(rate("1gbit"), 1'000'000'000U);
}

struct refused {
  const char* text;
  const char* why;
};

TEST(native_text, says_what_is_wrong) {
  const refused all[] = {
      {"", "tap=NAME or packet=INTERFACE is missing"},
      {"ip=10.0.0.2/24", "tap=NAME or packet=INTERFACE is missing"},
      {"tap=t,packet=eth0,ip=10.0.0.2/24", "t: ip=ADDRESS/LENGTH, dhcp or slaac is missing"},
      {"packet=eth0,ip=10.0.0.2/24,host=10.0.0.1/24", "host= is for Linux's end of a TAP device"},
      {"packet=,ip=10.0.0.2/24", "packet= is empty"},
      {"tap=t", "ip=ADDRESS/LENGTH, dhcp or slaac is missing"},
      {"tap=t,slaac=1", "there is no option 'slaac'"},
      {"tap=t,lease", "'lease' is not KEY=VALUE"},
      {"tap=,ip=10.0.0.2/24", "tap= is empty"},
      {"tap=t,dhcp=", "dhcp= is empty"},
      {"tap=t,ip=10.0.0.2/24,", "it ends with a comma"},
      {"tap=t,,ip=10.0.0.2/24", "'' is not KEY=VALUE"},
      {"tap=t,ip", "'ip' is not KEY=VALUE"},
      {"tap=t,ip=10.0.0.2/24,tap=t,ip=10.0.1.2/24", "t is there twice"},
      {"tap=t,ip=10.0.0.2/24,loss=1%,loss=2%", "loss= is there twice"},
      {"tap=t,ip=10.0.0.2/24,lossy=1", "there is no option 'lossy'"},
      {"tap=t,ip=10.0.0.2/24,lossy=", "there is no option 'lossy'"},
      {"tap=t,ip=10.0.0.2", "ip=10.0.0.2 is no address with"},
      {"tap=t,ip=10.0.0.2/33", "ip=10.0.0.2/33 is no address with"},
      {"tap=t,ip=10.0.0.2/", "ip=10.0.0.2/ is no address with"},
      {"tap=t,ip=10.0.0.256/24", "ip=10.0.0.256/24 is no address with"},
      {"tap=t,ip=10.0.0.255/24", "ip=10.0.0.255/24 is no address with"},
      {"tap=t,ip=224.0.0.1/24", "ip=224.0.0.1/24 is no address with"},
      {"tap=t,ip=127.0.0.1/8", "ip=127.0.0.1/8 is no address with"},
      {"tap=t,ip=fd00::2/64", "ip=fd00::2/64 is no address with"},
      {"tap=t,ip6=10.0.0.2/24",
       "ip6=10.0.0.2/24 is no address with the length of its prefix, such "
       "as fd00::2/64"},
      {"tap=t,ip=10.0.0.2/24,gw=10.0.0", "gw=10.0.0 is no address of a router"},
      {"tap=t,ip=10.0.0.2/24,dns=example.org", "dns=example.org is no address of a name server"},
      {"tap=t,ip=10.0.0.2/24,dns=10.0.0.1,dns=10.0.0.3,dns=10.0.0.4,dns=10.0.0.5",
       "dns=10.0.0.5 is a fourth name server"},
      {"tap=t,ip=10.0.0.2/24,gw=10.0.1.1", "gw=10.0.1.1 is on the link of no address"},
      {"tap=t,ip=10.0.0.2/24,gw=fd00::1", "gw=fd00::1 is on the link of no address"},
      {"tap=t,ip=10.0.0.2/24,gw=10.0.0.1,gw=10.0.0.3", "gw=10.0.0.3 is a second gateway"},
      {"tap=t,ip=10.0.0.2/24,host=10.0.0.2/24", "host=10.0.0.2/24 is this host's own address"},
      {"tap=t,ip=10.0.0.2/24,loss=101%", "loss=101% is no probability"},
      {"tap=t,ip=10.0.0.2/24,loss=2", "loss=2 is no probability"},
      {"tap=t,ip=10.0.0.2/24,loss=-1%", "loss=-1% is no probability"},
      {"tap=t,ip=10.0.0.2/24,loss=nan", "loss=nan is no probability"},
      {"tap=t,ip=10.0.0.2/24,loss=%", "loss=% is no probability"},
      {"tap=t,ip=10.0.0.2/24,delay=20", "delay=20 is no time"},
      {"tap=t,ip=10.0.0.2/24,delay=2h", "delay=2h is no time"},
      {"tap=t,ip=10.0.0.2/24,rate=10", "rate=10 is no rate"},
      {"tap=t,ip=10.0.0.2/24,rate=0mbit", "rate=0mbit is no rate"},
      {"tap=t,ip=10.0.0.2/24,rate=18446744073709551615kbit", "is no rate"},
      {"tap=t,ip=10.0.0.2/24,seed=-1", "seed=-1 is no whole number"},
      {"tap=t,ip=10.0.0.2/24,record=", "record= is empty"},
      {"tap=t,ip=10.0.0.2/24,congestion=reno", "congestion=reno is no congestion control"},
      {"tap=t,ip=10.0.0.2/24,spin=1", "spin=1 is no time"},
  };
  for (const refused& each : all) {
    const auto whole = native_text::parse(each.text);
    ASSERT_FALSE(whole) << each.text;
    EXPECT_NE(whole.error().find(each.why), std::string::npos)
        << each.text << ": " << whole.error();
    EXPECT_EQ(error_of(make_host("native:" + std::string(each.text))), errc::malformed_host);
  }
}

}  // namespace
}  // namespace pentad::test
