// Connections of an address that the host loses, such as by the end of a lease.
#include "tests/native/host_transfer.hpp"

namespace pentad::native::test {
namespace {

class tcp_lost_address : public testing::TestWithParam<ip_version> {
 protected:
  void SetUp() override {
    listening = &listen(hosts);
    ends = connect(hosts, *listening, GetParam());
    ASSERT_NE(ends.server, nullptr);
  }

  const ip_address& address() const { return hosts.a.address(GetParam()); }
  interface& card() { return *hosts.a.ip.interfaces().find(1); }
  void write(std::size_t count) {
    EXPECT_EQ(ends.client->write(std::vector<std::byte>(count)), count);
  }

  host_pair hosts;
  listener* listening = nullptr;
  channel ends;
};

TEST_P(tcp_lost_address, do_not_speak_for_it) {
  card().remove_address(address());
  write(100);
  hosts.run(5s);
  EXPECT_EQ(ends.server->readable(), 0U);
  EXPECT_GT(hosts.a.ip.counters().lost_sources, 1U);
}

TEST_P(tcp_lost_address, do_not_listen_for_it) {
  card().remove_address(address());
  EXPECT_EQ(ends.server->write(std::vector<std::byte>(100)), 100U);
  hosts.run(5s);
  EXPECT_EQ(ends.client->readable(), 0U);
}

TEST_P(tcp_lost_address, go_on_when_it_is_back) {
  const prefix subnet{address(), GetParam() == ip_version::v4 ? 24U : 64U};
  card().remove_address(address());
  write(100);
  hosts.run(5s);
  card().add_address(subnet);
  hosts.run(10s);
  EXPECT_EQ(ends.server->readable(), 100U);
}

TEST_P(tcp_lost_address, end_when_their_patience_does) {
  ends.client->set_user_timeout(20s);
  card().remove_address(address());
  write(100);
  hosts.run(30s);
  EXPECT_EQ(ends.client->error(), ETIMEDOUT);
}

INSTANTIATE_TEST_SUITE_P(versions, tcp_lost_address,
                         testing::Values(ip_version::v4, ip_version::v6));

}  // namespace
}  // namespace pentad::native::test
