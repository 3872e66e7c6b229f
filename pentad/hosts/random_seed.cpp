#include "pentad/hosts/random_seed.hpp"

#include <sys/random.h>

#include <cerrno>

#include "pentad/runtime/monotonic_clock.hpp"

namespace pentad {

std::uint64_t random_seed() noexcept {
  std::uint64_t seed = 0;
  if (::getrandom(&seed, sizeof seed, 0) != sizeof seed) {
    seed = static_cast<std::uint64_t>(monotonic_now().time_since_epoch().count());
  }
  return seed;
}

result<void> fill_with_secrets(std::span<std::byte> bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t count = ::getrandom(bytes.data(), bytes.size(), 0);
    if (count < 0 && errno != EINTR) return failure_from_errno(errno);
    if (count > 0) bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace pentad
