#include "pentad/nic/tap.hpp"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>

#include "pentad/nic/transmit_check.hpp"
#include "pentad/nic/virtio_header.hpp"
#include "pentad/runtime/descriptor_handle.hpp"

namespace pentad {
namespace {

// Newer than the headers of Linux 6.1.
constexpr unsigned tun_f_uso4 = 0x20;
constexpr unsigned tun_f_uso6 = 0x40;

// Bounds the work of a `receive` that finds no memory.
constexpr std::size_t most_discards = 256;

ifreq request_for(std::string_view name) noexcept {
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  return request;
}

}  // namespace

result<std::unique_ptr<tap_nic>> tap_nic::open(std::string_view name, packet_pool& pool,
                                               descriptor_engine& engine) {
  if (name.empty() || name.size() >= IFNAMSIZ || name.contains('%')) {
    return failure(std::errc::invalid_argument);
  }
  descriptor_handle device(::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (!device) return failure_from_errno(errno);
  std::unique_ptr<tap_nic> made(new tap_nic(device.release(), pool, engine));
  if (const result<void> done = made->attach(name); !done) return failure(done.error());
  if (const result<void> done = made->negotiate(); !done) return failure(done.error());
  if (const result<void> done = made->read_link(); !done) return failure(done.error());
  if (const result<void> done = engine.watch(made->device_, *made); !done) {
    return failure(done.error());
  }
  made->is_watched_ = true;
  return made;
}

tap_nic::~tap_nic() {
  if (is_watched_) engine_.unwatch(device_, *this);
  ::close(device_);
}

result<void> tap_nic::attach(std::string_view name) {
  ifreq request = request_for(name);
  was_made_ = ::if_nametoindex(request.ifr_name) == 0;
  request.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
  if (::ioctl(device_, TUNSETIFF, &request) != 0) return failure_from_errno(errno);
  name_ = request.ifr_name;
  return {};
}

// Who takes a partial checksum may be given one; super-segments of UDP are sent only, since Linux
// gives none to who does not ask.
result<void> tap_nic::negotiate() {
  const int header_size = sizeof(virtio_header);
  if (::ioctl(device_, TUNSETVNETHDRSZ, &header_size) != 0) return failure_from_errno(errno);
  constexpr unsigned tcp = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6;
  capabilities_.segment_udp = ::ioctl(device_, TUNSETOFFLOAD, tcp | tun_f_uso4 | tun_f_uso6) == 0;
  if (::ioctl(device_, TUNSETOFFLOAD, tcp) != 0) return failure_from_errno(errno);
  capabilities_.transmit_checksum = capabilities_.receive_checksum = true;
  capabilities_.segment_tcp_v4 = capabilities_.segment_tcp_v6 = capabilities_.coalesces = true;
  capabilities_.segment_limit = 65535;
  return {};
}

result<void> tap_nic::read_link() {
  const descriptor_handle socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return failure_from_errno(errno);
  ifreq request = request_for(name_);
  if (::ioctl(socket.get(), SIOCGIFMTU, &request) != 0) return failure_from_errno(errno);
  mtu_ = static_cast<std::size_t>(request.ifr_mtu);
  if (::ioctl(socket.get(), SIOCGIFHWADDR, &request) != 0) return failure_from_errno(errno);
  std::array<std::byte, mac_address::size> bytes;
  std::memcpy(bytes.data(), request.ifr_hwaddr.sa_data, bytes.size());
  bytes.front() |= std::byte{2};
  bytes.back() ^= std::byte{1};
  address_ = mac_address(bytes);
  return {};
}

void tap_nic::set_ready(nic_ready* hook) noexcept {
  ready_ = hook;
  // The edge that told of a frame may be past; one `receive` for nothing finds out.
  waits_to_receive_ = hook == nullptr;
  if (hook != nullptr) hook->receivable();
}

void tap_nic::ready() noexcept {
  if (std::exchange(waits_to_receive_, false) && ready_ != nullptr) ready_->receivable();
  if (std::exchange(waits_to_transmit_, false) && ready_ != nullptr) ready_->transmittable();
}

std::size_t tap_nic::transmit(std::span<packet> batch) {
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

tap_nic::sending tap_nic::send(const packet& frame) noexcept {
  if (!can_transmit(frame, capabilities_, mtu_)) return sending::failed;
  virtio_header header = virtio_header_for(frame.offload());
  const std::span<const std::byte> bytes = frame.bytes();
  const std::array<iovec, 2> parts{
      {{&header, sizeof header}, {const_cast<std::byte*>(bytes.data()), bytes.size()}}};
  for (;;) {
    if (::writev(device_, parts.data(), parts.size()) >= 0) return sending::done;
    if (errno == EAGAIN) return sending::no_room;
    if (errno != EINTR) return sending::failed;
  }
}

std::size_t tap_nic::receive(std::span<packet> batch) {
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
    ++counters_.receive_drops;
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
tap_nic::reading tap_nic::read(packet& frame) {
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
      {{&header, sizeof header}, {first.data(), first.size()}, {rest.data(), rest.size()}}};
  ssize_t count = 0;
  do {
    count = ::readv(device_, parts.data(), parts.size());
  } while (count < 0 && errno == EINTR);
  if (count < static_cast<ssize_t>(sizeof header)) return reading::nothing;
  const std::size_t size = static_cast<std::size_t>(count) - sizeof header;
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

tap_nic::reading tap_nic::discard() noexcept {
  virtio_header header;
  const ssize_t count = ::read(device_, &header, sizeof header);
  return count >= 0 || errno == EINTR ? reading::dropped : reading::nothing;
}

std::string explain_tap_error(std::error_code error, std::string_view name) {
  const std::string device(name);
  if (error == std::errc::no_such_file_or_directory || error == std::errc::no_such_device) {
    return "no TAP device " + device +
           ": /dev/net/tun is missing; `modprobe tun` loads it, and a "
           "container has to be given it";
  }
  if (error == std::errc::permission_denied) {
    return "no TAP device " + device +
           ": /dev/net/tun is for root alone here; run as root, or have root open it for you: "
           "chmod 666 /dev/net/tun";
  }
  if (error == std::errc::operation_not_permitted) {
    return "no TAP device " + device +
           ": making one needs CAP_NET_ADMIN; run as root, or have "
           "root make it for you: ip tuntap add " +
           device + " mode tap user $USER";
  }
  if (error == std::errc::device_or_resource_busy) {
    return "TAP device " + device + " is used by another program";
  }
  if (error == std::errc::invalid_argument) {
    return device +
           " is not the name of a TAP device: up to 15 characters, and no other kind of "
           "device may have it";
  }
  return "TAP device " + device + ": " + error.message();
}

}  // namespace pentad
