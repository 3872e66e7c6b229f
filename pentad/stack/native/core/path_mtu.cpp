#include "pentad/stack/native/core/path_mtu.hpp"

#include <algorithm>
#include <array>

namespace pentad::native {

const path_mtu* path_mtu_cache::find(const ip_address& destination) {
  if (paths_.empty()) return nullptr;
  const path_mtu* const found = paths_.find(destination);
  if (found == nullptr) return nullptr;
  if (context_.now < found->until) return found;
  paths_.erase(destination);  // RFC 1191, section 6.3: the path may be better by now
  return nullptr;
}

std::uint32_t path_mtu_cache::lower(const ip_address& destination, std::uint32_t mtu) {
  constexpr std::uint32_t least_v4_link = 68;    // RFC 791
  constexpr std::uint32_t least_v6_link = 1280;  // RFC 8201, section 4
  const path_mtu_settings& settings = context_.settings.path_mtu;
  path_mtu claimed{.bytes = mtu, .until = later(context_.now, settings.expires)};
  if (mtu < (destination.is_v4() ? least_v4_link : least_v6_link)) return 0;
  if (destination.is_v4() && mtu < settings.least_v4) {
    claimed.bytes = settings.least_v4;
    claimed.let_fragment = true;
  }
  const path_mtu* const known = find(destination);
  if (known != nullptr) {
    if (known->bytes < claimed.bytes) return known->bytes;
    claimed.let_fragment |= known->let_fragment;
    paths_.erase(destination);
  }
  ++context_.ways;
  return paths_.insert(destination, claimed).bytes;
}

std::uint32_t next_plateau(std::uint32_t size) noexcept {
  constexpr std::array<std::uint32_t, 11> plateaus{65535, 32000, 17914, 8166, 4352, 2002,
                                                   1492,  1006,  508,   296,  68};
  const auto below =
      std::ranges::find_if(plateaus, [&](std::uint32_t each) { return each < size; });
  return below != plateaus.end() ? *below : plateaus.back();
}

}  // namespace pentad::native
