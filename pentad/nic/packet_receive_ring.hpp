// Frames that Linux writes into memory that it shares with the program, so that none needs a call:
// the ring of a packet socket (packet(7), PACKET_RX_RING), with the header of virtio-net in front
// of each frame.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "pentad/base/result.hpp"

struct tpacket2_hdr;

namespace pentad {

// The second version of the ring gives each frame as soon as it has come. The third fills blocks
// and gives them when they are full or old, which is longer than a stack can wait for
// acknowledgements.
class packet_receive_ring {
 public:
  packet_receive_ring() = default;
  packet_receive_ring(const packet_receive_ring&) = delete;
  packet_receive_ring& operator=(const packet_receive_ring&) = delete;
  ~packet_receive_ring();

  /// For a packet socket that has its other options already, but is not bound yet. Frames of up to
  /// `mtu` bytes behind their Ethernet header find room; those that are longer are to be read from
  /// the socket. Errors: those of setsockopt(2) and mmap(2); the socket is as it was then.
  result<void> open(int socket, std::size_t mtu, std::size_t header_size);

  bool is_open() const noexcept { return memory_ != nullptr; }

  struct slot {
    std::span<const std::byte> bytes;  ///< the header of virtio-net and the frame
    bool is_in_socket = false;         ///< the frame is longer; read it from the socket
    bool is_cut = false;               ///< the frame is longer, and lost
    bool was_tagged = false;           ///< Linux has taken the tag of a VLAN out of it
  };

  /// The next frame; nothing if none waits. It stays until it is given back.
  std::optional<slot> front() const noexcept;
  void pop() noexcept;

 private:
  tpacket2_hdr& header() const noexcept;

  std::byte* memory_ = nullptr;
  std::size_t slots_ = 0;
  std::size_t slot_bytes_ = 0;
  std::size_t header_bytes_ = 0;
  std::size_t current_ = 0;
};

/// Whether what Linux says of a frame means that it was one of a VLAN (IEEE 802.1Q), and not one
/// with a priority alone.
bool was_of_vlan(std::uint32_t status, std::uint16_t tag) noexcept;

}  // namespace pentad
