// How many clients an address has and how fast it brings new ones. An IPv6 network of 64 bits
// counts as one address: that is what a customer gets (RFC 6177).
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "apps/messenger/server/configuration.hpp"
#include "apps/messenger/server/token_bucket.hpp"
#include "pentad/base/ip_network.hpp"

namespace pentad::messenger {

class admission {
 public:
  enum class answer : std::uint8_t { welcome, too_many, too_fast };

  /// One more client comes from `address`. It counts, whatever the answer, until it leaves.
  answer enter(const ip_address& address, instant now, const limits& limit);
  void leave(const ip_address& address) noexcept;

  /// Addresses that are remembered: those of clients, and those whose rate is not forgotten yet.
  std::size_t size() const noexcept { return known_.size(); }

 private:
  struct record {
    std::size_t clients = 0;
    token_bucket connections;
  };

  void forget_quiet(instant now);

  std::unordered_map<ip_address, record> known_;
  std::size_t forget_at_ = 1024;
};

}  // namespace pentad::messenger
