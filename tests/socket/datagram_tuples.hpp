// Conformance of datagram sockets: connecting fixes the peer, and each of the five values tells two
// channels apart.
#pragma once

#include "tests/socket/datagram_suite.hpp"

namespace pentad::test {

TEST_P(datagram, knows_its_values) {
  datagram_socket far = server_socket();
  const endpoint nobody(ip_address::any(ip_version::v4), 0);
  EXPECT_EQ(far.tuple(), (five_tuple{ip_protocol::udp, local_of(far), nobody}));
  EXPECT_NE(local_of(far).port, 0);
  EXPECT_EQ(error_of(far.remote()), std::errc::not_connected);

  datagram_socket near = client_socket();
  must(near.connect(local_of(far)));
  EXPECT_EQ(near.tuple(), (five_tuple{ip_protocol::udp, local_of(near), local_of(far)}));
  must(near.disconnect());
  EXPECT_EQ(error_of(near.remote()), std::errc::not_connected);
}

TEST_P(datagram, of_a_connected_socket_goes_to_its_peer_and_comes_from_it) {
  const auto program = [&]() -> task<> {
    datagram_socket far = server_socket();
    datagram_socket other = server_socket();
    datagram_socket near = client_socket();
    must(near.connect(local_of(far)));
    must(co_await near.send(as_datagram("to the peer")));
    const std::string there = co_await receive_datagram_text(far);
    EXPECT_EQ(there, "to the peer");
    must(co_await other.send(as_datagram("from a stranger"), local_of(near)));
    must(co_await far.send(as_datagram("from the peer"), local_of(near)));
    const std::string back = co_await receive_datagram_text(near);
    EXPECT_EQ(back, "from the peer");
  };
  run(program());
}

TEST_P(datagram, needs_a_destination) {
  const auto program = [&]() -> task<> {
    datagram_socket near = client_socket();
    const result<void> refused = co_await near.send(as_datagram("x"));
    EXPECT_EQ(error_of(refused), std::errc::destination_address_required);
  };
  run(program());
}

TEST_P(datagram, socket_refuses_a_port_that_is_taken) {
  datagram_socket far = server_socket();
  EXPECT_EQ(error_of(server().datagram(local_of(far))), std::errc::address_in_use);
}

// A socket that is connected from `from` to `to`.
inline datagram_socket connected(host& on, const endpoint& from, const endpoint& to) {
  datagram_socket made = must(on.datagram(from, {.reuse_address = true}));
  must(made.connect(to));
  return made;
}

// Two ports that nobody has: other tests run at the same time.
inline std::array<std::uint16_t, 2> unused_ports(host& on, const ip_address& address) {
  const datagram_socket one = must(on.datagram(endpoint(address, 0)));
  const datagram_socket two = must(on.datagram(endpoint(address, 0)));
  return {local_of(one).port, local_of(two).port};
}

TEST_P(datagram, channels_that_differ_in_one_value_do_not_mix) {
  const auto program = [&]() -> task<> {
    const auto here = [&](std::uint8_t index, std::uint16_t port) {
      return endpoint(stack().client_address(ip_version::v4, index), port);
    };
    const auto there = [&](std::uint8_t index, std::uint16_t port) {
      return endpoint(stack().server_address(ip_version::v4, index), port);
    };
    struct channel {
      endpoint near;
      endpoint far;
    };
    const std::array near = unused_ports(client(), here(0, 0).address);
    const std::array far = unused_ports(server(), there(0, 0).address);
    const channel base{here(0, near[0]), there(0, far[0])};
    const channel others[] = {{here(1, near[0]), there(0, far[0])},
                              {here(0, near[1]), there(0, far[0])},
                              {here(0, near[0]), there(1, far[0])},
                              {here(0, near[0]), there(0, far[1])}};
    for (const channel& other : others) {
      datagram_socket near_one = connected(client(), base.near, base.far);
      datagram_socket far_one = connected(server(), base.far, base.near);
      datagram_socket near_two = connected(client(), other.near, other.far);
      datagram_socket far_two = connected(server(), other.far, other.near);
      must(co_await near_one.send(as_datagram("1 to server")));
      must(co_await near_two.send(as_datagram("2 to server")));
      must(co_await far_two.send(as_datagram("2 to client")));
      must(co_await far_one.send(as_datagram("1 to client")));
      const std::string one_there = co_await receive_datagram_text(far_one);
      const std::string two_there = co_await receive_datagram_text(far_two);
      const std::string one_back = co_await receive_datagram_text(near_one);
      const std::string two_back = co_await receive_datagram_text(near_two);
      EXPECT_EQ(one_there, "1 to server");
      EXPECT_EQ(two_there, "2 to server");
      EXPECT_EQ(one_back, "1 to client");
      EXPECT_EQ(two_back, "2 to client");
    }
  };
  run(program());
}

}  // namespace pentad::test
