// Frames and hooks for the tests of NICs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "pentad/base/byte_order.hpp"
#include "pentad/nic/nic.hpp"

namespace pentad::test {

using octets = std::vector<std::byte>;

/// A broadcast of the type for local experiments (IEEE 802). Its bytes tell its number.
inline octets numbered_frame(std::uint32_t number, std::size_t size = 60) {
  octets frame(size, std::byte{0xff});
  for (std::size_t i = 6; i != 12; ++i) frame[i] = std::byte{0x02};
  store_be16(&frame[12], 0x88b5);
  store_be32(&frame[14], number);
  for (std::size_t i = 18; i != size; ++i) frame[i] = static_cast<std::byte>(number + i);
  return frame;
}

inline std::uint32_t number_of(std::span<const std::byte> frame) { return load_be32(&frame[14]); }

inline octets octets_of(const packet& frame) {
  return {frame.bytes().begin(), frame.bytes().end()};
}

inline packet packet_of(packet_pool& pool, std::span<const std::byte> bytes) {
  packet made = pool.take(bytes.size());
  if (made) made.append(bytes);
  return made;
}

inline bool transmit_one(nic& card, packet frame) { return card.transmit({&frame, 1}) == 1; }

/// All that waits.
inline std::vector<octets> receive_all(nic& card) {
  std::vector<octets> all;
  packet one;
  while (card.receive({&one, 1}) == 1) all.push_back(octets_of(one));
  return all;
}

/// Counts what a NIC tells.
class counting_ready final : public nic_ready {
 public:
  void receivable() noexcept override { ++receivable_calls; }
  void transmittable() noexcept override { ++transmittable_calls; }

  int receivable_calls = 0;
  int transmittable_calls = 0;
};

}  // namespace pentad::test
