#include "apps/pentad/path_message.hpp"

#include <array>

#include "pentad/base/byte_order.hpp"

namespace pentad::command {
namespace {

constexpr std::uint32_t magic = 0x50415448;  // "PATH"

using member = hop_duration far_times::*;
constexpr std::array<member, 6> members{&far_times::nic_to_stack, &far_times::nic_to_program,
                                        &far_times::program,      &far_times::socket_to_stack,
                                        &far_times::stack_to_nic, &far_times::whole};

}  // namespace

std::optional<path_message> path_message::parse(std::span<const std::byte> bytes) noexcept {
  if (bytes.size() < header_size || load_be32(bytes.data()) != magic) return {};
  path_message read;
  read.size = load_be32(bytes.data() + 4);
  read.number = load_be32(bytes.data() + 8);
  if (read.size < header_size || read.size > largest) return {};
  const std::byte* at = bytes.data() + 12;
  for (const member each : members) {
    const auto nanoseconds = static_cast<std::int64_t>(load_be64(at));
    if (nanoseconds >= 0) read.far.*each = std::chrono::nanoseconds(nanoseconds);
    at += 8;
  }
  return read;
}

void path_message::write(std::span<std::byte> bytes) const noexcept {
  store_be32(bytes.data(), magic);
  store_be32(bytes.data() + 4, size);
  store_be32(bytes.data() + 8, number);
  std::byte* at = bytes.data() + 12;
  for (const member each : members) {
    const std::int64_t nanoseconds = far.*each ? (far.*each)->count() : -1;
    store_be32(at, static_cast<std::uint32_t>(static_cast<std::uint64_t>(nanoseconds) >> 32));
    store_be32(at + 4, static_cast<std::uint32_t>(nanoseconds));
    at += 8;
  }
}

}  // namespace pentad::command
