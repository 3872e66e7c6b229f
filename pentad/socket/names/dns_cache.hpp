// What the name service has said, for as long as that holds.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "pentad/base/clock.hpp"
#include "pentad/base/lru_map.hpp"
#include "pentad/socket/names/dns_message.hpp"

namespace pentad::names {

/// The addresses of a name, or why it has none: `errc::name_not_found` and
/// `errc::name_has_no_address` are knowledge too (RFC 2308).
using known_addresses = result<std::vector<ip_address>>;

class dns_cache {
 public:
  static constexpr std::size_t default_capacity = 1024;

  /// However long a server says, what it said is forgotten after so long.
  static constexpr duration longest = std::chrono::hours(24);
  /// RFC 2308, section 5.
  static constexpr duration longest_negative = std::chrono::hours(3);

  /// Forgets what was not asked for longest when there are more than `capacity` questions.
  explicit dns_cache(std::size_t capacity = default_capacity) : entries_(capacity, hash()) {}

  /// Null if it is not known, or not any more. Valid until the next call.
  const known_addresses* find(const question& asked, instant now);

  /// Keeps `known` for `lifetime`; if that is zero, not at all.
  void keep(const question& asked, known_addresses known, duration lifetime, instant now);

  void clear() { entries_.clear(); }
  std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct hash {
    std::size_t operator()(const question& asked) const noexcept {
      return std::hash<std::string>()(asked.name) * 31 + static_cast<std::size_t>(asked.type);
    }
  };
  struct entry {
    known_addresses known;
    instant until;
  };

  lru_map<question, entry, hash> entries_;
};

}  // namespace pentad::names
