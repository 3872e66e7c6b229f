// Frames that wait for a packet socket, in memory of a fixed size: what finds no room is lost.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "pentad/stack/packet_impl.hpp"

namespace pentad::native {

class frame_ring {
 public:
  explicit frame_ring(std::size_t bytes) noexcept : size_(bytes) {}

  /// Keeps a copy of the first `kept` bytes of a frame, whose parts are `head` and `body`; `about`
  /// says the rest of it. False without room.
  bool push(const received_frame& about, std::span<const std::byte> head,
            std::span<const std::byte> body, std::size_t kept);

  /// The oldest frame, whose bytes stay until the next call. False if there is none.
  bool pop(received_frame& frame) noexcept;

 private:
  // In front of the bytes of each frame.
  struct record {
    received_frame about;
    std::size_t bytes;  // that follow it
    std::size_t next;   // where the next record is
  };

  std::size_t place_for(std::size_t needed) const noexcept;
  record& at(std::size_t place) noexcept;

  std::size_t size_;
  std::unique_ptr<std::byte[]> memory_;  // made when the first frame comes
  std::size_t first_ = 0;                // the oldest record
  std::size_t end_ = 0;                  // where the newest ends
  std::size_t last_ = 0;                 // the newest record
  std::size_t count_ = 0;
  bool is_read_ = false;  // the oldest is with the program
};

}  // namespace pentad::native
