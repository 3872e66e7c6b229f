#include "pentad/base/mac_address.hpp"

#include <optional>

#include "pentad/base/byte_order.hpp"
#include "pentad/base/error.hpp"
#include "pentad/base/hash.hpp"
#include "pentad/base/hexadecimal.hpp"

namespace pentad {

result<mac_address> mac_address::parse(std::string_view text) {
  constexpr std::size_t text_size = 3 * size - 1;
  if (text.size() != text_size) return failure(errc::malformed_address);
  std::array<std::byte, size> bytes{};
  for (std::size_t i = 0; i != size; ++i) {
    const auto value = parse_hexadecimal(text.substr(3 * i, 2));
    if (!value || (i != 0 && text[3 * i - 1] != ':')) return failure(errc::malformed_address);
    bytes[i] = static_cast<std::byte>(*value);
  }
  return mac_address{bytes};
}

void format_to(text_writer& out, const mac_address& address) noexcept {
  bool first = true;
  for (const std::byte b : address.bytes()) {
    if (!first) out.put(':');
    first = false;
    out.put_hex(b);
  }
}

std::string to_string(const mac_address& address) {
  return text_of<3 * mac_address::size - 1>(address);
}

}  // namespace pentad

std::size_t std::hash<pentad::mac_address>::operator()(
    const pentad::mac_address& address) const noexcept {
  const std::byte* bytes = address.bytes().data();
  const std::uint64_t word =
      std::uint64_t{pentad::load_be32(bytes)} << 16 | pentad::load_be16(bytes + 4);
  return static_cast<std::size_t>(pentad::hash_finish(pentad::hash_step(0, word)));
}
