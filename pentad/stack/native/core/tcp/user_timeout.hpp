// How long data may stay unacknowledged, as two ends tell each other (RFC 5482).
#pragma once

#include <algorithm>

#include "pentad/base/clock.hpp"
#include "pentad/wire/tcp_options.hpp"

namespace pentad::native {

/// As it is said: whole seconds, or minutes where there are too many.
inline wire::tcp_user_timeout advertised_timeout(duration limit) noexcept {
  constexpr std::int64_t most = 0x7fff;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(limit).count();
  if (seconds <= most)
    return {false, static_cast<std::uint16_t>(std::max<std::int64_t>(seconds, 1))};
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(limit).count();
  return {true, static_cast<std::uint16_t>(std::min(minutes, most))};
}

/// As it is done: no peer can have a connection end early, nor kept for ever (section 3.1).
inline duration accepted_timeout(const wire::tcp_user_timeout& told) noexcept {
  constexpr duration least = std::chrono::seconds(100);  // RFC 9293, section 3.8.3
  constexpr duration most = std::chrono::hours(24);
  const duration said = told.in_minutes ? duration(std::chrono::minutes(told.value))
                                        : duration(std::chrono::seconds(told.value));
  return std::clamp(said, least, most);
}

}  // namespace pentad::native
