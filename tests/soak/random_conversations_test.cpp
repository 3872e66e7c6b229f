// Random conversations, a few of them, or as many as fit into $PENTAD_SOAK_SECONDS: `./dev soak`.
// $PENTAD_SOAK_SEED says where to begin.

#include "tests/soak/random_conversations.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace pentad::native::test {
namespace {

std::uint64_t number_in(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(soak, random_conversations_arrive_whole_and_leave_nothing_behind) {
  const std::uint64_t first = number_in("PENTAD_SOAK_SEED", 1);
  const std::chrono::seconds length(number_in("PENTAD_SOAK_SECONDS", 0));
  const auto end = std::chrono::steady_clock::now() + length;
  constexpr std::uint64_t at_least = 25;
  std::uint64_t seed = first;
  for (; seed < first + at_least || std::chrono::steady_clock::now() < end; ++seed) {
    SCOPED_TRACE("PENTAD_SOAK_SEED=" + std::to_string(seed));
    random_conversations(seed).hold();
    if (HasFailure()) return;
  }
  std::printf("%llu worlds of conversations\n", static_cast<unsigned long long>(seed - first));
}

TEST(soak, the_same_seed_gives_the_same_frames) {
  const auto digest_of = [](std::uint64_t seed) {
    random_conversations held(seed);
    held.hold();
    return held.digest();
  };
  EXPECT_EQ(digest_of(7), digest_of(7));
  EXPECT_NE(digest_of(7), digest_of(8));
}

}  // namespace
}  // namespace pentad::native::test
