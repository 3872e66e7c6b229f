// What waits to be sent to one client, bounded in bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "apps/messenger/server/line_joiner.hpp"
#include "apps/messenger/server/shared_line.hpp"
#include "apps/messenger/server/traffic.hpp"

namespace pentad::messenger {

/// Bytes that are being sent: they stay here, and counted, until the sending has ended.
class send_batch {
 public:
  std::span<const std::byte> bytes() const noexcept { return line_.bytes(); }

 private:
  friend class send_queue;

  shared_line line_;
};

class send_queue {
 public:
  /// Puts a line at the end, or returns false when more than `limit` bytes would be unsent.
  bool push(const shared_line& line, std::size_t limit);

  /// The same for text that nobody else gets: short ones share memory.
  bool append(std::string_view text, std::size_t limit);

  /// Forgets what was in `batch` and moves into it what comes next, several lines in one piece;
  /// false when nothing waits.
  bool take(send_batch& batch, line_joiner& joiner);
  bool take(send_batch& batch) {
    line_joiner own;
    return take(batch, own);
  }

  /// Forgets all that waits.
  void clear() noexcept;

  bool empty() const noexcept { return first_ == waiting_.size(); }

  /// Unsent bytes, those of a batch that is being sent included.
  std::size_t bytes() const noexcept { return bytes_; }

  /// All lines that were put here, and those bytes of them that have been sent.
  traffic sent() const noexcept { return {lines_put_, bytes_put_ - bytes_}; }

  /// What waits, in order.
  std::span<const shared_line> lines() const noexcept {
    return std::span{waiting_}.subspan(first_);
  }

 private:
  void tally(std::size_t size) noexcept;
  void forget_taken() noexcept;

  std::vector<shared_line> waiting_;
  std::size_t first_ = 0;  // those before it have been taken
  std::size_t bytes_ = 0;
  std::uint64_t lines_put_ = 0;
  std::uint64_t bytes_put_ = 0;  // without those that were cleared
};

}  // namespace pentad::messenger
