// A ring of frames that the kernel writes and the program reads, TPACKET_V3 of packet_mmap.rst.
#pragma once

#include <linux/if_packet.h>

#include <cstddef>

#include "pentad/base/result.hpp"
#include "pentad/stack/packet_impl.hpp"

namespace pentad::kernel {

class packet_ring {
 public:
  packet_ring() = default;
  packet_ring(const packet_ring&) = delete;
  packet_ring& operator=(const packet_ring&) = delete;
  ~packet_ring();

  /// Has the kernel put the frames of `descriptor`, a packet socket, into a ring of about `bytes`.
  result<void> open(int descriptor, std::size_t bytes);

  /// The next frame, if there is one; the one before is the kernel's again.
  bool next(received_frame& frame) noexcept;

 private:
  tpacket_block_desc& block() const noexcept;
  bool take_block() noexcept;
  void give_block_back() noexcept;

  std::byte* memory_ = nullptr;
  std::size_t blocks_ = 0;
  std::size_t current_ = 0;
  std::size_t frames_left_ = 0;  // in the current block, which is ours
  std::byte* frame_ = nullptr;   // the next of these
  bool has_block_ = false;
};

}  // namespace pentad::kernel
