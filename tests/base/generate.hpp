#pragma once

/// Values of every shape from a fixed seed, for tests of what must hold for all of them.

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>

#include "pentad/base/five_tuple.hpp"

namespace pentad::test {

class generator {
 public:
  std::uint32_t number(std::uint32_t maximum) {
    return std::uniform_int_distribution<std::uint32_t>{0, maximum}(engine_);
  }

  bool coin() { return number(1) == 1; }

  /// Bytes that are often zero, so that runs of zeros of every length and place come up.
  std::byte byte() { return coin() ? std::byte{0} : static_cast<std::byte>(number(255)); }

  ip_address address() {
    if (coin()) {
      std::array<std::byte, 4> bytes;
      for (std::byte& b : bytes) b = byte();
      return ip_address::v4(bytes);
    }
    std::array<std::byte, 16> bytes{};
    for (std::size_t i = 0; i != bytes.size(); i += 2) {
      if (coin()) continue;
      bytes[i] = byte();
      bytes[i + 1] = byte();
    }
    if (number(7) == 0) {
      bytes = {};
      bytes[10] = bytes[11] = std::byte{0xff};
      for (std::size_t i = 12; i != bytes.size(); ++i) bytes[i] = byte();
    }
    return ip_address::v6(bytes, number(3) == 0 ? number(UINT32_MAX) : 0);
  }

  std::uint16_t port() { return static_cast<std::uint16_t>(number(3) == 0 ? 0 : number(65535)); }

  endpoint end() {
    const ip_address a = address();
    return {a, port()};
  }

  ip_protocol protocol() {
    constexpr std::array named{ip_protocol::tcp, ip_protocol::udp, ip_protocol::icmp,
                               ip_protocol::icmpv6};
    return coin() ? named[number(3)] : static_cast<ip_protocol>(number(255));
  }

  five_tuple tuple() {
    five_tuple x;
    x.protocol = protocol();
    x.local = end();
    x.remote = end();
    return x;
  }

 private:
  std::mt19937_64 engine_{20260101};
};

}  // namespace pentad::test
