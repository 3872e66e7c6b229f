// Messages of the kernel's netlink (netlink(7)) as checked views: bytes in, parts of them out.
#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>

#include "pentad/base/result.hpp"

namespace pentad::kernel {

struct netlink_message {
  std::uint16_t type;
  std::uint16_t flags;
  std::uint32_t sequence;
  std::span<const std::byte> payload;
};

struct netlink_attribute {
  std::uint16_t type;  ///< without the bits that say how its payload is to be read
  std::span<const std::byte> payload;
};

// Each takes the first of `bytes`, which has one, off it. Errors: `bad_message` when it is shorter
// than its own header, or longer than the bytes.

result<netlink_message> take_message(std::span<const std::byte>& bytes) noexcept;
result<netlink_attribute> take_attribute(std::span<const std::byte>& bytes) noexcept;

/// A structure of the kernel at the start of `bytes`; nothing when they are too short for it.
template <class Structure>
  requires std::is_trivially_copyable_v<Structure>
std::optional<Structure> read_structure(std::span<const std::byte> bytes) noexcept {
  if (bytes.size() < sizeof(Structure)) return {};
  Structure read;
  std::memcpy(&read, bytes.data(), sizeof read);
  return read;
}

}  // namespace pentad::kernel
