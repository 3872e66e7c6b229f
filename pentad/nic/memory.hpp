// Two NICs joined by a cable of memory, in one thread: two stacks in one process, without root.
#pragma once

#include "pentad/nic/nic.hpp"
#include "pentad/nic/packet_queue.hpp"

namespace pentad {

/// What both ends of a memory link have in common.
struct memory_link_options {
  std::size_t mtu = 1500;
  std::size_t queue_frames = 256;                  ///< on the way, each direction
  std::size_t queue_bytes = std::size_t{4} << 20;  ///< on the way, each direction
  nic_capabilities capabilities = {};              ///< by default none: each frame as on a wire

  /// All offloads: super-segments of 64 KiB and partial checksums pass untouched.
  [[nodiscard]] static memory_link_options offloading() noexcept;
};

/// One end of a memory link. What it takes waits at the other end at once; the copy into the other
/// end's pool is the wire. Between ends that share one pool the buffer itself changes hands.
class memory_nic final : public nic {
 public:
  std::size_t transmit(std::span<packet> batch) override;
  std::size_t receive(std::span<packet> batch) override;
  void set_ready(nic_ready* hook) noexcept override;
  [[nodiscard]] nic_capabilities capabilities() const noexcept override;
  [[nodiscard]] mac_address address() const noexcept override { return address_; }
  [[nodiscard]] std::size_t mtu() const noexcept override { return options_.mtu; }
  [[nodiscard]] nic_counters counters() const noexcept override { return counters_; }

 private:
  friend class memory_link;

  memory_nic(const memory_link_options& options, packet_pool& pool, memory_nic& other,
             mac_address address) noexcept
      : options_(options), pool_(pool), other_(other), address_(address) {}

  [[nodiscard]] bool has_room_for(std::size_t size) const noexcept;
  [[nodiscard]] bool half_empty() const noexcept;
  void arrive(packet frame);
  packet as_received(packet frame);

  const memory_link_options& options_;
  packet_pool& pool_;
  memory_nic& other_;
  mac_address address_;
  packet_queue arrived_;
  nic_ready* ready_ = nullptr;
  bool waits_to_receive_ = false;
  bool waits_to_transmit_ = false;
  nic_counters counters_;
};

/// Both ends. The pools, into which each end receives, must outlive it; they may be one.
class memory_link {
 public:
  memory_link(packet_pool& first_pool, packet_pool& second_pool,
              const memory_link_options& options = {});
  memory_link(const memory_link&) = delete;
  memory_link& operator=(const memory_link&) = delete;

  /// 02:00:00:00:00:01
  [[nodiscard]] memory_nic& first() noexcept { return first_; }
  /// 02:00:00:00:00:02
  [[nodiscard]] memory_nic& second() noexcept { return second_; }

 private:
  memory_link_options options_;
  memory_nic first_;
  memory_nic second_;
};

}  // namespace pentad
