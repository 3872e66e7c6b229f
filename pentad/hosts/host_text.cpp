#include "pentad/hosts/host_text.hpp"

#include "pentad/base/error.hpp"
#include "pentad/hosts/option_text.hpp"

namespace pentad {

result<host_text> host_text::parse(std::string_view text) {
  if (text.ends_with(',')) return failure(errc::malformed_host);
  host_text parsed;
  const std::string_view name = take_until(text, ',');
  if (name == "kernel:uring") {
    parsed.engine = engine_kind::uring;
  } else if (name == "kernel:epoll") {
    parsed.engine = engine_kind::epoll;
  } else if (name != "kernel") {
    return failure(errc::malformed_host);
  }
  while (!text.empty()) {
    std::string_view option = take_until(text, ',');
    const std::string_view key = take_until(option, '=');
    if (key != "spin") return failure(errc::malformed_host);
    const std::optional<duration> spin = parse_duration(option);
    if (!spin) return failure(errc::malformed_host);
    parsed.spin = *spin;
  }
  return parsed;
}

}  // namespace pentad
