// Two hosts on Pentad's own stack in one thread, each with its own memory, joined by a cable
// without offloads: every checksum is computed and verified, and every frame is copied once.
#pragma once

#include "pentad/nic/memory.hpp"
#include "pentad/runtime/epoll_engine.hpp"
#include "pentad/socket/host.hpp"
#include "pentad/stack/native/host_stack/native_stack.hpp"

namespace pentad::bench {

class memory_pair {
 public:
  explicit memory_pair(const memory_link_options& cable = {})
      : link_(client_packets_, server_packets_, cable) {
    client_stack_.add(link_.first(), at(client_address));
    server_stack_.add(link_.second(), at(server_address));
  }

  static constexpr ip_address client_address = ip_address::v4(10, 0, 0, 1);
  static constexpr ip_address server_address = ip_address::v4(10, 0, 0, 2);

  host& client() noexcept { return client_; }
  host& server() noexcept { return server_; }

 private:
  static native::interface_settings at(const ip_address& address) {
    native::interface_settings settings;
    settings.addresses.push_back({address, 24});
    return settings;
  }

  static native::core_settings seeded(std::uint64_t seed) {
    native::core_settings settings;
    settings.seed = seed;
    return settings;
  }

  std::unique_ptr<epoll_engine> engine_ = std::move(epoll_engine::open(duration::zero())).value();
  event_loop loop_{*engine_};
  packet_pool client_packets_;
  packet_pool server_packets_;
  memory_link link_;
  native::native_stack client_stack_{loop_, client_packets_, seeded(1)};
  native::native_stack server_stack_{loop_, server_packets_, seeded(2)};
  host client_{loop_, client_stack_, 1};
  host server_{loop_, server_stack_, 2};
};

}  // namespace pentad::bench
