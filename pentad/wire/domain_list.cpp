#include "pentad/wire/domain_list.hpp"

#include "pentad/base/byte_order.hpp"

namespace pentad::wire {
namespace {

constexpr std::size_t most_label = 63;
constexpr std::size_t pointer = 0xc0;  // the two bits that begin one
constexpr std::uint16_t pointer_mask = 0x3fff;

}  // namespace

std::optional<domain_text> domain_list_reader::next() noexcept {
  while (at_ < list_.size()) {
    const auto name = read();
    if (!name) {
      at_ = list_.size();
      return std::nullopt;
    }
    if (name->size != 0) return name;
  }
  return std::nullopt;
}

std::optional<domain_text> domain_list_reader::read() noexcept {
  domain_text name;
  std::size_t at = at_;
  std::size_t earliest = at_;  // a pointer leads back, so that it cannot lead in circles
  bool has_jumped = false;
  while (at < list_.size()) {
    const auto length = std::to_integer<std::size_t>(list_[at]);
    if (length == 0) {
      if (!has_jumped) at_ = at + 1;
      return name;
    }
    if ((length & pointer) == pointer) {
      if (at + 2 > list_.size()) return std::nullopt;
      const std::size_t target = load_be16(&list_[at]) & pointer_mask;
      if (target >= earliest) return std::nullopt;
      if (!has_jumped) at_ = at + 2;
      has_jumped = true;
      at = earliest = target;
      continue;
    }
    if (length > most_label || length + 1 > list_.size() - at) return std::nullopt;
    if (!name.add_label(list_.subspan(at + 1, length))) return std::nullopt;
    at += 1 + length;
  }
  return std::nullopt;
}

}  // namespace pentad::wire
