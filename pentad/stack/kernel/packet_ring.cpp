#include "pentad/stack/kernel/packet_ring.hpp"

#include <linux/if_ether.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>

#include "pentad/base/byte_order.hpp"
#include "pentad/stack/kernel/link_kind.hpp"
#include "pentad/stack/kernel/set_option.hpp"

namespace pentad::kernel {
namespace {

// Holds the largest frame that a card can coalesce, with its header.
constexpr std::size_t block_bytes = 256 << 10;
// A frame waits no longer than this for others to fill its block.
constexpr unsigned block_milliseconds = 10;

constexpr std::size_t vlan_tag_bytes = 4;
constexpr std::size_t station_addresses_bytes = 12;

// The frame as it was on the wire: the kernel takes the tag of a VLAN (IEEE 802.1Q) out of what
// comes in, and tells it beside the frame. There is room for it before the frame.
std::span<std::byte> with_vlan_tag(const tpacket3_hdr& header, std::byte* frame) noexcept {
  if ((header.tp_status & TP_STATUS_VLAN_VALID) == 0 ||
      header.tp_snaplen < station_addresses_bytes) {
    return {frame, header.tp_snaplen};
  }
  const bool knows_type = (header.tp_status & TP_STATUS_VLAN_TPID_VALID) != 0;
  const std::uint16_t type = knows_type ? header.hv1.tp_vlan_tpid : std::uint16_t{ETH_P_8021Q};
  std::byte* const whole = frame - vlan_tag_bytes;
  std::memmove(whole, frame, station_addresses_bytes);
  store_be16(whole + station_addresses_bytes, type);
  store_be16(whole + station_addresses_bytes + 2,
             static_cast<std::uint16_t>(header.hv1.tp_vlan_tci));
  return {whole, header.tp_snaplen + vlan_tag_bytes};
}

}  // namespace

packet_ring::~packet_ring() {
  if (memory_ != nullptr) ::munmap(memory_, blocks_ * block_bytes);
}

result<void> packet_ring::open(int descriptor, std::size_t bytes) {
  result<void> set = set_option(descriptor, SOL_PACKET, PACKET_VERSION, int{TPACKET_V3});
  if (set) set = set_option(descriptor, SOL_PACKET, PACKET_RESERVE, unsigned{vlan_tag_bytes});
  if (!set) return set;
  const std::size_t wanted = std::max<std::size_t>(bytes / block_bytes, 2);
  tpacket_req3 request{};
  request.tp_block_size = block_bytes;
  request.tp_block_nr = static_cast<unsigned>(wanted);
  request.tp_frame_size = 2048;  // has no meaning with this version, but must divide a block
  request.tp_frame_nr = static_cast<unsigned>(wanted * block_bytes / request.tp_frame_size);
  request.tp_retire_blk_tov = block_milliseconds;
  set = set_option(descriptor, SOL_PACKET, PACKET_RX_RING, request);
  if (!set) return set;
  void* mapped = ::mmap(nullptr, wanted * block_bytes, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_POPULATE, descriptor, 0);
  if (mapped == MAP_FAILED) return failure_from_errno(errno);
  memory_ = static_cast<std::byte*>(mapped);
  blocks_ = wanted;
  return {};
}

tpacket_block_desc& packet_ring::block() const noexcept {
  return *reinterpret_cast<tpacket_block_desc*>(memory_ + current_ * block_bytes);
}

bool packet_ring::take_block() noexcept {
  tpacket_hdr_v1& header = block().hdr.bh1;
  const std::atomic_ref<std::uint32_t> status(header.block_status);
  if ((status.load(std::memory_order_acquire) & TP_STATUS_USER) == 0) return false;
  has_block_ = true;
  frames_left_ = header.num_pkts;
  frame_ = reinterpret_cast<std::byte*>(&block()) + header.offset_to_first_pkt;
  return true;
}

void packet_ring::give_block_back() noexcept {
  const std::atomic_ref<std::uint32_t> status(block().hdr.bh1.block_status);
  status.store(TP_STATUS_KERNEL, std::memory_order_release);
  has_block_ = false;
  current_ = (current_ + 1) % blocks_;
}

bool packet_ring::next(received_frame& frame) noexcept {
  while (frames_left_ == 0) {
    if (has_block_) give_block_back();
    if (!take_block()) return false;
  }
  const auto& header = *reinterpret_cast<const tpacket3_hdr*>(frame_);
  const auto& from =
      *reinterpret_cast<const sockaddr_ll*>(frame_ + TPACKET_ALIGN(sizeof(tpacket3_hdr)));
  const std::span<std::byte> bytes = with_vlan_tag(header, frame_ + header.tp_mac);
  frame.bytes = bytes;
  frame.size = header.tp_len + (bytes.size() - header.tp_snaplen);
  frame.interface = static_cast<std::uint32_t>(from.sll_ifindex);
  frame.way = from.sll_pkttype == PACKET_OUTGOING ? frame_way::outgoing : frame_way::incoming;
  frame.link = link_of(from.sll_hatype);
  frame.time =
      wall_time(std::chrono::seconds(header.tp_sec) + std::chrono::nanoseconds(header.tp_nsec));
  --frames_left_;
  frame_ += header.tp_next_offset;
  return true;
}

}  // namespace pentad::kernel
