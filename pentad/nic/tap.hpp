// A NIC whose other end is Linux: a TAP device (Documentation/networking/tuntap.rst). With the
// header of virtio-net a super-segment of 64 KiB crosses in one call, and neither side computes a
// checksum.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "pentad/base/result.hpp"
#include "pentad/nic/nic.hpp"
#include "pentad/runtime/descriptor.hpp"

namespace pentad {

class tap_nic final : public nic, private descriptor_watch {
 public:
  /// Attaches to the TAP device `name` if there is one, else makes one that lives as long as this
  /// object; up to 15 characters. Frames are received into `pool`, of which one large buffer stays
  /// in use. Both `pool` and `engine` must outlive the NIC.
  ///
  /// Errors: `invalid_argument`, no name of a device or of another kind of device;
  /// `no_such_file_or_directory`, Linux has no /dev/net/tun; `operation_not_permitted` or
  /// `permission_denied`; `device_or_resource_busy`, somebody is attached already; others of
  /// open(2) and ioctl(2). `explain_tap_error` has them in words.
  static result<std::unique_ptr<tap_nic>> open(std::string_view name, packet_pool& pool,
                                               descriptor_engine& engine);
  ~tap_nic() override;
  tap_nic(const tap_nic&) = delete;
  tap_nic& operator=(const tap_nic&) = delete;

  std::size_t transmit(std::span<packet> batch) override;
  std::size_t receive(std::span<packet> batch) override;
  void set_ready(nic_ready* hook) noexcept override;
  [[nodiscard]] nic_capabilities capabilities() const noexcept override { return capabilities_; }
  /// Of this end: that of Linux's end with another last bit, and marked as given locally.
  [[nodiscard]] mac_address address() const noexcept override { return address_; }
  /// As Linux's end had it when this one was opened.
  [[nodiscard]] std::size_t mtu() const noexcept override { return mtu_; }
  [[nodiscard]] nic_counters counters() const noexcept override { return counters_; }

  /// The name of the device, which is also that of Linux's end.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  /// Whether `open` made the device, which then has neither address nor link yet.
  [[nodiscard]] bool was_made() const noexcept { return was_made_; }

 private:
  // Owns `device`.
  tap_nic(int device, packet_pool& pool, descriptor_engine& engine) noexcept
      : device_(device), pool_(pool), engine_(engine) {}

  result<void> attach(std::string_view name);
  result<void> negotiate();
  result<void> read_link();
  void ready() noexcept override;

  enum class sending { done, failed, no_room };
  sending send(const packet& frame) noexcept;
  enum class reading { frame, dropped, nothing };
  reading read(packet& frame);
  reading discard() noexcept;

  int device_;
  packet_pool& pool_;
  descriptor_engine& engine_;
  std::string name_;
  bool was_made_ = false;
  bool is_watched_ = false;
  mac_address address_;
  std::size_t mtu_ = 0;
  nic_capabilities capabilities_;
  packet overflow_;  // where the end of a long frame is read to
  nic_ready* ready_ = nullptr;
  bool waits_to_receive_ = false;
  bool waits_to_transmit_ = false;
  nic_counters counters_;
};

/// Why `tap_nic::open` failed and what to do about it, as a sentence.
std::string explain_tap_error(std::error_code error, std::string_view name);

}  // namespace pentad
