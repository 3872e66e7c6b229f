#pragma once

/// What a program listens on or connects to: an IP endpoint or the name of a Unix socket.

#include <string>

#include "pentad/base/endpoint.hpp"
#include "pentad/base/unix_endpoint.hpp"

namespace pentad {

class socket_address {
 public:
  /// 0.0.0.0:0
  constexpr socket_address() noexcept : socket_address{endpoint{}} {}
  // NOLINTNEXTLINE(google-explicit-constructor): every endpoint is a socket address
  constexpr socket_address(const endpoint& ip) noexcept : ip_{ip}, is_ip_{true} {}
  // NOLINTNEXTLINE(google-explicit-constructor): every Unix endpoint is a socket address
  constexpr socket_address(const unix_endpoint& path) noexcept : unix_{path}, is_ip_{false} {}

  [[nodiscard]] constexpr bool is_ip() const noexcept { return is_ip_; }
  [[nodiscard]] constexpr bool is_unix() const noexcept { return !is_ip_; }

  /// The IP endpoint. Throws `std::logic_error` unless `is_ip()`.
  [[nodiscard]] constexpr const endpoint& ip() const {
    if (!is_ip_) throw_wrong_kind();
    return ip_;
  }

  /// The Unix endpoint. Throws `std::logic_error` unless `is_unix()`.
  [[nodiscard]] constexpr const unix_endpoint& unix_path() const {
    if (is_ip_) throw_wrong_kind();
    return unix_;
  }

  friend constexpr bool operator==(const socket_address& a, const socket_address& b) noexcept {
    if (a.is_ip_ != b.is_ip_) return false;
    return a.is_ip_ ? a.ip_ == b.ip_ : a.unix_ == b.unix_;
  }

 private:
  [[noreturn]] static void throw_wrong_kind();

  union {
    endpoint ip_;
    unix_endpoint unix_;
  };
  bool is_ip_;
};

/// `10.9.0.1:6667`, `[fe80::1%veth0]:53`, `unix:/run/chat` or `unix:@name`; `unix:` when unnamed.
[[nodiscard]] std::string to_string(const socket_address& x);

}  // namespace pentad
