#include "pentad/hosts/host_text.hpp"

#include <charconv>

#include "pentad/base/error.hpp"

namespace pentad {
namespace {

// Takes what comes before `separator` off `text`.
std::string_view take_until(std::string_view& text, char separator) noexcept {
  const std::size_t end = text.find(separator);
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return taken;
}

// `50us`, `2ms`, `1s`, `800ns`; at most an hour.
result<duration> parse_duration(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (error != std::errc() || count < 0) return failure(errc::malformed_host);
  std::int64_t nanoseconds = 0;
  if (unit == "ns") nanoseconds = 1;
  if (unit == "us") nanoseconds = 1'000;
  if (unit == "ms") nanoseconds = 1'000'000;
  if (unit == "s") nanoseconds = 1'000'000'000;
  constexpr std::int64_t most = 3'600'000'000'000;
  if (nanoseconds == 0 || count > most / nanoseconds) return failure(errc::malformed_host);
  return duration(count * nanoseconds);
}

}  // namespace

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
    const result<duration> spin = parse_duration(option);
    if (!spin) return failure(spin.error());
    parsed.spin = *spin;
  }
  return parsed;
}

}  // namespace pentad
