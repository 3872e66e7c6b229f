// A NIC whose other end is Linux: a TAP device (Documentation/networking/tuntap.rst). Its address
// is that of Linux's end with another last bit, and marked as given locally.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "pentad/nic/virtio_device.hpp"

namespace pentad {

class tap_nic final : public virtio_device {
 public:
  /// Attaches to the TAP device `name` if there is one, else makes one that lives as long as this
  /// object; up to 15 characters. Both `pool` and `engine` must outlive the NIC.
  ///
  /// Errors: `invalid_argument`, no name of a device or of another kind of device;
  /// `no_such_file_or_directory`, Linux has no /dev/net/tun; `operation_not_permitted` or
  /// `permission_denied`; `device_or_resource_busy`, somebody is attached already, and still is
  /// after half a second, for which this waits; others of open(2) and ioctl(2). `explain_tap_error`
  /// has them in words.
  static result<std::unique_ptr<tap_nic>> open(std::string_view name, packet_pool& pool,
                                               descriptor_engine& engine);

  /// The name of the device, which is also that of Linux's end.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  /// Whether `open` made the device, which then has neither address nor link yet.
  [[nodiscard]] bool was_made() const noexcept { return was_made_; }

 private:
  using virtio_device::virtio_device;

  result<void> attach(std::string_view name);
  result<void> negotiate();
  std::ptrdiff_t read_parts(std::span<const iovec> parts) noexcept override;
  std::size_t write_frames(std::span<const outgoing_frame> outgoing) noexcept override;
  std::size_t write_together(std::span<const outgoing_frame> outgoing) noexcept;
  batched_calls* together() noexcept override;

  std::unique_ptr<batched_calls> batched_;
  std::string name_;
  bool was_made_ = false;
};

/// Why `tap_nic::open` failed and what to do about it, as a sentence.
std::string explain_tap_error(std::error_code error, std::string_view name);

}  // namespace pentad
