/// Whatever a few clients do, in whatever order, each of them believes the truth about channels
/// from the lines that it heard, and when they have gone nothing is left. Four bytes are a step:
/// who, what, and two choices.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

#include "tests/apps/irc_crowd.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pentad::messenger::testing::crowd people;
  const std::string wrong = people.plays({data, size});
  if (wrong.empty()) return 0;
  std::cerr << wrong << '\n';
  std::abort();
}
