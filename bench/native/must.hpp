// What a benchmark's program does with an operation that failed: it says so and ends.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <type_traits>
#include <utility>

#include "pentad/base/result.hpp"

namespace pentad::bench {

template <class T>
T must(result<T> outcome, const char* what) {
  if (!outcome) {
    std::fprintf(stderr, "%s: %s\n", what, outcome.error().message().c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*outcome);
}

}  // namespace pentad::bench
