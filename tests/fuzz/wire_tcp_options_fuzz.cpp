/// Whatever the options of a TCP segment say, what was understood of them is written, as long as it
/// fits, and read again as the same.

#include <algorithm>
#include <array>

#include "pentad/wire/tcp_options.hpp"
#include "tests/fuzz/wire_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pentad::wire;
  using namespace pentad::wire::fuzz;

  const auto input = input_of(data, size);
  const auto options = tcp_options::parse(input.first(std::min(size, tcp_options::capacity)));
  require(!options.window_scale || *options.window_scale <= tcp_options::largest_window_scale);
  require(options.size() % 4 == 0);
  if (options.size() > tcp_options::capacity) return 0;

  std::array<std::byte, tcp_options::capacity> out{};
  options.emit(out);
  auto expected = options;
  const auto again = tcp_options::parse(std::span{out}.first(options.size()));
  if (again.sack.size() < options.sack.size()) {  // padding left no room for the last ones
    expected.sack = {};
    for (const auto& block : std::span{options.sack.begin(), again.sack.size()}) {
      expected.sack.add(block);
    }
  }
  require(again == expected);
  return 0;
}
