#include "pentad/socket/host.hpp"

#include <gtest/gtest.h>

#include <set>
#include <type_traits>

#include "pentad/stack/stack.hpp"
#include "tests/runtime/virtual_loop.hpp"
#include "tests/socket/kernel_stacks.hpp"

namespace pentad::test {
namespace {

// A wrong order of the steps does not compile.
template <class T>
concept can_bind = requires(T x, socket_address a) { std::move(x).bind(a); };
template <class T>
concept can_listen = requires(T x) { std::move(x).listen(1); };
template <class T>
concept can_connect = requires(T x, socket_address a) { std::move(x).connect(a); };
template <class T>
concept can_accept = requires(T x) { x.accept(); };
template <class T>
concept can_receive = requires(T x) { x.receive(); };
template <class T>
concept binds_twice = requires(T x, socket_address a) { x.bind(a); };

static_assert(can_bind<unbound_socket> && can_connect<unbound_socket>);
static_assert(!can_listen<unbound_socket> && !can_accept<unbound_socket>);
static_assert(!can_receive<unbound_socket>);
static_assert(can_listen<bound_socket> && can_connect<bound_socket>);
static_assert(!can_bind<bound_socket> && !can_accept<bound_socket> && !can_receive<bound_socket>);
static_assert(can_accept<stream_listener>);
static_assert(!can_receive<stream_listener> && !can_connect<stream_listener>);
static_assert(can_receive<stream_socket>);
static_assert(!can_accept<stream_socket> && !can_listen<stream_socket>);
static_assert(!binds_twice<unbound_socket>, "a step uses up the state that it leaves");

// Sockets own their resource.
template <class T>
constexpr bool is_move_only =
    std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T> &&
    !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T>;
static_assert(is_move_only<unbound_socket> && is_move_only<bound_socket>);
static_assert(is_move_only<stream_listener> && is_move_only<stream_socket>);
static_assert(is_move_only<received>);
static_assert(!std::is_copy_constructible_v<host> && !std::is_move_constructible_v<host>);

class no_network final : public stack {
 public:
  result<owned_impl<unconnected_impl>> open_stream(address_family, const stream_options&) override {
    return failure(std::errc::network_down);
  }
  result<owned_impl<datagram_impl>> open_datagram(address_family,
                                                  const datagram_options&) override {
    return failure(std::errc::network_down);
  }
  result<owned_impl<datagram_impl>> open_raw(ip_version, ip_protocol, const raw_options&) override {
    return failure(std::errc::network_down);
  }
  result<owned_impl<packet_impl>> open_packets(const packet_options&) override {
    return failure(std::errc::network_down);
  }
  result<std::vector<network_interface>> interfaces() override { return {}; }
};

TEST(host, draws_the_same_random_numbers_from_the_same_seed) {
  virtual_loop world;
  no_network network;
  host one(world.loop(), network, 1);
  host same(world.loop(), network, 1);
  host other(world.loop(), network, 2);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t drawn = one.random();
    EXPECT_EQ(drawn, same.random());
    EXPECT_TRUE(seen.insert(drawn).second);
    EXPECT_TRUE(seen.insert(other.random()).second);
  }
}

TEST(host, draws_every_bit_about_as_often) {
  virtual_loop world;
  no_network network;
  host here(world.loop(), network, 0);
  std::array<int, 64> ones{};
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t drawn = here.random();
    for (std::size_t bit = 0; bit < ones.size(); ++bit) ones[bit] += (drawn >> bit & 1) != 0;
  }
  for (const int count : ones) {
    EXPECT_GT(count, 4700);  // six standard deviations
    EXPECT_LT(count, 5300);
  }
}

TEST(host, has_the_clock_of_its_loop) {
  virtual_loop world;
  no_network network;
  host here(world.loop(), network, 0);
  const auto program = [&]() -> task<duration> {
    const instant before = here.now();
    must(co_await here.sleep(5s));
    co_return here.now() - before;
  };
  EXPECT_EQ(here.run(program()), duration(5s));
}

TEST(host, tells_why_a_socket_cannot_be_opened) {
  virtual_loop world;
  no_network network;
  host here(world.loop(), network, 0);
  const endpoint anywhere(ip_address::loopback(ip_version::v4), 1);
  EXPECT_EQ(error_of(here.open(stream, ip_version::v6)), std::errc::network_down);
  EXPECT_EQ(error_of(here.open(stream, unix_domain)), std::errc::network_down);
  EXPECT_EQ(error_of(here.listen(anywhere)), std::errc::network_down);
  const auto program = [&]() -> task<> {
    const result<stream_socket> connected = co_await here.connect(anywhere);
    EXPECT_EQ(error_of(connected), std::errc::network_down);
  };
  must(here.run(program()));
}

}  // namespace
}  // namespace pentad::test
