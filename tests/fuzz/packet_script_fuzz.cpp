/// Whatever the text of a script is, it is parsed or refused with a place inside of it.

#include <algorithm>

#include "apps/packet_scripts/parser.hpp"
#include "tests/fuzz/wire_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pentad::packet_scripts;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto lines = static_cast<unsigned>(std::ranges::count(text, '\n')) + 1;
  try {
    const script read = parse_script(text);
    for (const event& each : read.events) {
      pentad::wire::fuzz::require(each.at.line >= 1 && each.at.line <= lines);
    }
  } catch (const malformed& reason) {
    pentad::wire::fuzz::require(reason.at.line >= 1 && reason.at.line <= lines &&
                                reason.at.column >= 1);
  } catch (const unsupported&) {
  }
  return 0;
}
