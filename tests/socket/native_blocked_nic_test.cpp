// A host whose NIC takes nothing: what it sends to itself needs none.
#include <gtest/gtest.h>

#include "pentad/runtime/run.hpp"
#include "pentad/runtime/virtual_engine.hpp"
#include "pentad/stack/native/host_stack/native_stack.hpp"
#include "tests/stack/loopback_pair.hpp"

namespace pentad::test {
namespace {

class blocked_nic final : public nic {
 public:
  std::size_t transmit(std::span<packet>) override {
    ++asked;
    return 0;
  }
  std::size_t receive(std::span<packet>) override { return 0; }
  void set_ready(nic_ready*) noexcept override {}
  nic_capabilities capabilities() const noexcept override { return {}; }
  mac_address address() const noexcept override { return {2, 0, 0, 0, 0, 9}; }
  std::size_t mtu() const noexcept override { return 1500; }
  nic_counters counters() const noexcept override { return {}; }

  int asked = 0;
};

TEST(native_blocked_nic, does_not_stop_the_loopback) {
  virtual_engine engine;
  event_loop loop(engine);
  packet_pool packets;
  blocked_nic card;
  native::native_stack stack(loop, packets, {});
  native::interface_settings settings;
  settings.addresses.push_back({ip_address::v4(10, 0, 0, 1), 24});
  stack.add(card, settings);
  host here(loop, stack, 1);

  const auto program = [&]() -> task<> {
    datagram_socket abroad = must(here.datagram(endpoint(ip_address::any(ip_version::v4), 0)));
    must(co_await abroad.send(bytes_of("?"), endpoint(ip_address::v4(10, 0, 0, 2), 7)));
    while (card.asked == 0) must(co_await sleep(std::chrono::milliseconds(1)));

    const instant start = loop.now();
    stream_pair both = co_await connect_to_itself(here);
    const std::vector<std::byte> sent = pattern(100'000);
    const auto send = [&]() -> task<> { must(co_await both.client.send(sent)); };
    const auto receive = [&]() -> task<> {
      std::vector<std::byte> buffer(sent.size());
      for (std::size_t count = 0; count < sent.size();) {
        count += must(co_await both.server.receive(std::span(buffer).subspan(count)));
      }
      EXPECT_EQ(buffer, sent);
    };
    co_await when_all(send(), receive());
    EXPECT_EQ(loop.now(), start);  // no timer had to help
  };
  must(pentad::run(loop, program()));  // `here` would wait until all is sent
}

}  // namespace
}  // namespace pentad::test
