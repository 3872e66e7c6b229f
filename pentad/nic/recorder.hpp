// Wraps a NIC and writes what passes to a file that Wireshark and tcpdump read.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "pentad/nic/nic.hpp"
#include "pentad/nic/recording_file.hpp"

namespace pentad {

/// Records frames as the NIC takes and gives them: super-segments whole, partial checksums
/// completed (in the recording only). Traffic goes on whatever happens to the file.
class recorder final : public nic {
 public:
  /// Gives the time since 1970 began, or since a simulation did.
  using clock = std::function<std::chrono::nanoseconds()>;

  /// Records the traffic of `inner`, which must outlive the recorder, to a file that several may
  /// share: packets name the card by its place among the interfaces of the file, which have names.
  recorder(nic& inner, std::shared_ptr<recording_file> file, std::string_view name, clock now);

  /// The same to a file of its own, `recording_file::create`. Errors: those of that.
  static result<std::unique_ptr<recorder>> open(nic& inner, const std::string& path, clock now);

  std::size_t transmit(std::span<packet> batch) override;
  std::size_t receive(std::span<packet> batch) override;
  void set_ready(nic_ready* hook) noexcept override { inner_.set_ready(hook); }
  [[nodiscard]] nic_capabilities capabilities() const noexcept override {
    return inner_.capabilities();
  }
  [[nodiscard]] mac_address address() const noexcept override { return inner_.address(); }
  [[nodiscard]] std::size_t mtu() const noexcept override { return inner_.mtu(); }
  [[nodiscard]] nic_counters counters() const noexcept override { return inner_.counters(); }

  /// `recording_file::flush`
  result<void> flush() { return file_->flush(); }

  /// Frames that passed after the recording had ended.
  [[nodiscard]] std::uint64_t missed() const noexcept { return missed_; }

 private:
  std::size_t record(packet& frame, wire::pcapng_direction direction);

  nic& inner_;
  std::shared_ptr<recording_file> file_;
  std::uint32_t number_;  // of the card among those of the file
  clock now_;
  std::uint64_t missed_ = 0;
};

}  // namespace pentad
