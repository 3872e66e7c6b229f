// Finds people and channels by name. The names stay where they are: in the people and channels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "apps/messenger/irc/casemapping.hpp"

namespace pentad::messenger {

/// A set of `Pointer`s, owning or not. `NameOf` gives the name of what one points to, which must
/// not change while it is in the table.
template <class Pointer, std::string_view (*NameOf)(const Pointer&)>
class name_table {
 public:
  /// The seed is for `irc::hash_name`.
  explicit name_table(std::uint64_t seed) : table_(0, hasher{seed}) {}

  /// Null when there is none.
  const Pointer* find(std::string_view name) const {
    const auto found = table_.find(name);
    return found == table_.end() ? nullptr : &*found;
  }

  /// Its name must not be in the table.
  const Pointer& insert(Pointer added) { return *table_.insert(std::move(added)).first; }

  void erase(std::string_view name) {
    if (const auto found = table_.find(name); found != table_.end()) table_.erase(found);
  }

  /// Takes one out, whose name must be in the table.
  Pointer take(std::string_view name) {
    return std::move(table_.extract(table_.find(name)).value());
  }

  std::size_t size() const noexcept { return table_.size(); }
  auto begin() const noexcept { return table_.begin(); }
  auto end() const noexcept { return table_.end(); }

 private:
  static std::string_view key(std::string_view name) noexcept { return name; }
  static std::string_view key(const Pointer& one) noexcept { return NameOf(one); }

  struct hasher {
    using is_transparent = void;
    std::uint64_t seed;
    std::size_t operator()(const auto& one) const noexcept {
      return irc::hash_name(key(one), seed);
    }
  };

  struct equal {
    using is_transparent = void;
    bool operator()(const auto& a, const auto& b) const noexcept {
      return irc::same_name(key(a), key(b));
    }
  };

  std::unordered_set<Pointer, hasher, equal> table_;
};

}  // namespace pentad::messenger
