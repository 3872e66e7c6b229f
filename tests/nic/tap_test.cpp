// What is particular to a TAP: Linux at the other end. In a network namespace of the test.
#include "pentad/nic/tap.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <chrono>
#include <thread>

#include "pentad/nic/configure_link.hpp"
#include "pentad/nic/segmentation.hpp"
#include "pentad/nic/virtio_header.hpp"
#include "pentad/runtime/descriptor_handle.hpp"
#include "tests/nic/network_namespace.hpp"
#include "tests/nic/segments.hpp"
#include "tests/runtime/real_loop.hpp"

namespace pentad::test {
namespace {

const ip_address linux_end = ip_address::v4(10, 9, 0, 2);
const ip_address our_end = ip_address::v4(10, 9, 0, 1);

// Linux at 10.9.0.2, the test at 10.9.0.1.
class tap_link {
 public:
  explicit tap_link(const std::string& engine) : engine_(make_engine(engine)) {
    EXPECT_TRUE(card_->was_made());
    EXPECT_TRUE(configure_link("pentad0", link_address{linux_end, 24}));
    socket_ = descriptor_handle(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  }

  tap_nic& card() { return *card_; }
  packet_pool& pool() { return pool_; }
  descriptor_engine& engine() { return *engine_->descriptors(); }

  // A packet socket that sees and sends super-segments, as a TAP does.
  descriptor_handle packet_socket() {
    descriptor_handle made(::socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    EXPECT_EQ(::setsockopt(made.get(), SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on), 0);
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(0x0800);
    address.sll_ifindex = static_cast<int>(::if_nametoindex("pentad0"));
    EXPECT_EQ(::bind(made.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    return made;
  }

  // Linux's UDP socket at port 5000.
  int udp_socket() {
    const sockaddr_in here = address(linux_end, 5000);
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&here), sizeof here), 0);
    return socket_.get();
  }

  // Linux sends a datagram to us; it is told our hardware address first.
  void linux_sends(std::span<const std::byte> payload) {
    const sockaddr_in us = address(our_end, 4000);
    arpreq entry{};
    std::memcpy(&entry.arp_pa, &us, sizeof us);
    entry.arp_ha.sa_family = ARPHRD_ETHER;
    std::memcpy(entry.arp_ha.sa_data, card_->address().bytes().data(), mac_address::size);
    entry.arp_flags = ATF_COM | ATF_PERM;
    std::memcpy(entry.arp_dev, "pentad0", 8);
    EXPECT_EQ(::ioctl(socket_.get(), SIOCSARP, &entry), 0);
    EXPECT_EQ(::sendto(socket_.get(), payload.data(), payload.size(), 0,
                       reinterpret_cast<const sockaddr*>(&us), sizeof us),
              static_cast<ssize_t>(payload.size()));
  }

  // The next IPv4 frame; an empty handle if there is none.
  packet next_ipv4() {
    packet frame;
    while (card_->receive({&frame, 1}) == 1) {
      const auto view = wire::ethernet_view::parse(frame.bytes());
      if (view && view->type() == wire::ethertype::ipv4) return frame;
    }
    return {};
  }

  // A flow to Linux's end.
  flow to_linux() {
    flow made = flow::v4();
    std::array<std::byte, mac_address::size> mac;
    ifreq request{};
    std::memcpy(request.ifr_name, "pentad0", 8);
    EXPECT_EQ(::ioctl(socket_.get(), SIOCGIFHWADDR, &request), 0);
    std::memcpy(mac.data(), request.ifr_hwaddr.sa_data, mac.size());
    made.destination_mac = mac_address(mac);
    return made;
  }

 private:
  static sockaddr_in address(const ip_address& ip, std::uint16_t port) {
    sockaddr_in made{};
    made.sin_family = AF_INET;
    made.sin_port = htons(port);
    std::memcpy(&made.sin_addr, ip.bytes().data(), 4);
    return made;
  }

  packet_pool pool_;
  std::unique_ptr<pentad::engine> engine_;
  std::unique_ptr<tap_nic> card_ = must(tap_nic::open("pentad0", pool_, *engine_->descriptors()));
  descriptor_handle socket_;
};

class tap : public testing::TestWithParam<const char*> {
 protected:
  template <class Body>
  void with_link(Body body) {
    in_network_namespace([&] {
      tap_link link(GetParam());
      body(link);
    });
  }
};

INSTANTIATE_TEST_SUITE_P(, tap, testing::Values("uring", "epoll"), engine_name);

TEST_P(tap, has_an_address_other_than_linux_s_end) {
  with_link([](tap_link& link) {
    EXPECT_EQ(link.card().name(), "pentad0");
    EXPECT_NE(link.card().address(), link.to_linux().destination_mac);
  });
}

TEST_P(tap, says_that_it_does_the_work_on_tcp) {
  with_link([](tap_link& link) {
    const nic_capabilities can = link.card().capabilities();
    EXPECT_TRUE(can.transmit_checksum && can.receive_checksum && can.coalesces);
    EXPECT_TRUE(can.segment_tcp_v4 && can.segment_tcp_v6);
    EXPECT_EQ(can.segment_limit, 65535U);
  });
}

TEST_P(tap, belongs_to_one_program_at_a_time) {
  with_link([](tap_link& link) {
    const auto second = tap_nic::open("pentad0", link.pool(), link.engine());
    EXPECT_EQ(error_of(second), std::errc::device_or_resource_busy);
  });
}

TEST_P(tap, that_it_made_goes_with_it) {
  in_network_namespace([] {
    const std::unique_ptr<engine> driver = make_engine(GetParam());
    packet_pool pool;
    for (int i = 0; i != 3; ++i) {
      const auto card = must(tap_nic::open("pentad0", pool, *driver->descriptors()));
      EXPECT_TRUE(card->was_made());
      driver->poll(instant::min());
    }
    EXPECT_EQ(::if_nametoindex("pentad0"), 0U);
  });
}

TEST_P(tap, that_is_there_is_attached_to) {
  in_network_namespace([] {
    ASSERT_EQ(std::system("ip tuntap add pentad0 mode tap && ip link set pentad0 mtu 9000"), 0);
    const std::unique_ptr<engine> driver = make_engine(GetParam());
    packet_pool pool;
    {
      const auto card = must(tap_nic::open("pentad0", pool, *driver->descriptors()));
      EXPECT_FALSE(card->was_made());
      EXPECT_EQ(card->mtu(), 9000U);
    }
    EXPECT_NE(::if_nametoindex("pentad0"), 0U);
  });
}

// As a program leaves it that was killed.
TEST_P(tap, that_another_program_is_about_to_let_go_of_is_waited_for) {
  in_network_namespace([] {
    descriptor_handle other(::open("/dev/net/tun", O_RDWR | O_CLOEXEC));
    ifreq request{.ifr_ifrn = {"pentad0"}, .ifr_ifru = {}};
    request.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
    ASSERT_EQ(::ioctl(other.get(), TUNSETIFF, &request), 0);
    const std::unique_ptr<engine> driver = make_engine(GetParam());
    packet_pool pool;
    std::thread end_of_the_other([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      other = {};
    });
    const auto card = tap_nic::open("pentad0", pool, *driver->descriptors());
    end_of_the_other.join();
    ASSERT_TRUE(card) << card.error().message();
    EXPECT_TRUE((*card)->was_made());  // the other one's went with it
  });
}

TEST_P(tap, gives_linux_a_datagram_with_a_partial_checksum) {
  with_link([](tap_link& link) {
    const int socket = link.udp_socket();
    const octets payload = payload_of(100);
    EXPECT_TRUE(transmit_one(link.card(), link.to_linux().udp_offloaded(link.pool(), payload, 0)));
    octets received(200);
    const ssize_t size = ::recv(socket, received.data(), received.size(), 0);
    ASSERT_EQ(size, 100);
    received.resize(100);
    EXPECT_EQ(received, payload);
  });
}

TEST_P(tap, gives_linux_many_datagrams_in_one) {
  with_link([](tap_link& link) {
    if (!link.card().capabilities().segment_udp) return;  // before Linux 6.2
    const int socket = link.udp_socket();
    const octets payload = payload_of(2500);
    EXPECT_TRUE(
        transmit_one(link.card(), link.to_linux().udp_offloaded(link.pool(), payload, 1000)));
    octets received(5000);
    EXPECT_EQ(::recv(socket, received.data(), received.size(), 0), 1000);
    EXPECT_EQ(::recv(socket, received.data(), received.size(), 0), 1000);
    EXPECT_EQ(::recv(socket, received.data(), received.size(), 0), 500);
  });
}

TEST_P(tap, takes_from_linux_a_datagram_with_a_partial_checksum) {
  with_link([](tap_link& link) {
    const octets payload = payload_of(100);
    link.linux_sends(payload);
    packet frame = link.next_ipv4();
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame.offload().checksum, checksum_state::partial);
    EXPECT_TRUE(complete_checksum(frame));
    const auto ip = wire::ipv4_view::parse(frame.bytes().subspan(14));
    ASSERT_TRUE(ip);
    const auto datagram = wire::udp_view::parse(
        ip->payload(), wire::pseudo_header(ip->source(), ip->destination(), ip->protocol()),
        wire::checksum_check::verify);
    ASSERT_TRUE(datagram);
    EXPECT_THAT(datagram->payload(), testing::ElementsAreArray(payload));
  });
}

TEST_P(tap, gives_linux_a_super_segment_in_one_call) {
  with_link([](tap_link& link) {
    const descriptor_handle socket = link.packet_socket();
    const octets payload = payload_of(65'000);
    packet frame = link.to_linux().tcp_offloaded(link.pool(), payload, 1448);
    const octets sent = octets_of(frame);
    const packet_offload offload = frame.offload();
    EXPECT_TRUE(transmit_one(link.card(), std::move(frame)));

    virtio_header header;
    octets received(70'000);
    // As far as packet sockets are concerned, the header has no field `buffers`.
    const std::array<iovec, 2> parts{{{&header, 10}, {received.data(), received.size()}}};
    const ssize_t size = ::readv(socket.get(), parts.data(), parts.size());
    ASSERT_EQ(size, static_cast<ssize_t>(10 + sent.size()));
    received.resize(sent.size());
    EXPECT_EQ(received, sent);
    EXPECT_EQ(offload_from(header, received), offload);
  });
}

TEST_P(tap, takes_a_super_segment_from_linux_in_one_call) {
  with_link([](tap_link& link) {
    const descriptor_handle socket = link.packet_socket();
    for (const std::size_t size : {65'000U, 1790U, 1791U, 1300U}) {
      const packet frame = flow::v4().tcp_offloaded(link.pool(), payload_of(size), 1200);
      virtio_header header = virtio_header_for(frame.offload());
      octets sent = octets_of(frame);
      const std::array<iovec, 2> parts{{{&header, 10}, {sent.data(), sent.size()}}};
      ASSERT_EQ(::writev(socket.get(), parts.data(), parts.size()),
                static_cast<ssize_t>(10 + sent.size()));
      const packet received = link.next_ipv4();
      ASSERT_TRUE(received);
      EXPECT_EQ(octets_of(received), sent);
      EXPECT_EQ(received.offload(), frame.offload());
    }
  });
}

TEST_P(tap, whose_link_is_down_drops_and_counts) {
  in_network_namespace([] {
    const std::unique_ptr<engine> driver = make_engine(GetParam());
    packet_pool pool;
    const auto card = must(tap_nic::open("pentad0", pool, *driver->descriptors()));
    EXPECT_TRUE(transmit_one(*card, packet_of(pool, numbered_frame(1))));
    EXPECT_EQ(card->counters().transmit_drops, 1U);
  });
}

TEST_P(tap, goes_on_when_a_flood_found_no_memory) {
  in_network_namespace([] {
    const std::unique_ptr<engine> driver = make_engine(GetParam());
    packet_pool pool({.packets = 2});
    const auto card = must(tap_nic::open("pentad0", pool, *driver->descriptors()));
    EXPECT_TRUE(configure_link("pentad0", {}));
    EXPECT_EQ(receive_all(*card).size(), 0U);
    counting_ready ready;
    card->set_ready(&ready);

    packet kept = pool.take(1);
    const descriptor_handle socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_ifindex = static_cast<int>(::if_nametoindex("pentad0"));
    const octets frame = numbered_frame(1);
    for (int i = 0; i != 400; ++i) {
      ::sendto(socket.get(), frame.data(), frame.size(), 0, reinterpret_cast<sockaddr*>(&address),
               sizeof address);
    }
    driver->poll(instant::min());
    // Each call does a bounded amount of work and asks to be called again.
    int calls = 0;
    while (std::exchange(ready.receivable_calls, 0) != 0) {
      packet none;
      EXPECT_EQ(card->receive({&none, 1}), 0U);
      ASSERT_LT(++calls, 10);
    }
    EXPECT_EQ(calls, 2);
    EXPECT_EQ(card->counters().receive_drops, 400U);
    card->set_ready(nullptr);
  });
}

TEST(tap_errors, name_what_is_wrong) {
  packet_pool pool;
  const std::unique_ptr<engine> driver = make_engine("epoll");
  const auto opened = [&](std::string_view name) {
    return error_of(tap_nic::open(name, pool, *driver->descriptors()));
  };
  EXPECT_EQ(opened(""), std::errc::invalid_argument);
  EXPECT_EQ(opened("sixteen_letters_"), std::errc::invalid_argument);
  EXPECT_EQ(opened("tap%d"), std::errc::invalid_argument);
}

TEST(tap_errors, say_what_to_do) {
  const auto sentence = [](std::errc error) {
    return explain_tap_error(std::make_error_code(error), "tap0");
  };
  EXPECT_THAT(sentence(std::errc::operation_not_permitted),
              testing::AllOf(testing::HasSubstr("CAP_NET_ADMIN"),
                             testing::HasSubstr("ip tuntap add tap0 mode tap")));
  EXPECT_THAT(sentence(std::errc::no_such_file_or_directory),
              testing::HasSubstr("/dev/net/tun is missing"));
  EXPECT_THAT(sentence(std::errc::permission_denied), testing::HasSubstr("chmod 666 /dev/net/tun"));
  EXPECT_THAT(sentence(std::errc::device_or_resource_busy), testing::HasSubstr("another program"));
}

TEST(configure_link, gives_addresses_of_both_versions_and_an_mtu) {
  in_network_namespace([] {
    const std::unique_ptr<engine> driver = make_engine("epoll");
    packet_pool pool;
    const auto card = must(tap_nic::open("pentad0", pool, *driver->descriptors()));
    EXPECT_TRUE(configure_link("pentad0", link_address{linux_end, 24}, 1400));
    EXPECT_TRUE(configure_link("pentad0", link_address{must(ip_address::parse("fd09::2")), 64}));
    EXPECT_TRUE(configure_link("pentad0", link_address{linux_end, 24})) << "it may have it already";
    EXPECT_EQ(std::system("ip -4 addr show pentad0 | grep -q 'inet 10.9.0.2/24' &&"
                          "ip -6 addr show pentad0 | grep -q 'inet6 fd09::2/64' &&"
                          "! ip -6 addr show pentad0 | grep fd09 | grep -q tentative &&"
                          "ip link show pentad0 | grep -q 'UP.*mtu 1400'"),
              0);
  });
}

TEST(configure_link, says_what_is_wrong) {
  in_network_namespace([] {
    EXPECT_EQ(error_of(configure_link("nowhere0", {})), std::errc::no_such_device);
    EXPECT_EQ(error_of(configure_link("lo", link_address{linux_end, 33})),
              std::errc::invalid_argument);
  });
}

}  // namespace
}  // namespace pentad::test
