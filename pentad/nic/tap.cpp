#include "pentad/nic/tap.hpp"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <thread>

#include "pentad/nic/virtio_header.hpp"
#include "pentad/runtime/descriptor_handle.hpp"

namespace pentad {
namespace {

// Newer than the headers of Linux 6.1.
constexpr unsigned tun_f_uso4 = 0x20;
constexpr unsigned tun_f_uso6 = 0x40;

// Frames that Linux keeps for the program. Its own 500 are too few for one that talks to thousands
// of peers: while it sends to all of them, their acknowledgements crowd out the next request.
constexpr int frames_kept = 8192;

// Linux lets go of what a program had open a little after its end, if its io_uring has to be taken
// down: measured, up to 50 ms.
constexpr std::chrono::milliseconds patience{500};
constexpr std::chrono::milliseconds between_tries{5};

constexpr std::size_t at_once = batched_calls::most;

ifreq request_for(std::string_view name) noexcept {
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  return request;
}

// For as long as the interface lives.
void lengthen_queue(std::string_view name) noexcept {
  const descriptor_handle socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request = request_for(name);
  request.ifr_qlen = frames_kept;
  ::ioctl(socket.get(), SIOCSIFTXQLEN, &request);
}

mac_address other_end(const mac_address& linux_end) noexcept {
  std::array<std::byte, mac_address::size> bytes;
  std::ranges::copy(linux_end.bytes(), bytes.begin());
  bytes.front() |= std::byte{2};
  bytes.back() ^= std::byte{1};
  return mac_address(bytes);
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
  if (const result<void> done = made->read_link(made->name_); !done) return failure(done.error());
  made->set_address(other_end(made->address()));
  made->batched_ = batched_calls::open(made->device());
  if (const result<void> done = made->watch(); !done) return failure(done.error());
  return made;
}

result<void> tap_nic::attach(std::string_view name) {
  ifreq request = request_for(name);
  request.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
  const auto give_up = std::chrono::steady_clock::now() + patience;
  unsigned before = 0;
  const auto takes_it = [&] {
    before = ::if_nametoindex(request.ifr_name);
    return ::ioctl(device(), TUNSETIFF, &request) == 0;
  };
  while (!takes_it()) {
    if (errno != EBUSY || std::chrono::steady_clock::now() >= give_up) {
      return failure_from_errno(errno);
    }
    std::this_thread::sleep_for(between_tries);
  }
  name_ = request.ifr_name;
  was_made_ = ::if_nametoindex(request.ifr_name) != before;
  if (was_made_) lengthen_queue(name_);
  return {};
}

// Who takes a partial checksum may be given one; super-segments of UDP are sent only, since Linux
// gives none to who does not ask.
result<void> tap_nic::negotiate() {
  const int header_size = sizeof(virtio_header);
  if (::ioctl(device(), TUNSETVNETHDRSZ, &header_size) != 0) return failure_from_errno(errno);
  set_header_size(sizeof(virtio_header));
  constexpr unsigned tcp = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6;
  const bool cuts_udp = ::ioctl(device(), TUNSETOFFLOAD, tcp | tun_f_uso4 | tun_f_uso6) == 0;
  if (::ioctl(device(), TUNSETOFFLOAD, tcp) != 0) return failure_from_errno(errno);
  set_capabilities({.transmit_checksum = true,
                    .receive_checksum = true,
                    .segment_tcp_v4 = true,
                    .segment_tcp_v6 = true,
                    .segment_udp = cuts_udp,
                    .coalesces = true,
                    .segment_limit = 65535});
  return {};
}

std::ptrdiff_t tap_nic::read_parts(std::span<const iovec> parts) noexcept {
  return ::readv(device(), parts.data(), static_cast<int>(parts.size()));
}

batched_calls* tap_nic::together() noexcept {
  return batched_ && batched_->works() ? batched_.get() : nullptr;
}

std::size_t tap_nic::write_frames(std::span<const outgoing_frame> outgoing) noexcept {
  if (outgoing.size() > 1 && together() != nullptr) {
    const std::size_t sent = write_together(outgoing.first(std::min(outgoing.size(), at_once)));
    if (sent != 0 || together() != nullptr) return sent;
  }
  // A call takes one frame.
  std::size_t sent = 0;
  for (const outgoing_frame& each : outgoing) {
    const std::array<iovec, 2> parts = parts_of(each);
    if (::writev(device(), parts.data(), parts.size()) < 0) break;
    ++sent;
  }
  return sent;
}

std::size_t tap_nic::write_together(std::span<const outgoing_frame> outgoing) noexcept {
  std::array<std::array<iovec, 2>, at_once> parts;
  std::array<std::span<const iovec>, at_once> calls;
  std::array<int, at_once> results;
  for (std::size_t i = 0; i < outgoing.size(); ++i) {
    parts[i] = parts_of(outgoing[i]);
    calls[i] = parts[i];
  }
  batched_->write(std::span(calls).first(outgoing.size()), results);
  std::size_t sent = outgoing.size();
  while (sent != 0 && results[sent - 1] < 0) --sent;
  if (sent == 0) errno = -results[0];
  // What was refused before others that were not cannot come after them.
  for (std::size_t i = 0; i < sent; ++i) {
    if (results[i] < 0) lost(outgoing[i]);
  }
  return sent;
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
