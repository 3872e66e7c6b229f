// Wraps a NIC and makes its link a bad one: loss, reordering, duplicates, damage, delay and a
// limited rate, each direction for itself, the same for the same seed.
#pragma once

#include "pentad/nic/impaired_path.hpp"
#include "pentad/nic/nic.hpp"

namespace pentad {

/// Runs on the timers of a loop, so on virtual time a run can be replayed. A direction with
/// impairments splits super-segments first, because a wire loses frames; without any, frames pass
/// untouched.
class impairment final : public nic, private nic_ready, private impaired_path::owner {
 public:
  /// How many frames may be on their way in each direction. `transmit` takes no more then, and
  /// what waits to be received stays in the inner NIC.
  static constexpr std::size_t most_frames = 4096;

  /// `inner` and `loop` must outlive it; the hook of `inner` becomes its own.
  impairment(nic& inner, event_loop& loop, std::uint64_t seed);
  /// What is on its way from `inner` is lost, what is on its way to it arrives.
  ~impairment() override;
  impairment(const impairment&) = delete;
  impairment& operator=(const impairment&) = delete;

  /// What happens from now on to what is transmitted.
  void set_transmit(const impairments& wanted) noexcept { outbound_.set(wanted); }
  /// What happens from now on to what is received.
  void set_receive(const impairments& wanted) noexcept { inbound_.set(wanted); }

  /// What happened to the frames of a direction that had impairments.
  [[nodiscard]] const impairment_counters& transmit_counters() const noexcept {
    return outbound_.counters();
  }
  [[nodiscard]] const impairment_counters& receive_counters() const noexcept {
    return inbound_.counters();
  }

  std::size_t transmit(std::span<packet> batch) override;
  std::size_t receive(std::span<packet> batch) override;
  void set_ready(nic_ready* hook) noexcept override;
  [[nodiscard]] nic_capabilities capabilities() const noexcept override {
    return inner_.capabilities();
  }
  [[nodiscard]] mac_address address() const noexcept override { return inner_.address(); }
  [[nodiscard]] std::size_t mtu() const noexcept override { return inner_.mtu(); }
  /// Of the inner NIC.
  [[nodiscard]] nic_counters counters() const noexcept override { return inner_.counters(); }

 private:
  struct retry_timer : timer_node {
    explicit retry_timer(impairment& owned_by) noexcept : owner(owned_by) {}
    impairment& owner;
  };

  void receivable() noexcept override;
  void transmittable() noexcept override;
  void frames_due(impaired_path& path) override;
  void pull();
  void push();
  void go_on();

  nic& inner_;
  event_loop& loop_;
  impaired_path outbound_;
  impaired_path inbound_;
  retry_timer retry_;  // the inner NIC has room, but its hook may not use it
  nic_ready* ready_ = nullptr;
  bool waits_to_receive_ = false;
  bool waits_to_transmit_ = false;
};

}  // namespace pentad
