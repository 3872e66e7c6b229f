// Wraps a NIC and writes what passes to a file that Wireshark and tcpdump read.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "pentad/base/result.hpp"
#include "pentad/inspect/recording.hpp"
#include "pentad/nic/nic.hpp"

namespace pentad {

/// Records frames as the NIC takes and gives them: super-segments whole, partial checksums
/// completed (in the recording only). Traffic goes on whatever happens to the file.
class recorder final : public nic {
 public:
  /// Gives the time since 1970 began, or since a simulation did.
  using clock = std::function<std::chrono::nanoseconds()>;

  /// Records the traffic of `inner`, which must outlive the recorder, to a new file at `path`, in
  /// the place of one that is there; only its owner may read it. Up to 256 KiB are held back until
  /// `flush`; what is written blocks as writing to files does. Errors: those of open(2) and
  /// write(2).
  static result<std::unique_ptr<recorder>> open(nic& inner, const std::string& path, clock now);
  ~recorder() override;
  recorder(const recorder&) = delete;
  recorder& operator=(const recorder&) = delete;

  std::size_t transmit(std::span<packet> batch) override;
  std::size_t receive(std::span<packet> batch) override;
  void set_ready(nic_ready* hook) noexcept override { inner_.set_ready(hook); }
  [[nodiscard]] nic_capabilities capabilities() const noexcept override {
    return inner_.capabilities();
  }
  [[nodiscard]] mac_address address() const noexcept override { return inner_.address(); }
  [[nodiscard]] std::size_t mtu() const noexcept override { return inner_.mtu(); }
  [[nodiscard]] nic_counters counters() const noexcept override { return inner_.counters(); }

  /// Writes what is held back. Errors: those of write(2), now or since the last call; the recording
  /// ended there, and the error is reported once.
  result<void> flush();

  /// Frames that passed after the recording had ended.
  [[nodiscard]] std::uint64_t missed() const noexcept { return missed_; }

 private:
  recorder(nic& inner, int file, clock now) noexcept
      : inner_(inner), file_(file), now_(std::move(now)) {}

  std::size_t record(packet& frame, wire::pcapng_direction direction);
  void write_out() noexcept;

  nic& inner_;
  int file_;
  clock now_;
  recording recorded_{"Pentad"};  // and not written yet
  bool has_ended_ = false;
  std::error_code error_;  // not reported yet
  std::uint64_t missed_ = 0;
};

}  // namespace pentad
