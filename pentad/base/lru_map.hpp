// A table of bounded size that forgets what was not used for longest.
#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>

namespace pentad {

/// Values stay where they are in memory until they are erased.
template <class Key, class Value, class Hash>
class lru_map {
 public:
  lru_map(std::size_t most, const Hash& hash) : most_(most), index_(0, hash) {}

  bool empty() const noexcept { return entries_.empty(); }
  bool full() const noexcept { return entries_.size() >= most_; }
  std::size_t size() const noexcept { return entries_.size(); }

  /// Null if it is not there; else it counts as used now.
  Value* find(const Key& key) {
    // Whoever was used last is most likely used again.
    if (!entries_.empty() && entries_.front().first == key) return &entries_.front().second;
    const auto found = index_.find(key);
    if (found == index_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &entries_.front().second;
  }

  /// Makes the value of a key that is not there, in the place of the oldest if it must be.
  template <class... Arguments>
  Value& insert(const Key& key, Arguments&&... arguments) {
    if (full()) evict([](const Value&) { return true; });
    entries_.emplace_front(std::piecewise_construct, std::forward_as_tuple(key),
                           std::forward_as_tuple(std::forward<Arguments>(arguments)...));
    index_.emplace(key, entries_.begin());
    return entries_.front().second;
  }

  void erase(const Key& key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return;
    entries_.erase(found->second);
    index_.erase(found);
  }

  void clear() {
    index_.clear();
    entries_.clear();
  }

  /// Erases the one not used for longest of those for which `may(value)`; false if there is none.
  template <class May>
  bool evict(May may) {
    for (auto oldest = entries_.end(); oldest != entries_.begin();) {
      --oldest;
      if (!may(oldest->second)) continue;
      index_.erase(oldest->first);
      entries_.erase(oldest);
      return true;
    }
    return false;
  }

 private:
  using entries = std::list<std::pair<const Key, Value>>;

  std::size_t most_;
  entries entries_;  // last used first
  std::unordered_map<Key, typename entries::iterator, Hash> index_;
};

}  // namespace pentad
