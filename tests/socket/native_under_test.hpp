// Pentad's own stack over a cable of memory, as a stack under test: two hosts in one process, on
// one loop and on virtual time.
#pragma once

#include "pentad/nic/memory.hpp"
#include "pentad/runtime/virtual_engine.hpp"
#include "pentad/stack/native/host_stack/native_stack.hpp"
#include "tests/socket/stack_under_test.hpp"

namespace pentad::test {

class native_under_test final : public stack_under_test {
 public:
  native_under_test() {
    server_stack_.add(link_.first(), configured(1));
    client_stack_.add(link_.second(), configured(11));
  }

  host& server() override { return server_; }
  host& client() override { return client_; }

  ip_address server_address(ip_version version, std::uint8_t index) override {
    return address(version, static_cast<std::uint8_t>(1 + index));
  }
  ip_address client_address(ip_version version, std::uint8_t index) override {
    return address(version, static_cast<std::uint8_t>(11 + index));
  }

  bool has(ip_version) override { return true; }

  // Nobody has that address.
  endpoint silence() override { return {ip_address::v4(10, 0, 0, 200), 1}; }

 private:
  static ip_address address(ip_version version, std::uint8_t last) {
    if (version == ip_version::v4) return ip_address::v4(10, 0, 0, last);
    std::array<std::byte, 16> bytes{std::byte{0xfd}};
    bytes[15] = std::byte{last};
    return ip_address::v6(bytes);
  }

  static native::interface_settings configured(std::uint8_t first) {
    native::interface_settings settings;
    for (std::uint8_t i = 0; i < 2; ++i) {
      const auto last = static_cast<std::uint8_t>(first + i);
      settings.addresses.push_back({address(ip_version::v4, last), 24});
      settings.addresses.push_back({address(ip_version::v6, last), 64});
    }
    return settings;
  }

  static native::core_settings seeded(std::uint64_t seed) {
    native::core_settings settings;
    settings.seed = seed;
    settings.duplicates.solicitations = 0;
    return settings;
  }

  virtual_engine engine_;
  event_loop loop_{engine_};
  packet_pool server_packets_;
  packet_pool client_packets_;
  memory_link link_{server_packets_, client_packets_};
  native::native_stack server_stack_{loop_, server_packets_, seeded(1)};
  native::native_stack client_stack_{loop_, client_packets_, seeded(2)};
  host server_{loop_, server_stack_, 1};
  host client_{loop_, client_stack_, 2};
};

inline constexpr stack_kind native_over_memory = {
    "memory",
    [] { return std::unique_ptr<stack_under_test>(std::make_unique<native_under_test>()); }};

}  // namespace pentad::test
