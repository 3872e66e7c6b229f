#include "pentad/nic/packet_filter.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "pentad/base/byte_order.hpp"

namespace pentad {
namespace {

using instruction = filter_instruction;

// The parts of a code.
constexpr std::uint16_t class_mask = 0x07;
constexpr std::uint16_t size_mask = 0x18;
constexpr std::uint16_t mode_mask = 0xe0;
constexpr std::uint16_t operation_mask = 0xf0;
constexpr std::uint16_t from_x = 0x08;

enum instruction_class : std::uint16_t {
  load = 0,
  load_x = 1,
  store = 2,
  store_x = 3,
  arithmetic = 4,
  jump = 5,
  return_ = 6,
  move = 7,
};

enum load_size : std::uint16_t { word = 0x00, half = 0x08, byte = 0x10 };

enum load_mode : std::uint16_t {
  immediate = 0x00,
  absolute = 0x20,
  indirect = 0x40,
  memory = 0x60,
  length = 0x80,
  header_length = 0xa0,  // of IPv4: four times the low half of a byte
};

enum arithmetic_operation : std::uint16_t {
  add = 0x00,
  subtract = 0x10,
  multiply = 0x20,
  divide = 0x30,
  bit_or = 0x40,
  bit_and = 0x50,
  shift_left = 0x60,
  shift_right = 0x70,
  negate = 0x80,
  modulo = 0x90,
  bit_xor = 0xa0,
};

enum jump_condition : std::uint16_t {
  always = 0x00,
  equal = 0x10,
  greater = 0x20,
  at_least = 0x30,
  any_bit = 0x40,
};

constexpr std::uint16_t return_a = 0x10;
constexpr std::uint16_t move_to_a = 0x80;
constexpr std::size_t words = 16;

// What is at SKF_AD_OFF, of which libpcap makes these.
constexpr std::uint32_t ancillary = 0xfffff000;
constexpr std::uint32_t ancillary_protocol = ancillary + 0;
constexpr std::uint32_t ancillary_packet_type = ancillary + 4;
constexpr std::uint32_t ancillary_interface = ancillary + 8;
constexpr std::uint32_t ancillary_vlan_tag = ancillary + 44;
constexpr std::uint32_t ancillary_vlan_is_there = ancillary + 48;
constexpr std::uint32_t packet_outgoing = 4;  // PACKET_OUTGOING

bool is_load(const instruction& each, bool to_x) noexcept {
  const std::uint16_t size = each.code & size_mask;
  switch (each.code & mode_mask) {
    case immediate:
    case length:
      return size == word;
    case memory:
      return size == word && each.operand < words;
    case absolute:
    case indirect:
      return !to_x && (size == word || size == half || size == byte);
    case header_length:
      return to_x && size == byte;
    default:
      return false;
  }
}

bool is_arithmetic(const instruction& each) noexcept {
  const std::uint16_t operation = each.code & operation_mask;
  if (operation > bit_xor) return false;
  const bool has_number = (each.code & from_x) == 0;
  const bool divides = operation == divide || operation == modulo;
  const bool shifts = operation == shift_left || operation == shift_right;
  if (has_number && divides && each.operand == 0) return false;
  return !(has_number && shifts && each.operand >= 32);
}

// `left`: how many instructions come after this one.
bool is_jump(const instruction& each, std::size_t left) noexcept {
  const std::uint16_t condition = each.code & operation_mask;
  if (condition == always) return each.code == jump && each.operand < left;
  return condition <= any_bit && each.jump_true < left && each.jump_false < left;
}

bool is_known(const instruction& each, std::size_t left) noexcept {
  if (each.code > 0xff) return false;
  switch (each.code & class_mask) {
    case load:
      return is_load(each, false);
    case load_x:
      return is_load(each, true);
    case store:
    case store_x:
      return (each.code & ~class_mask) == 0 && each.operand < words;
    case arithmetic:
      return is_arithmetic(each);
    case jump:
      return is_jump(each, left);
    case return_:
      return each.code == return_ || each.code == (return_ | return_a);
    default:
      return each.code == move || each.code == (move | move_to_a);
  }
}

// A frame on its way through a program.
struct machine {
  std::span<const std::byte> frame;
  const packet_filter::about_frame& about;
  std::uint32_t a = 0;
  std::uint32_t x = 0;
  std::array<std::uint32_t, words> stored{};

  std::optional<std::uint32_t> read(std::uint32_t at, std::uint16_t size) const noexcept {
    const std::size_t count = size == word ? 4 : size == half ? 2 : 1;
    if (at > frame.size() || frame.size() - at < count) return std::nullopt;
    if (size == word) return load_be32(&frame[at]);
    if (size == half) return load_be16(&frame[at]);
    return std::to_integer<std::uint32_t>(frame[at]);
  }

  std::optional<std::uint32_t> read_ancillary(std::uint32_t at) const noexcept {
    switch (at) {
      case ancillary_protocol:
        return read(12, half);
      case ancillary_packet_type:
        return about.is_outgoing ? packet_outgoing : 0;
      case ancillary_interface:
        return about.interface;
      case ancillary_vlan_tag:
      case ancillary_vlan_is_there:
        return 0;
      default:
        return std::nullopt;
    }
  }

  std::optional<std::uint32_t> loaded(const instruction& each) const noexcept {
    const std::uint16_t size = each.code & size_mask;
    switch (each.code & mode_mask) {
      case immediate:
        return each.operand;
      case length:
        return static_cast<std::uint32_t>(frame.size());
      case memory:
        return stored[each.operand];
      case absolute:
        if (each.operand >= ancillary) return read_ancillary(each.operand);
        return read(each.operand, size);
      case indirect: {
        const std::uint64_t at = std::uint64_t{x} + each.operand;
        if (at > UINT32_MAX) return std::nullopt;
        return read(static_cast<std::uint32_t>(at), size);
      }
      default: {
        const auto first = read(each.operand, byte);
        if (!first) return std::nullopt;
        return (*first & 0x0f) * 4;
      }
    }
  }

  // False where no number comes out.
  bool compute(const instruction& each) noexcept {
    const std::uint32_t by = (each.code & from_x) != 0 ? x : each.operand;
    switch (each.code & operation_mask) {
      case add:
        a += by;
        return true;
      case subtract:
        a -= by;
        return true;
      case multiply:
        a *= by;
        return true;
      case divide:
        if (by == 0) return false;
        a /= by;
        return true;
      case modulo:
        if (by == 0) return false;
        a %= by;
        return true;
      case bit_or:
        a |= by;
        return true;
      case bit_and:
        a &= by;
        return true;
      case bit_xor:
        a ^= by;
        return true;
      case shift_left:
        a = by < 32 ? a << by : 0;
        return true;
      case shift_right:
        a = by < 32 ? a >> by : 0;
        return true;
      default:
        a = 0 - a;
        return true;
    }
  }

  std::size_t jumped(const instruction& each) const noexcept {
    const std::uint32_t to = (each.code & from_x) != 0 ? x : each.operand;
    bool holds = false;
    switch (each.code & operation_mask) {
      case always:
        return each.operand;
      case equal:
        holds = a == to;
        break;
      case greater:
        holds = a > to;
        break;
      case at_least:
        holds = a >= to;
        break;
      default:
        holds = (a & to) != 0;
        break;
    }
    return holds ? each.jump_true : each.jump_false;
  }
};

}  // namespace

result<packet_filter> packet_filter::admit(std::vector<instruction> program) {
  const std::size_t count = program.size();
  if (count == 0 || count > most_instructions) return failure(std::errc::invalid_argument);
  for (std::size_t i = 0; i != count; ++i) {
    if (!is_known(program[i], count - 1 - i)) return failure(std::errc::invalid_argument);
  }
  if ((program.back().code & class_mask) != return_) return failure(std::errc::invalid_argument);
  packet_filter made;
  made.program_ = std::move(program);
  return made;
}

// Jumps go forward only, so that it ends.
std::uint32_t packet_filter::run(std::span<const std::byte> frame,
                                 const about_frame& about) const noexcept {
  if (program_.empty()) return UINT32_MAX;
  machine state{.frame = frame, .about = about};
  for (std::size_t at = 0; at < program_.size(); ++at) {
    const instruction& each = program_[at];
    switch (each.code & class_mask) {
      case load:
      case load_x: {
        const auto value = state.loaded(each);
        if (!value) return 0;
        ((each.code & class_mask) == load ? state.a : state.x) = *value;
        break;
      }
      case store:
        state.stored[each.operand] = state.a;
        break;
      case store_x:
        state.stored[each.operand] = state.x;
        break;
      case arithmetic:
        if (!state.compute(each)) return 0;
        break;
      case jump:
        at += state.jumped(each);
        break;
      case return_:
        return each.code == return_ ? each.operand : state.a;
      default:
        if (each.code == move) {
          state.x = state.a;
        } else {
          state.a = state.x;
        }
        break;
    }
  }
  return 0;
}

}  // namespace pentad
