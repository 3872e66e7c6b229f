#pragma once

/// A recording in the making, in the format of Wireshark and tcpdump: pcapng in memory, for whoever
/// writes it to a file.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "pentad/wire/pcapng.hpp"

namespace pentad {

class recording {
 public:
  /// Begins with the section header.
  explicit recording(std::string_view application);

  /// The number by which packets name the interface.
  std::uint32_t add_interface(std::string_view name,
                              wire::pcapng_link link = wire::pcapng_link::ethernet);

  /// Its timestamp in nanoseconds.
  void add(const wire::pcapng_packet& packet) { put(packet); }

  /// What has not been written yet.
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_; }

  /// It is written now.
  void clear() noexcept { bytes_.clear(); }

  /// Takes back what came after the first `size` bytes.
  void cut(std::size_t size) noexcept { bytes_.resize(size); }

 private:
  template <class Block>
  void put(const Block& block);

  std::vector<std::byte> bytes_;
  std::uint32_t interfaces_ = 0;
};

}  // namespace pentad
