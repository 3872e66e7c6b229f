#pragma once

/// Recordings of packets in the format of Wireshark and tcpdump, pcapng
/// (draft-ietf-opsawg-pcapng): a section header, a description of each interface, then packets.
///
/// Each of the three is a value with `size()` and `emit`, and is written little endian.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "pentad/wire/parse_error.hpp"

namespace pentad::wire {

/// What the bytes of a packet begin with. Any value is allowed, named here or not.
enum class pcapng_link : std::uint16_t { ethernet = 1, raw_ip = 101 };

/// Whether a packet came in at the interface where it was recorded, or went out.
enum class pcapng_direction : std::uint8_t { inbound = 1, outbound = 2 };

/// Begins a recording, and forgets the interfaces of one before it in the same file.
struct pcapng_section {
  std::string_view application;  ///< what made the recording; at most 65,535 bytes

  [[nodiscard]] std::size_t size() const noexcept;
  void emit(std::span<std::byte> out) const noexcept;

  friend bool operator==(const pcapng_section&, const pcapng_section&) noexcept = default;
};

/// An interface. Packets name it by its place among those of the section, from 0.
struct pcapng_interface {
  pcapng_link link = pcapng_link::ethernet;
  std::uint32_t snap_length = 0;          ///< bytes recorded of a packet at most; 0: all
  std::string_view name;                  ///< at most 65,535 bytes
  std::uint8_t timestamp_resolution = 9;  ///< as tsresol: 9 is 10^-9 s, 0x80 + n is 2^-n s

  [[nodiscard]] std::size_t size() const noexcept;
  void emit(std::span<std::byte> out) const noexcept;

  friend bool operator==(const pcapng_interface&, const pcapng_interface&) noexcept = default;
};

/// A packet, or its beginning.
struct pcapng_packet {
  std::uint32_t interface_index = 0;
  std::uint64_t timestamp = 0;        ///< since 1970 began, in the resolution of the interface
  std::span<const std::byte> bytes;   ///< what was recorded
  std::uint32_t original_length = 0;  ///< how long it was
  std::optional<pcapng_direction> direction;

  [[nodiscard]] std::size_t size() const noexcept;
  void emit(std::span<std::byte> out) const noexcept;
};

using pcapng_block = std::variant<pcapng_section, pcapng_interface, pcapng_packet>;

/// Reads recordings of either byte order. Blocks and options of other types are skipped.
class pcapng_reader {
 public:
  /// `file` outlives the reader and the blocks that it gives.
  explicit pcapng_reader(std::span<const std::byte> file) noexcept : rest_{file} {}

  /// The next block, or none at the end. After an error it gives the same error again.
  /// Errors: `truncated`; `malformed`, no section comes first, or a length contradicts another;
  /// `unsupported`, another major version.
  [[nodiscard]] parsed<std::optional<pcapng_block>> next() noexcept;

 private:
  std::span<const std::byte> rest_;
  bool in_section_ = false;
  bool big_endian_ = false;
};

}  // namespace pentad::wire
