// What is particular to a NIC that is an interface of Linux. In a network namespace of the test.
#include "pentad/nic/packet_nic.hpp"

#include <gtest/gtest.h>

#include "pentad/base/byte_order.hpp"
#include "pentad/nic/configure_link.hpp"
#include "tests/nic/cable.hpp"
#include "tests/nic/frames.hpp"
#include "tests/nic/network_namespace.hpp"
#include "tests/nic/segments.hpp"
#include "tests/runtime/must.hpp"
#include "tests/runtime/real_loop.hpp"

namespace pentad::test {
namespace {

class packet_nic_ : public testing::TestWithParam<const char*> {
 protected:
  template <class Body>
  void with_cable(Body body) {
    in_network_namespace([&] {
      make_cable("pentad0", "pentad1");
      const std::unique_ptr<engine> driver = make_engine(GetParam());
      packet_pool pool;
      body(pool, *driver->descriptors());
    });
  }
};

INSTANTIATE_TEST_SUITE_P(, packet_nic_, testing::Values("uring", "epoll"),
                         [](const testing::TestParamInfo<const char*>& each) {
                           return std::string(each.param);
                         });

octets tagged_frame(std::uint16_t tag) {
  octets frame = numbered_frame(1);
  std::byte type_and_tag[4];
  store_be16(type_and_tag, 0x8100);
  store_be16(type_and_tag + 2, tag);
  frame.insert(frame.begin() + 12, std::begin(type_and_tag), std::end(type_and_tag));
  return frame;
}

TEST_P(packet_nic_, leaves_the_frames_of_vlans_to_their_interfaces) {
  with_cable([](packet_pool& pool, descriptor_engine& engine) {
    const auto near = must(packet_nic::open("pentad0", pool, engine));
    const auto far = must(packet_nic::open("pentad1", pool, engine));
    EXPECT_TRUE(transmit_one(*far, packet_of(pool, tagged_frame(5))));
    EXPECT_TRUE(transmit_one(*far, packet_of(pool, tagged_frame(3 << 13))));  // a priority alone
    EXPECT_TRUE(transmit_one(*far, packet_of(pool, numbered_frame(2))));
    const std::vector<octets> got = receive_all(*near);
    EXPECT_EQ(got, (std::vector<octets>{numbered_frame(1), numbered_frame(2)}));
  });
}

TEST_P(packet_nic_, does_not_hear_itself) {
  with_cable([](packet_pool& pool, descriptor_engine& engine) {
    const auto near = must(packet_nic::open("pentad0", pool, engine));
    EXPECT_TRUE(transmit_one(*near, packet_of(pool, numbered_frame(1))));
    EXPECT_TRUE(receive_all(*near).empty());
  });
}

TEST_P(packet_nic_, takes_what_is_longer_than_a_place_in_its_ring) {
  with_cable([](packet_pool& pool, descriptor_engine& engine) {
    const auto near = must(packet_nic::open("pentad0", pool, engine));
    ASSERT_TRUE(near->has_ring());
    const octets payload = payload_of(40000);
    packet long_one = flow::v4().tcp_offloaded(pool, payload, 1448);
    const octets segments = octets_of(long_one);
    const auto far = must(packet_nic::open("pentad1", pool, engine));
    EXPECT_TRUE(transmit_one(*far, packet_of(pool, numbered_frame(1))));
    EXPECT_TRUE(transmit_one(*far, std::move(long_one)));
    EXPECT_TRUE(transmit_one(*far, packet_of(pool, numbered_frame(2))));
    const std::vector<octets> got = receive_all(*near);
    EXPECT_EQ(got, (std::vector<octets>{numbered_frame(1), segments, numbered_frame(2)}));
  });
}

TEST_P(packet_nic_, counts_what_came_faster_than_it_was_taken) {
  with_cable([](packet_pool& pool, descriptor_engine& engine) {
    const auto near = must(packet_nic::open("pentad0", pool, engine));
    const auto far = must(packet_nic::open("pentad1", pool, engine));
    constexpr std::uint32_t many = 3000;  // the ring has 2,048 places
    for (std::uint32_t i = 0; i != many; ++i) {
      ASSERT_TRUE(transmit_one(*far, packet_of(pool, numbered_frame(i))));
    }
    const std::size_t got = receive_all(*near).size();
    EXPECT_GT(near->lost(), 0U);
    EXPECT_EQ(got + near->lost(), many);
    EXPECT_EQ(near->counters().receive_drops, near->lost());
    EXPECT_TRUE(transmit_one(*far, packet_of(pool, numbered_frame(7))));
    EXPECT_EQ(receive_all(*near), std::vector<octets>{numbered_frame(7)}) << "it goes on";
  });
}

TEST_P(packet_nic_, says_what_is_wrong_with_an_interface) {
  with_cable([](packet_pool& pool, descriptor_engine& engine) {
    const auto error = [&](std::string_view name) {
      const auto opened = packet_nic::open(name, pool, engine);
      return opened ? std::string() : explain_packet_nic_error(opened.error(), name);
    };
    EXPECT_EQ(error("nothing0"), "no network interface nothing0; `ip link` lists those there are");
    EXPECT_EQ(error("a-name-that-is-too-long"),
              "no network interface a-name-that-is-too-long; `ip link` lists those there are");
    EXPECT_EQ(error("lo"), "the network interface lo is no Ethernet");
    EXPECT_EQ(std::system("ip link set pentad0 down"), 0);
    EXPECT_EQ(error("pentad0"),
              "the network interface pentad0 is down; have root type: ip link set pentad0 up");
  });
}

TEST_P(packet_nic_, knows_the_addresses_of_linux) {
  with_cable([](packet_pool&, descriptor_engine&) {
    const ip_address v4 = ip_address::v4(10, 9, 0, 1);
    const ip_address v6 = must(ip_address::parse("fd09::1"));
    EXPECT_FALSE(is_address_of_linux(v4));
    EXPECT_FALSE(is_address_of_linux(v6));
    must(configure_link("pentad0", link_address{v4, 24}));
    must(configure_link("pentad0", link_address{v6, 64}));
    EXPECT_TRUE(is_address_of_linux(v4));
    EXPECT_TRUE(is_address_of_linux(v6));
    EXPECT_FALSE(is_address_of_linux(ip_address::v4(10, 9, 0, 2)));
  });
}

}  // namespace
}  // namespace pentad::test
