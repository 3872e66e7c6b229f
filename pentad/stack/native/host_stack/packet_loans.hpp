// Packets lent to programs, without a copy and without memory of their own. Bounded: while programs
// hold on to as many as they may, lent receives wait in the order they came.
#pragma once

#include "pentad/nic/packet.hpp"
#include "pentad/stack/received.hpp"
#include "pentad/stack/waiting_receives.hpp"

namespace pentad::native {

class packet_loans final : public lender {
 public:
  /// Lends a quarter of the memory of `packets` at most, so that the rest goes on arriving.
  explicit packet_loans(const packet_pool& packets) noexcept
      : most_bytes_(packets.limits().bytes / 4) {}

  bool has_room() const noexcept { return lent_ < most_lent_buffers && bytes_ < most_bytes_; }

  /// Lends the bytes of a packet until they are given back.
  received lend(packet arrived) noexcept;

  void give_back(std::span<std::byte> buffer) noexcept override;

  /// Operations that are carried out again when there is room.
  waiting_receives waiting;

 private:
  std::size_t most_bytes_;
  std::size_t lent_ = 0;
  std::size_t bytes_ = 0;  // of memory
};

}  // namespace pentad::native
