#include "tests/nic/nic_setups.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>

#include "pentad/nic/configure_link.hpp"
#include "pentad/nic/impairment.hpp"
#include "pentad/nic/memory.hpp"
#include "pentad/nic/packet_nic.hpp"
#include "pentad/nic/recorder.hpp"
#include "pentad/nic/tap.hpp"
#include "pentad/runtime/descriptor_handle.hpp"
#include "pentad/runtime/virtual_engine.hpp"
#include "tests/nic/cable.hpp"
#include "tests/runtime/real_loop.hpp"

namespace pentad::test {
namespace {

// A turn that waits for nothing: a timer is due already.
void turn_at_once(event_loop& loop) {
  timer_node due;
  due.at = loop.engine().now();
  due.fire = [](timer_node&) {};
  loop.timers().insert(due);
  loop.turn();
  loop.timers().erase(due);
}

class memory_end : public nic_setup {
 public:
  explicit memory_end(const packet_pool_limits& limits) : pool_(limits) {}

  nic& card() override { return link_.first(); }
  packet_pool& pool() override { return pool_; }
  void far_end_sends(std::span<const std::byte> frame) override {
    EXPECT_TRUE(transmit_one(link_.second(), packet_of(far_pool_, frame)));
  }
  std::vector<octets> far_end_receives() override { return receive_all(link_.second()); }

 protected:
  packet_pool pool_;
  packet_pool far_pool_;
  memory_link link_{pool_, far_pool_};
};

class recorded_end final : public memory_end {
 public:
  explicit recorded_end(const packet_pool_limits& limits)
      : memory_end(limits),
        recorder_(
            must(recorder::open(link_.first(), "/dev/null", [] { return duration::zero(); }))) {}

  nic& card() override { return *recorder_; }

 private:
  std::unique_ptr<recorder> recorder_;
};

class impaired_end final : public memory_end {
 public:
  impaired_end(const packet_pool_limits& limits, const impairments& wanted) : memory_end(limits) {
    impairment_.set_receive(wanted);
    impairment_.set_transmit(wanted);
  }

  nic& card() override { return impairment_; }
  void turn() override { turn_at_once(loop_); }
  std::vector<octets> far_end_receives() override {
    settle();
    return memory_end::far_end_receives();
  }

 private:
  // Until all that is under way is there.
  void settle() {
    while (loop_.turn()) continue;
  }

  virtual_engine engine_;
  event_loop loop_{engine_};
  impairment impairment_{link_.first(), loop_, 1};
};

// The far end is a packet socket on an interface of Linux.
class linux_end : public nic_setup {
 public:
  linux_end(const packet_pool_limits& limits, const std::string& engine)
      : pool_({.packets = limits.packets + 1, .bytes = limits.bytes}),
        engine_(make_engine(engine)),
        socket_(packet_socket()) {}

  packet_pool& pool() override { return pool_; }
  void turn() override { turn_at_once(loop_); }
  void far_end_sends(std::span<const std::byte> frame) override {
    EXPECT_EQ(::send(socket_.get(), frame.data(), frame.size(), 0),
              static_cast<ssize_t>(frame.size()));
  }
  std::vector<octets> far_end_receives() override {
    std::vector<octets> all;
    octets frame(70000);
    for (;;) {
      sockaddr_ll from{};
      socklen_t size = sizeof from;
      const ssize_t count = ::recvfrom(socket_.get(), frame.data(), frame.size(), 0,
                                       reinterpret_cast<sockaddr*>(&from), &size);
      if (count < 0) return all;
      if (from.sll_pkttype == PACKET_OUTGOING) continue;  // its own
      all.emplace_back(frame.begin(), frame.begin() + count);
    }
  }

 protected:
  static int packet_socket() {
    return ::socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, htons(0x88b5));
  }
  static void sit_on(const char* interface, const descriptor_handle& socket) {
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(0x88b5);
    address.sll_ifindex = static_cast<int>(::if_nametoindex(interface));
    EXPECT_EQ(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  void sit_on(const char* interface) { sit_on(interface, socket_); }

  // Whether something comes at all.
  static bool becomes_readable(const descriptor_handle& socket) {
    pollfd waiting{.fd = socket.get(), .events = POLLIN, .revents = 0};
    return ::poll(&waiting, 1, 5000) == 1;
  }
  bool far_end_hears() const { return becomes_readable(socket_); }

  descriptor_engine& descriptors() { return *engine_->descriptors(); }

 private:
  packet_pool pool_;
  std::unique_ptr<engine> engine_;
  event_loop loop_{*engine_};
  descriptor_handle socket_;
};

class tap_end final : public linux_end {
 public:
  tap_end(const packet_pool_limits& limits, const std::string& engine)
      : linux_end(limits, engine), card_(must(tap_nic::open("pentad0", pool(), descriptors()))) {
    EXPECT_TRUE(configure_link("pentad0", {}));
    sit_on("pentad0");
  }

  nic& card() override { return *card_; }

 private:
  std::unique_ptr<tap_nic> card_;
};

// One end of a cable between two interfaces of Linux.
class packet_end final : public linux_end {
 public:
  packet_end(const packet_pool_limits& limits, const std::string& engine,
             packet_receiving receiving = packet_receiving::by_ring)
      : linux_end(limits, engine) {
    make_cable("pentad0", "pentad1");
    auto card = must(packet_nic::open("pentad0", pool(), descriptors(), receiving));
    EXPECT_EQ(card->has_ring(), receiving == packet_receiving::by_ring);
    card_ = std::move(card);
    sit_on("pentad1");
    sit_on("pentad0", witness_);
  }

  nic& card() override { return *card_; }

  // Linux may take a frame to the other end of a cable later, when it has much to do. Sockets of
  // one protocol get it after those of all.
  void far_end_sends(std::span<const std::byte> frame) override {
    linux_end::far_end_sends(frame);
    octets seen(frame.size());
    EXPECT_TRUE(becomes_readable(witness_));
    EXPECT_GT(::recv(witness_.get(), seen.data(), seen.size(), 0), 0);
  }
  std::vector<octets> far_end_receives() override {
    std::vector<octets> all;
    for (;;) {
      for (octets& each : linux_end::far_end_receives()) all.push_back(std::move(each));
      const bool has_all = received_ + all.size() >= card_->counters().transmitted_frames;
      if (has_all || !far_end_hears()) break;
    }
    received_ += all.size();
    return all;
  }

 private:
  std::unique_ptr<packet_nic> card_;
  descriptor_handle witness_{packet_socket()};  // of what comes to the card
  std::size_t received_ = 0;                    // at the far end
};

}  // namespace

std::unique_ptr<nic_setup> memory_setup(const packet_pool_limits& limits) {
  return std::make_unique<memory_end>(limits);
}
std::unique_ptr<nic_setup> recorded_setup(const packet_pool_limits& limits) {
  return std::make_unique<recorded_end>(limits);
}
std::unique_ptr<nic_setup> unimpaired_setup(const packet_pool_limits& limits) {
  return std::make_unique<impaired_end>(limits, impairments{});
}
std::unique_ptr<nic_setup> tap_on_uring_setup(const packet_pool_limits& limits) {
  return std::make_unique<tap_end>(limits, "uring");
}
std::unique_ptr<nic_setup> tap_on_epoll_setup(const packet_pool_limits& limits) {
  return std::make_unique<tap_end>(limits, "epoll");
}
std::unique_ptr<nic_setup> packet_on_uring_setup(const packet_pool_limits& limits) {
  return std::make_unique<packet_end>(limits, "uring");
}
std::unique_ptr<nic_setup> packet_on_epoll_setup(const packet_pool_limits& limits) {
  return std::make_unique<packet_end>(limits, "epoll");
}

std::unique_ptr<nic_setup> packet_by_call_setup(const packet_pool_limits& limits) {
  return std::make_unique<packet_end>(limits, "epoll", packet_receiving::by_call);
}

}  // namespace pentad::test
