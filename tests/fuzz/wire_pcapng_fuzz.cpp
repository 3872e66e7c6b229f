/// Reading a recording ends, stays inside the file, and a packet that is read is written and read
/// again as the same.

#include <algorithm>
#include <vector>

#include "pentad/wire/pcapng.hpp"
#include "tests/fuzz/wire_fuzz.hpp"

namespace {

using namespace pentad::wire;
using namespace pentad::wire::fuzz;

using bytes = std::span<const std::byte>;

std::vector<std::byte> emitted(const auto& block) {
  std::vector<std::byte> out(block.size());
  block.emit(out);
  return out;
}

/// Writes the block behind a section header and gives what is read of it to `check`.
template <class Block>
void write_and_read(const Block& block, auto check) {
  std::vector<std::byte> file = emitted(pcapng_section{});
  const std::vector<std::byte> written = emitted(block);
  require(written.size() % 4 == 0);
  file.insert(file.end(), written.begin(), written.end());
  pcapng_reader reader{file};
  require(reader.next().has_value());
  const auto read = reader.next();
  require(read && *read);
  check(std::get<Block>(**read));
}

void check(const pcapng_section& section, bytes file) {
  require(is_inside(std::as_bytes(std::span{section.application}), file));
  write_and_read(section, [&](const pcapng_section& again) { require(again == section); });
}

void check(const pcapng_interface& interface, bytes file) {
  require(is_inside(std::as_bytes(std::span{interface.name}), file));
  write_and_read(interface, [&](const pcapng_interface& again) { require(again == interface); });
}

void check(const pcapng_packet& packet, bytes file) {
  require(is_inside(packet.bytes, file));
  write_and_read(packet, [&](const pcapng_packet& again) {
    require(std::ranges::equal(again.bytes, packet.bytes));
    require(again.timestamp == packet.timestamp && again.direction == packet.direction);
    require(again.interface_index == packet.interface_index);
    require(again.original_length == packet.original_length);
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const bytes file = input_of(data, size);
  pcapng_reader reader{file};
  for (std::size_t blocks = 0;; ++blocks) {
    require(blocks <= size / 12);
    const auto block = reader.next();
    if (!block || !*block) return 0;
    std::visit([&](const auto& x) { check(x, file); }, **block);
  }
}
