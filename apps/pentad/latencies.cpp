#include "apps/pentad/latencies.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace pentad::command {
namespace {

constexpr unsigned precision = 6;  // bits behind the first: 64 buckets for each power of two

std::size_t bucket_of(std::uint64_t value) noexcept {
  const auto bits = static_cast<unsigned>(std::bit_width(value));
  if (bits <= precision + 1) return static_cast<std::size_t>(value);
  const unsigned shift = bits - precision - 1;
  return (std::size_t{shift} << precision) + static_cast<std::size_t>(value >> shift);
}

// The largest value of a bucket.
std::uint64_t end_of(std::size_t bucket) noexcept {
  if (bucket < std::size_t{2} << precision) return bucket;
  const std::size_t shift = (bucket >> precision) - 1;
  const std::uint64_t first = (bucket - (shift << precision)) << shift;
  return first + ((std::uint64_t{1} << shift) - 1);
}

}  // namespace

void latencies::add(duration one) {
  const auto value = static_cast<std::uint64_t>(std::max(one, duration::zero()).count());
  const std::size_t bucket = bucket_of(value);
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
  ++count_;
  least_ = std::min(least_, one);
  most_ = std::max(most_, one);
}

duration latencies::percentile(double part) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(part * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= wanted && seen != 0) {
      return std::min(most_, duration(static_cast<duration::rep>(end_of(i))));
    }
  }
  return {};
}

}  // namespace pentad::command
