// How opening a host on Pentad's own stack fails, in words.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "pentad/hosts/native_host.hpp"

namespace pentad {

using native_failure = std::unexpected<native_host_error>;

/// `cannot WHAT: MESSAGE`, and right behind it what to do.
inline native_failure native_failed_to(std::string_view what, std::error_code error,
                                       std::string_view advice = {}) {
  std::string sentence("cannot ");
  sentence.append(what).append(": ").append(error.message()).append(advice);
  return native_failure({error, std::move(sentence)});
}

}  // namespace pentad
