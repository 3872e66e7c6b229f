/// Whatever a frame is, its line is one line of printable characters, and a recording of it reads
/// back as the same.

#include <algorithm>
#include <array>
#include <string>

#include "pentad/inspect/packet_text.hpp"
#include "pentad/inspect/recording.hpp"
#include "tests/fuzz/wire_fuzz.hpp"

namespace {

using namespace pentad;
using namespace pentad::wire::fuzz;

using bytes = std::span<const std::byte>;

void check_line(bytes frame, std::size_t size, wire::pcapng_link link) {
  const std::string line = packet_text(frame, size, link);
  require(!line.empty() && line.size() < 1000);
  require(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; }));
}

// The frame in two pieces, each a packet: the first byte says how, the rest is what.
void check_recording(bytes frame, std::uint8_t how) {
  const std::size_t middle = frame.size() * how / 256;
  const std::array pieces{frame.first(middle), frame.subspan(middle)};
  recording made("fuzz");
  require(made.add_interface("one") == 0);
  require(made.add_interface("two", wire::pcapng_link::raw_ip) == 1);
  const std::size_t before = made.bytes().size();
  made.add({.timestamp = 1, .bytes = frame, .direction = {}});
  made.cut(before);
  for (std::uint32_t i = 0; i != pieces.size(); ++i) {
    made.add({.interface_index = i,
              .timestamp = how,
              .bytes = pieces[i],
              .original_length = static_cast<std::uint32_t>(frame.size()),
              .direction = wire::pcapng_direction::outbound});
  }
  wire::pcapng_reader reader(made.bytes());
  for (int i = 0; i != 3; ++i) require(reader.next().value().has_value());
  for (std::uint32_t i = 0; i != pieces.size(); ++i) {
    const auto block = reader.next();
    require(block && *block);
    const auto& packet = std::get<wire::pcapng_packet>(**block);
    require(packet.interface_index == i && packet.timestamp == how);
    require(std::ranges::equal(packet.bytes, pieces[i]));
    require(packet.original_length == frame.size());
  }
  const auto end = reader.next();
  require(end && !*end);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bytes input = input_of(data, size);
  const std::uint8_t how = take_byte(input);
  check_recording(input, how);
  for (const auto link : {wire::pcapng_link::ethernet, wire::pcapng_link::raw_ip}) {
    check_line(input, input.size(), link);
    // Cut: more was on the wire than is here.
    check_line(input.first(input.size() * how / 256), input.size(), link);
  }
  check_line(input, input.size(), static_cast<wire::pcapng_link>(how));
  return 0;
}
