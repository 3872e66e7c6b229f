#include "pentad/socket/names/dns_cache.hpp"

#include <algorithm>
#include <utility>

namespace pentad::names {

const known_addresses* dns_cache::find(const question& asked, instant now) {
  entry* const found = entries_.find(asked);
  if (found == nullptr) return nullptr;
  if (now < found->until) return &found->known;
  entries_.erase(asked);
  return nullptr;
}

void dns_cache::keep(const question& asked, known_addresses known, duration lifetime, instant now) {
  entries_.erase(asked);
  lifetime = std::min(lifetime, known ? longest : longest_negative);
  if (lifetime <= duration::zero()) return;
  entries_.insert(asked, std::move(known), later(now, lifetime));
}

}  // namespace pentad::names
