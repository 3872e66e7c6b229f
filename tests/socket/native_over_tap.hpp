// Pentad's own stack against Linux's, as a stack under test: two hosts on one loop, joined by a TAP
// device, in a network namespace of the test.
#pragma once

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "pentad/nic/configure_link.hpp"
#include "pentad/nic/tap.hpp"
#include "pentad/runtime/descriptor_handle.hpp"
#include "pentad/runtime/epoll_engine.hpp"
#include "pentad/runtime/uring_engine.hpp"
#include "pentad/stack/kernel/epoll_stack.hpp"
#include "pentad/stack/kernel/uring_stack.hpp"
#include "pentad/stack/native/host_stack/native_stack.hpp"
#include "tests/socket/stack_under_test.hpp"

namespace pentad::test {

/// The calling thread is in a new network namespace while this lives.
class namespace_of_test {
 public:
  namespace_of_test() : before_(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)) {
    entered_ = before_ && ::unshare(CLONE_NEWNET) == 0;
  }
  ~namespace_of_test() {
    if (entered_) ::setns(before_.get(), CLONE_NEWNET);
  }
  namespace_of_test(const namespace_of_test&) = delete;
  namespace_of_test& operator=(const namespace_of_test&) = delete;

  explicit operator bool() const noexcept { return entered_; }

 private:
  descriptor_handle before_;
  bool entered_ = false;
};

enum class role { server, client };

class native_over_tap final : public stack_under_test {
 public:
  /// Null where it is not allowed.
  static std::unique_ptr<stack_under_test> make(role of_native, bool on_uring) {
    auto own = std::make_unique<namespace_of_test>();
    if (!*own || ::access("/dev/net/tun", R_OK | W_OK) != 0) return nullptr;
    return std::make_unique<native_over_tap>(std::move(own), of_native, on_uring);
  }

  native_over_tap(std::unique_ptr<namespace_of_test> own, role of_native, bool on_uring)
      : namespace_(std::move(own)), of_native_(of_native) {
    on_uring ? use_uring() : use_epoll();
    card_ = must(tap_nic::open("pentad0", packets_, *engine_->descriptors()));
    must(configure_link("lo", {}));
    for (std::uint8_t i = 0; i < 2; ++i) {
      for (const ip_version version : {ip_version::v4, ip_version::v6}) {
        must(configure_link("pentad0",
                            link_address{address(version, linux_is + i), length(version)}));
      }
    }
    native::core_settings settings;
    settings.seed = 1;
    settings.duplicates.solicitations = 0;
    native_stack_ = std::make_unique<native::native_stack>(*loop_, packets_, settings);
    native_stack_->add(*card_, native_addresses());
    native_ = std::make_unique<host>(*loop_, *native_stack_, 1);
    linux_ = std::make_unique<host>(*loop_, *linux_stack_, 2);
  }

  host& server() override { return of_native_ == role::server ? *native_ : *linux_; }
  host& client() override { return of_native_ == role::client ? *native_ : *linux_; }

  ip_address server_address(ip_version version, std::uint8_t index) override {
    return address(version, (of_native_ == role::server ? native_is : linux_is) + index);
  }
  ip_address client_address(ip_version version, std::uint8_t index) override {
    return address(version, (of_native_ == role::client ? native_is : linux_is) + index);
  }

  bool has(ip_version) override { return true; }

  // Nobody has that address.
  endpoint silence() override { return {address(ip_version::v4, 200), 1}; }

 private:
  static constexpr int linux_is = 1;
  static constexpr int native_is = 11;

  static ip_address address(ip_version version, int last) {
    const auto number = static_cast<std::uint8_t>(last);
    if (version == ip_version::v4) return ip_address::v4(10, 9, 0, number);
    std::array<std::byte, 16> bytes{std::byte{0xfd}, std::byte{9}};
    bytes[15] = std::byte{number};
    return ip_address::v6(bytes);
  }

  static unsigned length(ip_version version) { return version == ip_version::v4 ? 24 : 64; }

  static native::interface_settings native_addresses() {
    native::interface_settings settings;
    for (int i = 0; i < 2; ++i) {
      for (const ip_version version : {ip_version::v4, ip_version::v6}) {
        settings.addresses.push_back({address(version, native_is + i), length(version)});
      }
    }
    return settings;
  }

  void use_uring() {
    auto driver = must(uring_engine::open(duration::zero()));
    loop_ = std::make_unique<event_loop>(*driver);
    linux_stack_ = must(kernel::uring_stack::open(*driver, *loop_));
    engine_ = std::move(driver);
  }

  void use_epoll() {
    auto driver = must(epoll_engine::open(duration::zero()));
    loop_ = std::make_unique<event_loop>(*driver);
    linux_stack_ = std::make_unique<kernel::epoll_stack>(*driver, *loop_);
    engine_ = std::move(driver);
  }

  std::unique_ptr<namespace_of_test> namespace_;
  role of_native_;
  packet_pool packets_;
  std::unique_ptr<engine> engine_;
  std::unique_ptr<event_loop> loop_;
  std::unique_ptr<pentad::stack> linux_stack_;
  std::unique_ptr<tap_nic> card_;
  std::unique_ptr<native::native_stack> native_stack_;
  std::unique_ptr<host> native_;
  std::unique_ptr<host> linux_;
};

inline constexpr stack_kind native_against_linux[] = {
    {"native_serves_linux", [] { return native_over_tap::make(role::server, false); }},
    {"native_connects_to_linux", [] { return native_over_tap::make(role::client, true); }}};

}  // namespace pentad::test
