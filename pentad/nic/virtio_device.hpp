// What NICs have in common that are a file of Linux: a call moves one frame, behind the header of
// virtio-net, so that a super-segment of 64 KiB crosses at once, and neither side computes a
// checksum.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "pentad/base/result.hpp"
#include "pentad/nic/batched_calls.hpp"
#include "pentad/nic/nic.hpp"
#include "pentad/nic/virtio_header.hpp"
#include "pentad/runtime/descriptor.hpp"

struct iovec;

namespace pentad {

class virtio_device : public nic, private descriptor_watch {
 public:
  virtio_device(const virtio_device&) = delete;
  virtio_device& operator=(const virtio_device&) = delete;

  std::size_t transmit(std::span<packet> batch) final;
  std::size_t receive(std::span<packet> batch) final;
  void set_ready(nic_ready* hook) noexcept final;
  [[nodiscard]] nic_capabilities capabilities() const noexcept final { return capabilities_; }
  [[nodiscard]] mac_address address() const noexcept final { return address_; }
  /// As the interface had it when this was opened.
  [[nodiscard]] std::size_t mtu() const noexcept final { return mtu_; }
  [[nodiscard]] nic_counters counters() const noexcept override { return counters_; }

 protected:
  /// Owns `device`. Frames are received into `pool`, of which one large buffer stays in use, and
  /// more while many frames come together.
  virtio_device(int device, packet_pool& pool, descriptor_engine& engine);
  ~virtio_device() override;

  int device() const noexcept { return device_; }

  /// A frame, and what Linux wants in front of it, of which `header_size` bytes count.
  struct outgoing_frame {
    virtio_header header;
    std::span<const std::byte> bytes;
  };
  std::array<iovec, 2> parts_of(const outgoing_frame& frame) const noexcept;

  /// Reads the MTU and the hardware address of an interface.
  result<void> read_link(std::string_view name);
  void set_address(const mac_address& address) noexcept { address_ = address; }
  void set_capabilities(const nic_capabilities& has) noexcept { capabilities_ = has; }
  /// What Linux puts in front of a frame: the first so many bytes of a `virtio_header`.
  void set_header_size(std::size_t size) noexcept { header_size_ = size; }

  /// Of what `write_frames` says it has sent, this one was lost.
  void lost(const outgoing_frame& frame) noexcept;

  /// From now on the engine tells when frames wait.
  result<void> watch();

 private:
  /// The next frame into `parts`, as readv(2) returns it; 0 for one that is not for this host.
  virtual std::ptrdiff_t read_parts(std::span<const iovec> parts) noexcept = 0;
  /// Sends frames from the front, and says how many; if none, `errno` says why.
  virtual std::size_t write_frames(std::span<const outgoing_frame> outgoing) noexcept = 0;

  /// What makes many calls of `read_parts` at once; null where there is no such thing.
  virtual batched_calls* together() noexcept { return nullptr; }

  void ready() noexcept override;

  std::size_t gather(std::span<packet> batch, std::span<outgoing_frame> outgoing) const noexcept;
  void note_sent(std::span<packet> sent) noexcept;
  void drop(packet& refused) noexcept;

  // Where a frame is read to: nearly all fit into a small buffer, and the end of a long one goes on
  // in a large one.
  struct landing;

  enum class reading { frame, dropped, not_for_us, nothing };
  reading read(packet& frame);
  std::size_t read_together(std::span<packet> into, bool& has_more);
  reading take(landing& from, std::ptrdiff_t count, packet& frame);
  reading discard() noexcept;

  int device_;
  packet_pool& pool_;
  descriptor_engine& engine_;
  bool is_watched_ = false;
  std::size_t header_size_ = 0;
  mac_address address_;
  std::size_t mtu_ = 0;
  nic_capabilities capabilities_;
  std::vector<landing> landings_;  // the first is for reads of one frame
  std::size_t expected_ = 1;       // frames that may wait
  nic_ready* ready_ = nullptr;
  bool waits_to_receive_ = false;
  bool waits_to_transmit_ = false;
  nic_counters counters_;
};

}  // namespace pentad
