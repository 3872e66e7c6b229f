#include "pentad/wire/tcp_options.hpp"

#include <algorithm>
#include <cassert>

#include "pentad/base/byte_order.hpp"
#include "pentad/wire/tcp_option_kind.hpp"

namespace pentad::wire {

namespace {

using kind = tcp_option_kind;

// Lengths on the wire, each with its kind and length.
constexpr std::size_t head_length = 2;
constexpr std::size_t maximum_segment_size_length = 4;
constexpr std::size_t window_scale_length = 3;
constexpr std::size_t sack_permitted_length = 2;
constexpr std::size_t timestamps_length = 10;
constexpr std::size_t sack_block_length = 8;
constexpr std::size_t user_timeout_length = 4;

constexpr std::size_t padded(std::size_t length) noexcept { return (length + 3) / 4 * 4; }

tcp_sack_blocks read_sack(std::span<const std::byte> value) noexcept {
  tcp_sack_blocks blocks;
  for (; value.size() >= sack_block_length; value = value.subspan(sack_block_length)) {
    blocks.add({tcp_sequence{load_be32(value.data())}, tcp_sequence{load_be32(&value[4])}});
  }
  return blocks;
}

/// `value` is what follows kind and length.
void read_option(tcp_options& options, kind which, std::span<const std::byte> value) noexcept {
  const std::size_t length = head_length + value.size();
  switch (which) {
    case kind::maximum_segment_size:
      if (length == maximum_segment_size_length) {
        options.maximum_segment_size = load_be16(value.data());
      }
      break;
    case kind::window_scale:
      if (length == window_scale_length) {
        options.window_scale =
            std::min(std::to_integer<std::uint8_t>(value[0]), tcp_options::largest_window_scale);
      }
      break;
    case kind::sack_permitted:
      if (length == sack_permitted_length) options.sack_permitted = true;
      break;
    case kind::sack:
      if (!value.empty() && value.size() % sack_block_length == 0) {
        options.sack = read_sack(value);
      }
      break;
    case kind::timestamps:
      if (length == timestamps_length) {
        options.timestamps = {load_be32(value.data()), load_be32(value.data() + 4)};
      }
      break;
    case kind::user_timeout:
      if (length == user_timeout_length) {
        const std::uint16_t word = load_be16(value.data());
        options.user_timeout = {(word & 0x8000) != 0, static_cast<std::uint16_t>(word & 0x7fff)};
      }
      break;
    case kind::fast_open:
      if (const auto cookie = tcp_fast_open_cookie::from(value)) options.fast_open = *cookie;
      break;
    default:
      break;
  }
}

/// Writes options one after the other.
class option_writer {
 public:
  explicit option_writer(std::span<std::byte> out) noexcept : out_{out} {}

  void head(kind which, std::size_t length) noexcept {
    byte(static_cast<std::uint8_t>(which));
    byte(static_cast<std::uint8_t>(length));
  }
  void no_operations(std::size_t count) noexcept {
    for (; count != 0; --count) byte(static_cast<std::uint8_t>(kind::no_operation));
  }
  void byte(std::uint8_t value) noexcept { out_[size_++] = std::byte{value}; }
  void word(std::uint16_t value) noexcept {
    store_be16(&out_[size_], value);
    size_ += 2;
  }
  void words(std::uint32_t value) noexcept {
    store_be32(&out_[size_], value);
    size_ += 4;
  }
  void bytes(std::span<const std::byte> value) noexcept {
    std::ranges::copy(value, out_.subspan(size_).begin());
    size_ += value.size();
  }

 private:
  std::span<std::byte> out_;
  std::size_t size_ = 0;
};

}  // namespace

tcp_options tcp_options::parse(std::span<const std::byte> bytes) noexcept {
  tcp_options options;
  // Timestamps alone, as nearly all segments have them (RFC 7323, appendix A).
  if (bytes.size() == tcp_timestamps::size &&
      load_be32(bytes.data()) == tcp_timestamps::padded_head) {
    options.timestamps = tcp_timestamps{load_be32(&bytes[4]), load_be32(&bytes[8])};
    return options;
  }
  while (!bytes.empty()) {
    const auto which = static_cast<kind>(bytes[0]);
    if (which == kind::end_of_list) break;
    if (which == kind::no_operation) {
      bytes = bytes.subspan(1);
      continue;
    }
    if (bytes.size() < head_length) break;
    const auto length = std::to_integer<std::size_t>(bytes[1]);
    if (length < head_length || length > bytes.size()) break;
    read_option(options, which, bytes.first(length).subspan(head_length));
    bytes = bytes.subspan(length);
  }
  return options;
}

std::size_t tcp_options::size_without_sack() const noexcept {
  std::size_t size = 0;
  if (maximum_segment_size) size += maximum_segment_size_length;
  // Beside timestamps, SACK permitted takes the place of their padding.
  if (timestamps) {
    size += padded(timestamps_length);
  } else if (sack_permitted) {
    size += padded(sack_permitted_length);
  }
  if (window_scale) size += padded(window_scale_length);
  if (user_timeout) size += user_timeout_length;
  if (fast_open) size += padded(head_length + fast_open->bytes().size());
  return size;
}

std::size_t tcp_options::sack_blocks_that_fit() const noexcept {
  const std::size_t used = size_without_sack() + padded(head_length);
  return used > capacity ? 0 : std::min((capacity - used) / sack_block_length, sack.size());
}

std::size_t tcp_options::size() const noexcept {
  const std::size_t blocks = sack.empty() ? 0 : sack_blocks_that_fit();
  return size_without_sack() + (blocks == 0 ? 0 : padded(head_length) + blocks * sack_block_length);
}

void tcp_options::emit(std::span<std::byte> out) const noexcept {
  assert(out.size() >= size());
  option_writer write{out};
  if (maximum_segment_size) {
    write.head(kind::maximum_segment_size, maximum_segment_size_length);
    write.word(*maximum_segment_size);
  }
  if (sack_permitted) {
    if (!timestamps) write.no_operations(2);
    write.head(kind::sack_permitted, sack_permitted_length);
  }
  if (timestamps) {
    if (!sack_permitted) write.no_operations(2);
    write.head(kind::timestamps, timestamps_length);
    write.words(timestamps->value);
    write.words(timestamps->echo_reply);
  }
  if (window_scale) {
    write.no_operations(1);
    write.head(kind::window_scale, window_scale_length);
    write.byte(*window_scale);
  }
  if (const std::size_t blocks = sack.empty() ? 0 : sack_blocks_that_fit(); blocks != 0) {
    write.no_operations(2);
    write.head(kind::sack, head_length + blocks * sack_block_length);
    for (const auto& [first, last] : std::span{sack.begin(), blocks}) {
      write.words(first.number());
      write.words(last.number());
    }
  }
  if (user_timeout) {
    write.head(kind::user_timeout, user_timeout_length);
    write.word(static_cast<std::uint16_t>((user_timeout->in_minutes ? 0x8000 : 0) |
                                          (user_timeout->value & 0x7fff)));
  }
  if (fast_open) {
    const std::size_t length = head_length + fast_open->bytes().size();
    write.head(kind::fast_open, length);
    write.bytes(fast_open->bytes());
    write.no_operations(padded(length) - length);
  }
}

}  // namespace pentad::wire
