#include "pentad/hosts/random_seed.hpp"

#include <sys/random.h>

#include "pentad/runtime/monotonic_clock.hpp"

namespace pentad {

std::uint64_t random_seed() noexcept {
  std::uint64_t seed = 0;
  if (::getrandom(&seed, sizeof seed, 0) != sizeof seed) {
    seed = static_cast<std::uint64_t>(monotonic_now().time_since_epoch().count());
  }
  return seed;
}

}  // namespace pentad
