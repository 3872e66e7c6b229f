// Packets lent to programs, without a copy and without memory of their own. Bounded: while programs
// hold on to as many as they may, lent receives wait in the order they came.
#pragma once

#include <new>

#include "pentad/nic/packet.hpp"
#include "pentad/stack/native/core/packet_memory.hpp"
#include "pentad/stack/received.hpp"
#include "pentad/stack/waiting_receives.hpp"

namespace pentad::native {

class packet_loans final : public lender {
 public:
  /// Lends a quarter of the memory of `packets` at most, so that the rest goes on arriving.
  explicit packet_loans(const packet_pool& packets) noexcept
      : most_bytes_(packets.limits().bytes / 4) {}

  bool has_room() const noexcept { return lent_ < most_lent_buffers && bytes_ < most_bytes_; }

  /// Lends the bytes of a packet until they are given back. In place, so that what it returns is
  /// moved on in registers: read back from memory at once as a whole, it has to wait for its parts.
  received lend(packet arrived) noexcept {
    ++lent_;
    bytes_ += held_memory(arrived);
    const std::span<std::byte> bytes = arrived.bytes();
    new (handle_before(bytes.data())) packet(std::move(arrived));
    return received(bytes, *this);
  }

  void give_back(std::span<std::byte> buffer) noexcept override;

  /// Operations that are carried out again when there is room.
  waiting_receives waiting;

 private:
  // Where the handle of a lent packet lies: in the room that its headers have left, so that lending
  // needs no memory of its own.
  static packet* handle_before(std::byte* data) noexcept {
    const auto address = reinterpret_cast<std::uintptr_t>(data) - sizeof(packet);
    return reinterpret_cast<packet*>(address & ~(alignof(packet) - 1));
  }

  std::size_t most_bytes_;
  std::size_t lent_ = 0;
  std::size_t bytes_ = 0;  // of memory
};

}  // namespace pentad::native
