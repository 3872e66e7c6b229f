// Linux's stack on each of its engines, as a stack under test: both hosts are this machine.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>

#include "pentad/hosts/make_host.hpp"
#include "pentad/runtime/descriptor_handle.hpp"
#include "tests/socket/stack_under_test.hpp"

namespace pentad::test {

/// A plain socket of the system, for peers that do what Pentad would not.
inline descriptor_handle plain_socket(int domain, int type, int protocol = 0) {
  descriptor_handle made(::socket(domain, type | SOCK_CLOEXEC, protocol));
  if (!made) throw std::system_error(errno, std::generic_category());
  return made;
}

inline sockaddr_in plain_address(const endpoint& at) {
  sockaddr_in made{};
  made.sin_family = AF_INET;
  made.sin_port = htons(at.port);
  std::memcpy(&made.sin_addr, at.address.bytes().data(), 4);
  return made;
}

inline descriptor_handle plain_connect(const socket_address& to) {
  if (to.is_unix()) {
    descriptor_handle made = plain_socket(AF_UNIX, SOCK_STREAM);
    sockaddr_un remote{};
    remote.sun_family = AF_UNIX;
    const std::string_view path = to.unix_path().path();
    std::memcpy(remote.sun_path, path.data(), path.size());
    if (to.unix_path().is_abstract()) remote.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    EXPECT_EQ(::connect(made.get(), reinterpret_cast<sockaddr*>(&remote), size), 0);
    return made;
  }
  descriptor_handle made = plain_socket(AF_INET, SOCK_STREAM);
  sockaddr_in remote = plain_address(to.ip());
  EXPECT_EQ(::connect(made.get(), reinterpret_cast<sockaddr*>(&remote), sizeof remote), 0);
  return made;
}

class kernel_under_test final : public stack_under_test {
 public:
  explicit kernel_under_test(std::string_view text) : host_(must(make_host(text))) {}

  host& server() override { return *host_; }
  host& client() override { return *host_; }

  ip_address server_address(ip_version version, std::uint8_t index) override {
    return address(version, index);
  }
  ip_address client_address(ip_version version, std::uint8_t index) override {
    return address(version, static_cast<std::uint8_t>(10 + index));
  }

  bool has(ip_version version) override {
    return version == ip_version::v4 ||
           host_->listen(endpoint(ip_address::loopback(version), 0)).has_value();
  }

  // A listener whose queue is full drops all that knocks.
  endpoint silence() override {
    if (!full_) {
      full_ = plain_socket(AF_INET, SOCK_STREAM);
      sockaddr_in local = plain_address({ip_address::loopback(ip_version::v4), 0});
      auto* const native = reinterpret_cast<sockaddr*>(&local);
      EXPECT_EQ(::bind(full_.get(), native, sizeof local), 0);
      EXPECT_EQ(::listen(full_.get(), 0), 0);
      socklen_t size = sizeof local;
      EXPECT_EQ(::getsockname(full_.get(), native, &size), 0);
      full_at_ = {ip_address::loopback(ip_version::v4), ntohs(local.sin_port)};
      filling_ = plain_connect(full_at_);
    }
    return full_at_;
  }

 private:
  static ip_address address(ip_version version, std::uint8_t index) {
    if (version == ip_version::v6) return ip_address::loopback(version);
    return ip_address::v4(127, 0, 0, static_cast<std::uint8_t>(1 + index));
  }

  std::unique_ptr<host> host_;
  descriptor_handle full_;
  descriptor_handle filling_;
  endpoint full_at_;
};

inline constexpr stack_kind kernel_stacks[] = {
    {"uring",
     [] {
       return std::unique_ptr<stack_under_test>(
           std::make_unique<kernel_under_test>("kernel:uring"));
     }},
    {"epoll", [] {
       return std::unique_ptr<stack_under_test>(
           std::make_unique<kernel_under_test>("kernel:epoll"));
     }}};

}  // namespace pentad::test
