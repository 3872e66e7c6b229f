// A network interface card: what a stack sends its frames through and gets its frames from.
#pragma once

#include "pentad/base/mac_address.hpp"
#include "pentad/nic/packet.hpp"

namespace pentad {

/// What a NIC does for its stack beyond moving frames.
struct nic_capabilities {
  bool transmit_checksum = false;   ///< takes frames with a partial checksum
  bool receive_checksum = false;    ///< may give frames with a verified or a partial checksum
  bool segment_tcp_v4 = false;      ///< takes super-segments of TCP over IPv4
  bool segment_tcp_v6 = false;      ///< takes super-segments of TCP over IPv6
  bool segment_udp = false;         ///< takes several datagrams of UDP in one
  bool coalesces = false;           ///< may give frames longer than the MTU: super-segments
  std::uint32_t segment_limit = 0;  ///< the longest IP packet of a super-segment; 0: takes none

  friend bool operator==(const nic_capabilities&, const nic_capabilities&) = default;
};

struct nic_counters {
  std::uint64_t transmitted_frames = 0;
  std::uint64_t transmitted_bytes = 0;
  std::uint64_t transmit_drops = 0;  ///< frames taken that could not be sent
  std::uint64_t received_frames = 0;
  std::uint64_t received_bytes = 0;
  std::uint64_t receive_drops = 0;  ///< frames that arrived when the pool was exhausted, or broken
};

/// Who wants to know that a NIC can go on. The calls come from anywhere: an engine's poll, a timer,
/// `set_ready`, the other end's `transmit` or `receive`. So they only queue what is to be done
/// later and call no NIC themselves.
class nic_ready {
 public:
  /// Frames wait. They may prove to be none.
  virtual void receivable() noexcept = 0;
  /// There is room again.
  virtual void transmittable() noexcept = 0;

 protected:
  ~nic_ready() = default;
};

/// Frames go both ways in order, each as one packet that begins with its Ethernet header and ends
/// before the frame check sequence. Nothing blocks. A NIC belongs to one thread.
///
/// Back-pressure. A NIC holds a bounded number of frames each way and says so by taking and giving
/// fewer than it was asked for:
/// - After `transmit` took fewer than offered, the rest is still the caller's, and `transmittable`
///   is called once when there is room again. Until then the caller need not try; if it does and
///   all is taken, the call does not come.
/// - After `receive` gave fewer than asked, nothing waits, and `receivable` is called once when
///   something does. While `receive` gives as many as asked, more may wait, and no call comes: the
///   caller asks again when it likes. Frames that are not asked for stay where they are and slow
///   down or stop the sender, if it can be; a TAP's other end drops what finds no room.
/// - A frame that arrives when the pool is exhausted is dropped and counted, as hardware without
///   receive buffers does: waiting could not end, since no NIC sees when a packet dies.
class nic {
 public:
  virtual ~nic() = default;

  /// Takes frames from the front of `batch` as far as there is room, and says how many: these
  /// handles are empty afterwards. A frame that cannot be sent (too long, more offload than
  /// `capabilities` has, link down) is taken, dropped and counted, since later ones may fare
  /// better.
  virtual std::size_t transmit(std::span<packet> batch) = 0;

  /// Gives frames into the handles at the front of `batch`, whose former packets die, and says how
  /// many.
  virtual std::size_t receive(std::span<packet> batch) = 0;

  /// Whom to call; null: nobody. Replaces the one before. It counts as a `receive` that gave
  /// fewer than asked: when frames wait already, `receivable` is called at once.
  virtual void set_ready(nic_ready* hook) noexcept = 0;

  [[nodiscard]] virtual nic_capabilities capabilities() const noexcept = 0;
  [[nodiscard]] virtual mac_address address() const noexcept = 0;
  /// The longest IP packet of a frame that is not a super-segment.
  [[nodiscard]] virtual std::size_t mtu() const noexcept = 0;
  [[nodiscard]] virtual nic_counters counters() const noexcept = 0;
};

}  // namespace pentad
