#include "pentad/wire/pcapng.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

#include "pentad/base/byte_order.hpp"

namespace pentad::wire {

namespace {

enum class block_type : std::uint32_t {
  interface_description = 1,
  enhanced_packet = 6,
  section_header = 0x0a0d'0d0a,  // the same in either byte order
};

// Codes of options, each meaning something in the blocks of one type.
constexpr std::uint16_t option_user_application = 4;
constexpr std::uint16_t option_interface_name = 2;
constexpr std::uint16_t option_timestamp_resolution = 9;
constexpr std::uint16_t option_packet_flags = 2;
constexpr std::uint16_t option_end = 0;

constexpr std::uint32_t byte_order_magic = 0x1a2b'3c4d;
constexpr std::uint8_t resolution_if_not_said = 6;

constexpr std::size_t option_head = 4;
constexpr std::size_t block_head = 8;  // type and length
constexpr std::size_t block_tail = 4;  // the length again
constexpr std::size_t section_fields = 16;
constexpr std::size_t interface_fields = 8;
constexpr std::size_t packet_fields = 20;

constexpr std::size_t padded(std::size_t size) noexcept { return (size + 3) / 4 * 4; }

constexpr std::size_t option_size(std::size_t value_size) noexcept {
  return option_head + padded(value_size);
}

/// Of a block whose options, if it has any, take so many bytes without the one that ends them.
constexpr std::size_t block_size(std::size_t fields, std::size_t options) noexcept {
  return block_head + fields + (options == 0 ? 0 : options + option_head) + block_tail;
}

std::span<const std::byte> bytes_of(std::string_view text) noexcept {
  return std::as_bytes(std::span{text});
}

std::string_view text_of(std::span<const std::byte> bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Writes one block, little endian.
class block_writer {
 public:
  block_writer(std::span<std::byte> out, block_type type, std::size_t size) noexcept : out_{out} {
    assert(out.size() >= size);
    put_32(static_cast<std::uint32_t>(type));
    put_32(static_cast<std::uint32_t>(size));
  }

  void put_16(std::uint16_t value) noexcept {
    store_be16(&out_[at_], std::byteswap(value));
    at_ += 2;
  }
  void put_32(std::uint32_t value) noexcept {
    store_be32(&out_[at_], std::byteswap(value));
    at_ += 4;
  }
  void put_padded(std::span<const std::byte> bytes) noexcept {
    std::ranges::copy(bytes, out_.subspan(at_).begin());
    at_ += bytes.size();
    for (; at_ % 4 != 0; ++at_) out_[at_] = std::byte{0};
  }
  void put_option(std::uint16_t code, std::span<const std::byte> value) noexcept {
    put_16(code);
    put_16(static_cast<std::uint16_t>(value.size()));
    put_padded(value);
    has_options_ = true;
  }
  void end() noexcept {
    if (has_options_) put_option(option_end, {});
    put_32(static_cast<std::uint32_t>(at_ + block_tail));
  }

 private:
  std::span<std::byte> out_;
  std::size_t at_ = 0;
  bool has_options_ = false;
};

/// Reads numbers in the byte order of a section.
struct number_reader {
  bool big_endian;

  [[nodiscard]] std::uint16_t load_16(const std::byte* from) const noexcept {
    const std::uint16_t value = load_be16(from);
    return big_endian ? value : std::byteswap(value);
  }
  [[nodiscard]] std::uint32_t load_32(const std::byte* from) const noexcept {
    const std::uint32_t value = load_be32(from);
    return big_endian ? value : std::byteswap(value);
  }
};

/// Calls `visit(code, value)` for each option; false when a length is wrong.
template <class Visit>
bool visit_options(std::span<const std::byte> bytes, number_reader numbers, Visit visit) noexcept {
  while (!bytes.empty()) {
    if (bytes.size() < option_head) return false;
    const std::uint16_t code = numbers.load_16(bytes.data());
    const std::size_t length = numbers.load_16(&bytes[2]);
    if (code == option_end) return true;
    if (option_size(length) > bytes.size()) return false;
    visit(code, bytes.subspan(option_head, length));
    bytes = bytes.subspan(option_size(length));
  }
  return true;
}

// Each of these reads what lies between head and tail of a block.

parsed<pcapng_block> read_section(std::span<const std::byte> body, number_reader numbers) noexcept {
  if (body.size() < section_fields) return std::unexpected{parse_error::malformed};
  if (numbers.load_16(&body[4]) != 1) return std::unexpected{parse_error::unsupported};
  pcapng_section section;
  const bool complete =
      visit_options(body.subspan(section_fields), numbers, [&](std::uint16_t code, auto value) {
        if (code == option_user_application) section.application = text_of(value);
      });
  if (!complete) return std::unexpected{parse_error::malformed};
  return section;
}

parsed<pcapng_block> read_interface(std::span<const std::byte> body,
                                    number_reader numbers) noexcept {
  if (body.size() < interface_fields) return std::unexpected{parse_error::malformed};
  pcapng_interface interface{.link = static_cast<pcapng_link>(numbers.load_16(body.data())),
                             .snap_length = numbers.load_32(&body[4]),
                             .name = {},
                             .timestamp_resolution = resolution_if_not_said};
  const bool complete =
      visit_options(body.subspan(interface_fields), numbers, [&](std::uint16_t code, auto value) {
        if (code == option_interface_name) interface.name = text_of(value);
        if (code == option_timestamp_resolution && value.size() == 1) {
          interface.timestamp_resolution = std::to_integer<std::uint8_t>(value[0]);
        }
      });
  if (!complete) return std::unexpected{parse_error::malformed};
  return interface;
}

parsed<pcapng_block> read_packet(std::span<const std::byte> body, number_reader numbers) noexcept {
  if (body.size() < packet_fields) return std::unexpected{parse_error::malformed};
  const std::size_t length = numbers.load_32(&body[12]);
  if (length > body.size() - packet_fields) return std::unexpected{parse_error::malformed};
  pcapng_packet packet{
      .interface_index = numbers.load_32(body.data()),
      .timestamp = std::uint64_t{numbers.load_32(&body[4])} << 32 | numbers.load_32(&body[8]),
      .bytes = body.subspan(packet_fields, length),
      .original_length = numbers.load_32(&body[16]),
      .direction = {}};
  const bool complete = visit_options(
      body.subspan(packet_fields + padded(length)), numbers, [&](std::uint16_t code, auto value) {
        if (code != option_packet_flags || value.size() != 4) return;
        const std::uint32_t direction = numbers.load_32(value.data()) & 3;
        if (direction == 1 || direction == 2) {
          packet.direction = static_cast<pcapng_direction>(direction);
        }
      });
  if (!complete) return std::unexpected{parse_error::malformed};
  return packet;
}

}  // namespace

std::size_t pcapng_section::size() const noexcept {
  return block_size(section_fields, application.empty() ? 0 : option_size(application.size()));
}

void pcapng_section::emit(std::span<std::byte> out) const noexcept {
  assert(application.size() <= UINT16_MAX);
  block_writer write{out, block_type::section_header, size()};
  write.put_32(byte_order_magic);
  write.put_16(1);  // version 1.0
  write.put_16(0);
  write.put_32(UINT32_MAX);  // the length of the section is not said
  write.put_32(UINT32_MAX);
  if (!application.empty()) write.put_option(option_user_application, bytes_of(application));
  write.end();
}

std::size_t pcapng_interface::size() const noexcept {
  return block_size(interface_fields,
                    (name.empty() ? 0 : option_size(name.size())) + option_size(1));
}

void pcapng_interface::emit(std::span<std::byte> out) const noexcept {
  assert(name.size() <= UINT16_MAX);
  block_writer write{out, block_type::interface_description, size()};
  write.put_16(static_cast<std::uint16_t>(link));
  write.put_16(0);
  write.put_32(snap_length);
  if (!name.empty()) write.put_option(option_interface_name, bytes_of(name));
  const std::byte resolution[] = {std::byte{timestamp_resolution}};
  write.put_option(option_timestamp_resolution, resolution);
  write.end();
}

std::size_t pcapng_packet::size() const noexcept {
  return block_size(packet_fields + padded(bytes.size()), direction ? option_size(4) : 0);
}

void pcapng_packet::emit(std::span<std::byte> out) const noexcept {
  block_writer write{out, block_type::enhanced_packet, size()};
  write.put_32(interface_index);
  write.put_32(static_cast<std::uint32_t>(timestamp >> 32));
  write.put_32(static_cast<std::uint32_t>(timestamp));
  write.put_32(static_cast<std::uint32_t>(bytes.size()));
  write.put_32(original_length);
  write.put_padded(bytes);
  if (direction) {
    const std::byte flags[] = {static_cast<std::byte>(*direction), {}, {}, {}};
    write.put_option(option_packet_flags, flags);
  }
  write.end();
}

parsed<std::optional<pcapng_block>> pcapng_reader::next() noexcept {
  while (!rest_.empty()) {
    if (rest_.size() < block_head + block_tail) return std::unexpected{parse_error::truncated};
    const auto type = static_cast<block_type>(number_reader{big_endian_}.load_32(rest_.data()));
    if (type == block_type::section_header) {
      // A section says its byte order behind its length, which is already in that order.
      big_endian_ = load_be32(&rest_[8]) == byte_order_magic;
      if (!big_endian_ && load_be32(&rest_[8]) != std::byteswap(byte_order_magic)) {
        return std::unexpected{parse_error::malformed};
      }
      in_section_ = true;
    }
    if (!in_section_) return std::unexpected{parse_error::malformed};

    const number_reader numbers{big_endian_};
    const std::size_t length = numbers.load_32(&rest_[4]);
    if (length < block_head + block_tail || length % 4 != 0) {
      return std::unexpected{parse_error::malformed};
    }
    if (length > rest_.size()) return std::unexpected{parse_error::truncated};
    if (numbers.load_32(&rest_[length - block_tail]) != length) {
      return std::unexpected{parse_error::malformed};
    }
    const std::span<const std::byte> body = rest_.first(length - block_tail).subspan(block_head);

    std::optional<parsed<pcapng_block>> block;
    if (type == block_type::section_header) block = read_section(body, numbers);
    if (type == block_type::interface_description) block = read_interface(body, numbers);
    if (type == block_type::enhanced_packet) block = read_packet(body, numbers);
    if (block && !*block) return std::unexpected{block->error()};
    rest_ = rest_.subspan(length);
    if (block) return **block;
  }
  return std::nullopt;
}

}  // namespace pentad::wire
