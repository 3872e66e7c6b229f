// The text that describes a host, taken apart.
#pragma once

#include <string_view>

#include "pentad/base/clock.hpp"
#include "pentad/base/result.hpp"

namespace pentad {

enum class engine_kind : unsigned char { best, uring, epoll };

struct host_text {
  engine_kind engine = engine_kind::best;
  duration spin{};

  /// Errors: `errc::malformed_host`.
  static result<host_text> parse(std::string_view text);
};

}  // namespace pentad
