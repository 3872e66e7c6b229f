// From a quintuple to what it belongs to: a hash table with a secret key, so that a peer cannot
// choose its collisions, that grows with what it holds.
#pragma once

#include <cstdint>
#include <memory>

#include "pentad/stack/native/core/tcp/tuple_hash.hpp"

namespace pentad::native {

/// What a segment for a quintuple can find.
struct demultiplexed {
  enum class kind : std::uint8_t { connection, time_wait };

  demultiplexed(kind type, const five_tuple& of) noexcept : tuple(of), what(type) {}
  demultiplexed(const demultiplexed&) = delete;
  demultiplexed& operator=(const demultiplexed&) = delete;

  const five_tuple tuple;
  demultiplexed* next_in_bucket = nullptr;
  const kind what;

 protected:
  ~demultiplexed() = default;
};

class demultiplexer {
 public:
  explicit demultiplexer(siphash_key key)
      : key_(key), buckets_(std::make_unique<demultiplexed*[]>(first_buckets)) {}

  std::size_t size() const noexcept { return size_; }

  demultiplexed* find(const five_tuple& tuple) const noexcept {
    ++finds_;
    ++comparisons_;
    // Segments come in rows: whoever was found last is most likely meant again.
    if (last_found_ != nullptr && last_found_->tuple == tuple) return last_found_;
    demultiplexed* each = bucket(tuple);
    for (; each != nullptr; each = each->next_in_bucket) {
      ++comparisons_;
      if (each->tuple == tuple) return last_found_ = each;
    }
    return nullptr;
  }

  /// How often something was looked for, and how many tuples were compared for that.
  std::uint64_t finds() const noexcept { return finds_; }
  std::uint64_t comparisons() const noexcept { return comparisons_; }

  /// There must be none with its tuple.
  void insert(demultiplexed& added) {
    if (size_ == count_) grow();
    demultiplexed*& first = bucket(added.tuple);
    added.next_in_bucket = first;
    first = &added;
    ++size_;
  }

  void erase(demultiplexed& removed) noexcept {
    demultiplexed** link = &bucket(removed.tuple);
    while (*link != &removed) link = &(*link)->next_in_bucket;
    *link = removed.next_in_bucket;
    if (last_found_ == &removed) last_found_ = nullptr;
    --size_;
  }

  /// Whether `is_so` for anything that is there.
  template <class Predicate>
  bool any_of(Predicate is_so) const {
    for (std::size_t i = 0; i < count_; ++i) {
      const demultiplexed* each = buckets_[i];
      while (each != nullptr && !is_so(*each)) each = each->next_in_bucket;
      if (each != nullptr) return true;
    }
    return false;
  }

  /// Calls `use` for everything that is there; it may erase what it is called with.
  template <class Use>
  void for_each(Use use) {
    for (std::size_t i = 0; i < count_; ++i) {
      for (demultiplexed* each = buckets_[i]; each != nullptr;) {
        demultiplexed* const next = each->next_in_bucket;
        use(*each);
        each = next;
      }
    }
  }

 private:
  static constexpr std::size_t first_buckets = 64;

  demultiplexed*& bucket(const five_tuple& tuple) const noexcept {
    return buckets_[tuple_hash(key_, tuple) & (count_ - 1)];
  }

  void grow() {
    const std::size_t before = count_;
    const auto old = std::move(buckets_);
    count_ *= 2;
    buckets_ = std::make_unique<demultiplexed*[]>(count_);
    for (std::size_t i = 0; i < before; ++i) {
      for (demultiplexed* each = old[i]; each != nullptr;) {
        demultiplexed* const next = each->next_in_bucket;
        demultiplexed*& first = bucket(each->tuple);
        each->next_in_bucket = first;
        first = each;
        each = next;
      }
    }
  }

  siphash_key key_;
  std::size_t count_ = first_buckets;
  std::size_t size_ = 0;
  std::unique_ptr<demultiplexed*[]> buckets_;
  mutable demultiplexed* last_found_ = nullptr;
  mutable std::uint64_t finds_ = 0;
  mutable std::uint64_t comparisons_ = 0;
};

}  // namespace pentad::native
