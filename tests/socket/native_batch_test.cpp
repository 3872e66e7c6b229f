// How much a stack gives its card at a time.
#include <gtest/gtest.h>

#include <algorithm>

#include "pentad/nic/memory.hpp"
#include "pentad/runtime/virtual_engine.hpp"
#include "pentad/stack/native/host_stack/native_stack.hpp"
#include "tests/socket/stream_pair.hpp"

namespace pentad::test {
namespace {

/// Counts what goes out at a time by another card.
class counting_nic final : public nic {
 public:
  explicit counting_nic(nic& card) noexcept : card_(card) {}

  std::size_t transmit(std::span<packet> batch) override {
    std::size_t bytes = 0;
    for (const packet& each : batch) bytes += each.size();
    most_frames = std::max(most_frames, batch.size());
    most_bytes = std::max(most_bytes, bytes);
    return card_.transmit(batch);
  }
  std::size_t receive(std::span<packet> batch) override { return card_.receive(batch); }
  void set_ready(nic_ready* hook) noexcept override { card_.set_ready(hook); }
  nic_capabilities capabilities() const noexcept override { return card_.capabilities(); }
  mac_address address() const noexcept override { return card_.address(); }
  std::size_t mtu() const noexcept override { return card_.mtu(); }
  nic_counters counters() const noexcept override { return card_.counters(); }

  std::size_t most_frames = 0;
  std::size_t most_bytes = 0;

 private:
  nic& card_;
};

class native_batch : public testing::Test {
 protected:
  native_batch() {
    sender_stack_.add(card, at(sender_address));
    receiver_stack_.add(link_.second(), at(receiver_address));
  }

  static constexpr ip_address sender_address = ip_address::v4(10, 0, 0, 1);
  static constexpr ip_address receiver_address = ip_address::v4(10, 0, 0, 2);

 private:
  static native::interface_settings at(const ip_address& address) {
    native::interface_settings settings;
    settings.addresses.push_back({address, 24});
    return settings;
  }

  static memory_link_options long_frames() {
    memory_link_options options;
    options.mtu = 65535;
    return options;
  }

  virtual_engine engine_;
  event_loop loop_{engine_};
  packet_pool packets_;
  memory_link link_{packets_, packets_, long_frames()};
  native::native_stack sender_stack_{loop_, packets_, {}};
  native::native_stack receiver_stack_{loop_, packets_, {}};

 protected:
  counting_nic card{link_.first()};
  host sender{loop_, sender_stack_, 1};
  host receiver{loop_, receiver_stack_, 2};
};

TEST_F(native_batch, of_long_frames_is_a_few) {
  const auto program = [&]() -> task<> {
    stream_listener listener = must(receiver.listen(endpoint(receiver_address, 7)));
    auto both = co_await when_all(sender.connect(must(listener.local())), listener.accept());
    stream_socket from = must(std::move(both.get<0>()));
    stream_socket to = must(std::move(both.get<1>()));
    const std::vector<std::byte> sent = pattern(4 << 20);
    const auto send = [&]() -> task<> { must(co_await from.send(sent)); };
    const auto receive = [&]() -> task<> {
      std::vector<std::byte> buffer(sent.size());
      for (std::size_t count = 0; count < sent.size();) {
        count += must(co_await to.receive(std::span(buffer).subspan(count)));
      }
      EXPECT_EQ(buffer, sent);
    };
    co_await when_all(send(), receive());
  };
  must(sender.run(program()));
  EXPECT_GT(card.most_bytes, std::size_t{60} << 10);
  EXPECT_LE(card.most_bytes, std::size_t{256} << 10);
}

TEST_F(native_batch, of_short_frames_is_many_however_long_they_might_be) {
  constexpr std::size_t count = 40;
  const auto program = [&]() -> task<> {
    datagram_socket to = must(receiver.datagram(endpoint(receiver_address, 7)));
    datagram_socket from = must(sender.datagram(endpoint(sender_address, 0)));
    std::vector<std::byte> buffer(100);
    const auto greet = [&](std::size_t times) -> task<> {
      for (; times != 0; --times) must(co_await from.send(bytes_of("!"), must(to.local())));
    };
    const auto hear = [&](std::size_t times) -> task<> {
      for (; times != 0; --times) must(co_await to.receive(buffer));
    };
    co_await when_all(greet(1), hear(1));  // their neighbours know each other from here on
    card.most_frames = 0;
    co_await when_all(greet(count), hear(count));
  };
  must(sender.run(program()));
  EXPECT_EQ(card.most_frames, count);
}

}  // namespace
}  // namespace pentad::test
