#include "apps/pentad/bench_datagram.hpp"

#include "pentad/base/byte_order.hpp"

namespace pentad::command {
namespace {

constexpr std::uint32_t magic = 0x42454e43;  // "BENC"

}  // namespace

std::optional<bench_datagram> bench_datagram::parse(std::span<const std::byte> bytes) noexcept {
  if (bytes.size() < header_size || load_be32(bytes.data()) != magic) return {};
  const std::uint32_t what = load_be32(bytes.data() + 4);
  if (what < static_cast<std::uint32_t>(kind::question) ||
      what > static_cast<std::uint32_t>(kind::told)) {
    return {};
  }
  bench_datagram read;
  read.what = static_cast<kind>(what);
  read.run = load_be64(bytes.data() + 8);
  read.number = load_be64(bytes.data() + 16);
  read.messages = load_be64(bytes.data() + 24);
  read.bytes = load_be64(bytes.data() + 32);
  return read;
}

void bench_datagram::write(std::span<std::byte> into) const noexcept {
  store_be32(into.data(), magic);
  store_be32(into.data() + 4, static_cast<std::uint32_t>(what));
  store_be64(into.data() + 8, run);
  store_be64(into.data() + 16, number);
  store_be64(into.data() + 24, messages);
  store_be64(into.data() + 32, bytes);
}

}  // namespace pentad::command
