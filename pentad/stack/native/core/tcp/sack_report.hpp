// What a receiver tells of what has come out of order (RFC 2018, section 4) or twice (RFC 2883).
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "pentad/wire/tcp_options.hpp"

namespace pentad::native {

class sack_report {
 public:
  using block = wire::tcp_sack_block;

  bool empty() const noexcept { return count_ == 0 && !twice_; }

  /// Bytes have come out of order: they are part of the first block that is told.
  void arrived(block fresh) noexcept {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      const block each = blocks_[i];
      if (each.end < fresh.begin || fresh.end < each.begin) {
        blocks_[kept++] = each;
        continue;
      }
      const block common{wire::later(each.begin, fresh.begin), wire::earlier(each.end, fresh.end)};
      if (common.begin < common.end && !twice_) twice_ = common;
      fresh = {wire::earlier(each.begin, fresh.begin), wire::later(each.end, fresh.end)};
    }
    count_ = std::min(kept, blocks_.size() - 1);
    std::copy_backward(blocks_.begin(), blocks_.begin() + count_, blocks_.begin() + count_ + 1);
    blocks_[0] = fresh;
    ++count_;
  }

  /// Bytes have come that are next: what of them was kept out of order has come twice. The first
  /// such block is told.
  void came_next(const block& fresh) noexcept {
    std::optional<block> again;
    for (const block& each : std::span(blocks_).first(count_)) {
      const block common{wire::later(each.begin, fresh.begin), wire::earlier(each.end, fresh.end)};
      if (common.begin < common.end && (!again || common.begin < again->begin)) again = common;
    }
    if (again && !twice_) twice_ = again;
  }

  /// Bytes have come that had been acknowledged.
  void arrived_twice(const block& again) noexcept { twice_ = again; }

  /// All before `next` is acknowledged.
  void acknowledged(wire::tcp_sequence next) noexcept {
    const auto last = std::remove_if(blocks_.begin(), blocks_.begin() + count_,
                                     [next](const block& each) { return each.end <= next; });
    count_ = static_cast<std::size_t>(last - blocks_.begin());
  }

  /// What was kept out of order is not kept any more.
  void forget() noexcept { count_ = 0; }

  /// For the next acknowledgement, which tells of a duplicate once.
  wire::tcp_sack_blocks take() noexcept {
    wire::tcp_sack_blocks told;
    if (twice_) told.add(*twice_);  // RFC 2883, section 4: it comes first
    twice_.reset();
    for (std::size_t i = 0; i < count_; ++i) told.add(blocks_[i]);
    return told;
  }

  /// Bytes of options that it needs beside `others`.
  std::uint32_t option_size(std::uint32_t others) const noexcept {
    const std::size_t wanted = count_ + (twice_ ? 1U : 0U);
    const std::size_t fit = (wire::tcp_options::capacity - others - 4) / 8;
    return wanted == 0 ? 0 : static_cast<std::uint32_t>(4 + 8 * std::min({wanted, fit, most}));
  }

 private:
  static constexpr std::size_t most = wire::tcp_sack_blocks::capacity;

  std::array<block, most> blocks_;  // newest first
  std::size_t count_ = 0;
  std::optional<block> twice_;
};

}  // namespace pentad::native
