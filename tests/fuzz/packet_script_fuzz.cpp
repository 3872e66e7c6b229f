/// Whatever the text of a script is, it is parsed or refused with a place inside of it; so is what
/// it holds of other languages: options, commands for the shell, and Python.

#include <algorithm>

#include "apps/packet_scripts/assertions.hpp"
#include "apps/packet_scripts/mismatch.hpp"
#include "apps/packet_scripts/parser.hpp"
#include "apps/packet_scripts/script_settings.hpp"
#include "apps/packet_scripts/shell_commands.hpp"
#include "tests/fuzz/wire_fuzz.hpp"

namespace {

using namespace pentad::packet_scripts;

void read_other_languages(const script& read) {
  script_settings settings = settings_of(read, pentad::ip_version::v4);
  assertions python([](std::string_view name) { return static_cast<double>(name.size()); });
  for (const event& each : read.events) {
    try {
      if (const auto* line = std::get_if<command>(&each.what)) {
        apply_commands(line->text, settings.host);
      } else if (const auto* lines = std::get_if<code>(&each.what)) {
        python.check(lines->text);
      }
    } catch (const unsupported&) {
    } catch (const mismatch&) {
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto lines = static_cast<unsigned>(std::ranges::count(text, '\n')) + 1;
  try {
    const script read = parse_script(text);
    for (const event& each : read.events) {
      pentad::wire::fuzz::require(each.at.line >= 1 && each.at.line <= lines);
    }
    read_other_languages(read);
  } catch (const malformed& reason) {
    pentad::wire::fuzz::require(reason.at.line >= 1 && reason.at.line <= lines &&
                                reason.at.column >= 1);
  } catch (const unsupported&) {
  }
  return 0;
}
