// The cookies by which a server knows an address that it has heard from before (RFC 7413, section
// 4.1.2): a keyed hash of the address, for which nothing is kept.
#pragma once

#include "pentad/base/byte_order.hpp"
#include "pentad/base/clock.hpp"
#include "pentad/base/ip_address.hpp"
#include "pentad/base/siphash.hpp"
#include "pentad/wire/tcp_options.hpp"

namespace pentad::native {

class fast_open_cookies {
 public:
  using cookie = wire::tcp_fast_open_cookie;

  /// The key changes so often; the cookies of the last one are good for as long again.
  static constexpr duration period = std::chrono::hours(1);

  explicit fast_open_cookies(siphash_key secret) noexcept : secret_(secret) {}

  cookie make(const ip_address& client, instant now) const noexcept {
    return of_age(client, now, 0);
  }
  bool is_good(const cookie& shown, const ip_address& client, instant now) const noexcept {
    return shown == of_age(client, now, 0) || shown == of_age(client, now, 1);
  }

 private:
  cookie of_age(const ip_address& client, instant now, std::uint64_t age) const noexcept {
    const auto time = static_cast<std::uint64_t>(now.time_since_epoch() / period);
    std::array<std::byte, 8> bytes;
    store_be64(bytes.data(), siphash(secret_).add(time - age).add(client.bytes()).finish());
    return *cookie::from(bytes);
  }

  siphash_key secret_;
};

}  // namespace pentad::native
