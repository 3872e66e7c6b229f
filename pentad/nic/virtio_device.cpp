#include "pentad/nic/virtio_device.hpp"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "pentad/nic/transmit_check.hpp"
#include "pentad/nic/virtio_header.hpp"
#include "pentad/runtime/descriptor_handle.hpp"

namespace pentad {
namespace {

// Bounds the work of a `receive` that finds no memory, or nothing for this host.
constexpr std::size_t most_discards = 256;

// So many frames are offered by one call.
constexpr std::size_t most_at_once = 64;

// Frames that are read by one call.
constexpr std::size_t most_landings = 32;

}  // namespace

struct virtio_device::landing {
  packet fresh;
  packet overflow;
  virtio_header header;
  std::array<iovec, 3> parts;

  /// False if the pool has no memory.
  bool prepare(packet_pool& pool, std::size_t header_size) {
    constexpr std::size_t small = packet_pool::small_frame;
    if (!overflow) {
      overflow = pool.take(packet_pool::large_frame);
      if (overflow) overflow.append(packet_pool::large_frame);
    }
    if (!fresh) {
      fresh = pool.take(small);
      if (fresh) fresh.append(small);
    }
    if (!fresh || !overflow) return false;
    const std::span<std::byte> first = fresh.bytes();
    const std::span<std::byte> rest = overflow.bytes().subspan(small);
    parts = {{{&header, header_size}, {first.data(), first.size()}, {rest.data(), rest.size()}}};
    return true;
  }
};

virtio_device::virtio_device(int device, packet_pool& pool, descriptor_engine& engine)
    : device_(device), pool_(pool), engine_(engine), landings_(1) {}

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
  std::span<packet> rest = batch;
  while (!rest.empty()) {
    std::array<outgoing_frame, most_at_once> outgoing;
    const std::size_t count = gather(rest, outgoing);
    if (count == 0) {
      drop(rest.front());
      rest = rest.subspan(1);
      continue;
    }
    const std::size_t sent = write_frames(std::span(outgoing).first(count));
    note_sent(rest.first(sent));
    rest = rest.subspan(sent);
    if (sent != 0 || errno == EINTR) continue;
    if (errno == EAGAIN) break;
    drop(rest.front());
    rest = rest.subspan(1);
  }
  waits_to_transmit_ = !rest.empty();
  return batch.size() - rest.size();
}

// Those at the front that can be sent.
std::size_t virtio_device::gather(std::span<packet> batch,
                                  std::span<outgoing_frame> outgoing) const noexcept {
  std::size_t count = 0;
  for (const packet& each : batch.first(std::min(batch.size(), outgoing.size()))) {
    if (!can_transmit(each, capabilities_, mtu_)) break;
    outgoing[count++] = {virtio_header_for(each.offload()), each.bytes()};
  }
  return count;
}

void virtio_device::note_sent(std::span<packet> sent) noexcept {
  for (packet& each : sent) {
    ++counters_.transmitted_frames;
    counters_.transmitted_bytes += each.size();
    each = {};
  }
}

void virtio_device::lost(const outgoing_frame& frame) noexcept {
  ++counters_.transmit_drops;
  --counters_.transmitted_frames;
  counters_.transmitted_bytes -= frame.bytes.size();
}

void virtio_device::drop(packet& refused) noexcept {
  ++counters_.transmit_drops;
  refused = {};
}

std::array<iovec, 2> virtio_device::parts_of(const outgoing_frame& frame) const noexcept {
  return {{{const_cast<virtio_header*>(&frame.header), header_size_},
           {const_cast<std::byte*>(frame.bytes.data()), frame.bytes.size()}}};
}

std::size_t virtio_device::receive(std::span<packet> batch) {
  std::size_t given = 0;
  std::size_t discards = 0;
  bool has_more = true;
  while (given < batch.size() && has_more) {
    const std::span<packet> rest = batch.subspan(given);
    if (together() != nullptr && expected_ > 1 && rest.size() > 1) {
      given += read_together(rest, has_more);
      continue;
    }
    const reading outcome = read(rest.front());
    if (outcome == reading::nothing) {
      has_more = false;
    } else if (outcome == reading::frame) {
      ++given;
      expected_ = 2;
    } else {
      if (outcome == reading::dropped) ++counters_.receive_drops;
      if (++discards == most_discards) break;
    }
  }
  waits_to_receive_ = !has_more;
  // What is not needed while nothing comes, others may have.
  if (!has_more) {
    landings_.resize(1);
    landings_.front().fresh = {};
  }
  // More may wait, and its edge is past.
  if (has_more && given < batch.size() && ready_ != nullptr) ready_->receivable();
  return given;
}

virtio_device::reading virtio_device::read(packet& frame) {
  landing& to = landings_.front();
  if (!to.prepare(pool_, header_size_)) return discard();
  ssize_t count = 0;
  do {
    count = read_parts(to.parts);
  } while (count < 0 && errno == EINTR);
  if (count == 0) return reading::not_for_us;
  if (count < static_cast<ssize_t>(header_size_)) return reading::nothing;
  return take(to, count, frame);
}

// Frames that came together, as many as may be expected, and whether more may wait. Where it gets
// none, one at a time tells what has to be dropped, or that the file cannot do this.
std::size_t virtio_device::read_together(std::span<packet> into, bool& has_more) {
  const std::size_t wanted = std::min(expected_, into.size());
  if (landings_.size() < wanted) landings_.resize(wanted);
  std::array<std::span<const iovec>, most_landings> calls;
  std::array<int, most_landings> results;
  std::size_t count = 0;
  while (count < wanted && landings_[count].prepare(pool_, header_size_)) {
    calls[count] = landings_[count].parts;
    ++count;
  }
  const std::size_t expected = std::exchange(expected_, 1);
  if (count == 0) return 0;
  together()->read(std::span(calls).first(count), results);
  std::size_t given = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (results[i] < static_cast<int>(header_size_)) continue;
    if (take(landings_[i], results[i], into[given]) == reading::frame) {
      ++given;
    } else {
      ++counters_.receive_drops;
    }
  }
  // What comes after the last call found nothing is an edge.
  const int last = results[count - 1];
  has_more = together() == nullptr || last == -EINTR || last >= static_cast<int>(header_size_);
  if (given != 0) expected_ = has_more ? std::min(2 * expected, most_landings) : given;
  return given;
}

// The end of a long frame goes on in a large buffer, to the place where it belongs when the
// beginning is copied in front of it.
virtio_device::reading virtio_device::take(landing& from, std::ptrdiff_t count, packet& frame) {
  constexpr std::size_t small = packet_pool::small_frame;
  packet arrived = std::move(from.fresh);
  const std::size_t size = static_cast<std::size_t>(count) - header_size_;
  if (size <= small) {
    arrived.truncate(size);
  } else {
    std::memcpy(from.overflow.bytes().data(), arrived.bytes().data(), small);
    from.overflow.truncate(size);
    arrived = std::move(from.overflow);
  }
  const std::optional<packet_offload> offload = offload_from(from.header, arrived.bytes());
  if (!offload) return reading::dropped;
  arrived.set_offload(*offload);
  ++counters_.received_frames;
  counters_.received_bytes += arrived.size();
  frame = std::move(arrived);
  return reading::frame;
}

virtio_device::reading virtio_device::discard() noexcept {
  virtio_header header;
  const iovec part{&header, header_size_};
  const std::ptrdiff_t count = read_parts({&part, 1});
  return count >= 0 || errno == EINTR ? reading::dropped : reading::nothing;
}

}  // namespace pentad
