/// The sum of any bytes is that of adding them word by word, however they are split, and the copy
/// made on the way is exact. The first two bytes of the input say where it is split.

#include <algorithm>
#include <vector>

#include "pentad/wire/checksum.hpp"
#include "tests/fuzz/wire_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pentad::wire;
  using namespace pentad::wire::fuzz;

  auto input = input_of(data, size);
  const std::size_t place = take_byte(input) * std::size_t{256} + take_byte(input);
  const auto first = input.first(std::min(place, input.size()));
  const auto second = input.subspan(first.size());
  const std::uint16_t expected = detail::sum_words_one_by_one(input);

  internet_sum parts{first};
  parts.add(second);
  require(parts.folded() == expected && parts.size() == input.size());

  std::vector<std::byte> copy(input.size());
  internet_sum copied = copy_and_checksum(first, copy);
  copied.add(copy_and_checksum(second, std::span{copy}.subspan(first.size())));
  require(copied.folded() == expected && std::ranges::equal(copy, input));
  return 0;
}
