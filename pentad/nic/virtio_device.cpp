#include "pentad/nic/virtio_device.hpp"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "pentad/nic/transmit_check.hpp"
#include "pentad/nic/virtio_header.hpp"
#include "pentad/runtime/descriptor_handle.hpp"

namespace pentad {
namespace {

// Bounds the work of a `receive` that finds no memory, or nothing for this host.
constexpr std::size_t most_discards = 256;

}  // namespace

virtio_device::~virtio_device() {
  if (is_watched_) engine_.unwatch(device_, *this);
  ::close(device_);
}

result<void> virtio_device::watch() {
  const result<void> done = engine_.watch(device_, *this);
  is_watched_ = done.has_value();
  return done;
}

result<void> virtio_device::read_link(std::string_view name) {
  const descriptor_handle socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return failure_from_errno(errno);
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  if (::ioctl(socket.get(), SIOCGIFMTU, &request) != 0) return failure_from_errno(errno);
  mtu_ = static_cast<std::size_t>(request.ifr_mtu);
  if (::ioctl(socket.get(), SIOCGIFHWADDR, &request) != 0) return failure_from_errno(errno);
  std::array<std::byte, mac_address::size> bytes;
  std::memcpy(bytes.data(), request.ifr_hwaddr.sa_data, bytes.size());
  address_ = mac_address(bytes);
  return {};
}

void virtio_device::set_ready(nic_ready* hook) noexcept {
  ready_ = hook;
  // The edge that told of a frame may be past; one `receive` for nothing finds out.
  waits_to_receive_ = hook == nullptr;
  if (hook != nullptr) hook->receivable();
}

void virtio_device::ready() noexcept {
  if (std::exchange(waits_to_receive_, false) && ready_ != nullptr) ready_->receivable();
  if (std::exchange(waits_to_transmit_, false) && ready_ != nullptr) ready_->transmittable();
}

std::size_t virtio_device::transmit(std::span<packet> batch) {
  std::size_t taken = 0;
  for (; taken < batch.size(); ++taken) {
    packet& frame = batch[taken];
    const sending outcome = send(frame);
    if (outcome == sending::no_room) break;
    if (outcome == sending::done) {
      ++counters_.transmitted_frames;
      counters_.transmitted_bytes += frame.size();
    } else {
      ++counters_.transmit_drops;
    }
    frame = {};
  }
  waits_to_transmit_ = taken < batch.size();
  return taken;
}

virtio_device::sending virtio_device::send(const packet& frame) noexcept {
  if (!can_transmit(frame, capabilities_, mtu_)) return sending::failed;
  virtio_header header = virtio_header_for(frame.offload());
  const std::span<const std::byte> bytes = frame.bytes();
  const std::array<iovec, 2> parts{
      {{&header, header_size_}, {const_cast<std::byte*>(bytes.data()), bytes.size()}}};
  for (;;) {
    if (::writev(device_, parts.data(), parts.size()) >= 0) return sending::done;
    if (errno == EAGAIN) return sending::no_room;
    if (errno != EINTR) return sending::failed;
  }
}

std::size_t virtio_device::receive(std::span<packet> batch) {
  std::size_t given = 0;
  std::size_t discards = 0;
  while (given < batch.size()) {
    const reading outcome = read(batch[given]);
    if (outcome == reading::nothing) break;
    if (outcome == reading::frame) {
      ++counters_.received_frames;
      counters_.received_bytes += batch[given++].size();
      continue;
    }
    if (outcome == reading::dropped) ++counters_.receive_drops;
    if (++discards == most_discards) {
      // More may wait, and its edge is past.
      if (ready_ != nullptr) ready_->receivable();
      return given;
    }
  }
  waits_to_receive_ = given < batch.size();
  return given;
}

// Nearly all frames fit into a small buffer. What does not goes on in a large one, to the place
// where it belongs when the beginning is copied in front of it.
virtio_device::reading virtio_device::read(packet& frame) {
  constexpr std::size_t small = packet_pool::small_frame;
  if (!overflow_) {
    overflow_ = pool_.take(packet_pool::large_frame);
    if (overflow_) overflow_.append(packet_pool::large_frame);
  }
  packet fresh = pool_.take(small);
  if (!fresh || !overflow_) return discard();
  const std::span<std::byte> first = fresh.append(small);
  const std::span<std::byte> rest = overflow_.bytes().subspan(small);
  virtio_header header;
  const std::array<iovec, 3> parts{
      {{&header, header_size_}, {first.data(), first.size()}, {rest.data(), rest.size()}}};
  ssize_t count = 0;
  do {
    count = read_parts(parts);
  } while (count < 0 && errno == EINTR);
  if (count == 0) return reading::not_for_us;
  if (count < static_cast<ssize_t>(header_size_)) return reading::nothing;
  const std::size_t size = static_cast<std::size_t>(count) - header_size_;
  if (size <= small) {
    fresh.truncate(size);
  } else {
    std::memcpy(overflow_.bytes().data(), first.data(), small);
    overflow_.truncate(size);
    fresh.swap(overflow_);
    overflow_ = {};
  }
  const std::optional<packet_offload> offload = offload_from(header, fresh.bytes());
  if (!offload) return reading::dropped;
  fresh.set_offload(*offload);
  frame = std::move(fresh);
  return reading::frame;
}

virtio_device::reading virtio_device::discard() noexcept {
  virtio_header header;
  const ssize_t count = ::read(device_, &header, header_size_);
  return count >= 0 || errno == EINTR ? reading::dropped : reading::nothing;
}

}  // namespace pentad
