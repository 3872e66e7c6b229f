#include "pentad/nic/packet_receive_ring.hpp"

#include <linux/if_packet.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cerrno>

namespace pentad {
namespace {

// As a card's rings have it: frames that come while the program does something else.
constexpr std::size_t ring_bytes = 4 << 20;
constexpr std::size_t block_bytes = 64 << 10;
// What Linux and the link put in front of a packet, with room for alignment.
constexpr std::size_t most_head = 128;
constexpr std::size_t longest_slot = 16 << 10;

result<void> set(int descriptor, int option, const void* value, socklen_t size) {
  if (::setsockopt(descriptor, SOL_PACKET, option, value, size) == 0) return {};
  return failure_from_errno(errno);
}

result<void> set_ring(int descriptor, std::size_t slots, std::size_t slot_bytes) {
  tpacket_req request{};
  request.tp_block_size = block_bytes;
  request.tp_block_nr = static_cast<unsigned>(slots * slot_bytes / block_bytes);
  request.tp_frame_size = static_cast<unsigned>(slot_bytes);
  request.tp_frame_nr = static_cast<unsigned>(slots);
  return set(descriptor, PACKET_RX_RING, &request, sizeof request);
}

}  // namespace

packet_receive_ring::~packet_receive_ring() {
  if (memory_ != nullptr) ::munmap(memory_, slots_ * slot_bytes_);
}

result<void> packet_receive_ring::open(int socket, std::size_t mtu, std::size_t header_size) {
  slot_bytes_ = std::min(std::bit_ceil(mtu + most_head), longest_slot);
  slots_ = ring_bytes / slot_bytes_;
  header_bytes_ = header_size;
  const int version = TPACKET_V2;
  result<void> done = set(socket, PACKET_VERSION, &version, sizeof version);
  // What does not fit into its slot is kept in the socket, whole.
  const int keep_long = 1;
  if (done) done = set(socket, PACKET_COPY_THRESH, &keep_long, sizeof keep_long);
  if (done) done = set_ring(socket, slots_, slot_bytes_);
  if (!done) return done;
  void* const mapped = ::mmap(nullptr, slots_ * slot_bytes_, PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_POPULATE, socket, 0);
  if (mapped == MAP_FAILED) {
    const int error = errno;
    static_cast<void>(set_ring(socket, 0, slot_bytes_));
    return failure_from_errno(error);
  }
  memory_ = static_cast<std::byte*>(mapped);
  return {};
}

tpacket2_hdr& packet_receive_ring::header() const noexcept {
  return *reinterpret_cast<tpacket2_hdr*>(memory_ + current_ * slot_bytes_);
}

std::optional<packet_receive_ring::slot> packet_receive_ring::front() const noexcept {
  tpacket2_hdr& head = header();
  const std::uint32_t status =
      std::atomic_ref<std::uint32_t>(head.tp_status).load(std::memory_order_acquire);
  if ((status & TP_STATUS_USER) == 0) return std::nullopt;
  slot made;
  const std::byte* const frame = reinterpret_cast<const std::byte*>(&head) + head.tp_mac;
  made.bytes = {frame - header_bytes_, header_bytes_ + head.tp_snaplen};
  made.is_in_socket = (status & TP_STATUS_COPY) != 0;
  made.is_cut = !made.is_in_socket && head.tp_snaplen < head.tp_len;
  made.was_tagged = was_of_vlan(status, head.tp_vlan_tci);
  return made;
}

void packet_receive_ring::pop() noexcept {
  std::atomic_ref<std::uint32_t>(header().tp_status)
      .store(TP_STATUS_KERNEL, std::memory_order_release);
  current_ = (current_ + 1) % slots_;
}

bool was_of_vlan(std::uint32_t status, std::uint16_t tag) noexcept {
  constexpr unsigned vlan_number = 0xfff;  // 0 stands for a priority alone (IEEE 802.1Q)
  return (status & TP_STATUS_VLAN_VALID) != 0 && (tag & vlan_number) != 0;
}

}  // namespace pentad
