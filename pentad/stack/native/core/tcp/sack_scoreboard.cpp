#include "pentad/stack/native/core/tcp/sack_scoreboard.hpp"

#include <algorithm>

namespace pentad::native {

void sack_scoreboard::begin(wire::tcp_sequence first) noexcept {
  constexpr std::size_t worth_keeping = 64;
  if (parts_.capacity() > worth_keeping) parts_ = {};
  parts_.clear();
  front_ = 0;
  start_ = end_ = highest_delivered_ = first;
  sacked_ = lost_ = duplicates_ = 0;
  sent_again_ = false;
}

// The part that `number` lies in, or the end.
std::size_t sack_scoreboard::part_after(wire::tcp_sequence number) const noexcept {
  const auto found =
      std::upper_bound(parts_.begin() + static_cast<std::ptrdiff_t>(front_), parts_.end(), number,
                       [](wire::tcp_sequence each, const part& other) { return each < other.end; });
  return static_cast<std::size_t>(found - parts_.begin());
}

// Makes a part end at `at`.
void sack_scoreboard::split(wire::tcp_sequence at) {
  const std::size_t i = part_after(at);
  if (i == parts_.size() || first_of(i) >= at) return;
  part left = parts_[i];
  left.end = at;
  parts_.insert(parts_.begin() + static_cast<std::ptrdiff_t>(i), left);
}

void sack_scoreboard::sent(wire::tcp_sequence end, instant now) {
  end_ = end;
  if (entries() != 0) {
    part& last = parts_.back();
    const bool is_plain = !last.sacked && !last.lost && !last.again;
    if (is_plain && (last.sent_at == now || entries() >= most_parts)) {
      last.end = end;
      last.sent_at = now;
      return;
    }
  }
  parts_.push_back({.end = end, .sent_at = now});
}

void sack_scoreboard::sent_again(range again, instant now) {
  split(again.first);
  split(again.end);
  const std::size_t i = part_after(again.first);
  part& what = parts_[i];
  if (what.lost) lost_ -= again.size();
  what.lost = false;
  what.again = sent_again_ = true;
  what.sent_at = now;
  if (i == front_) return;
  part& before = parts_[i - 1];
  if (before.sacked || before.lost || !before.again || before.sent_at != now) return;
  before.end = what.end;
  parts_.erase(parts_.begin() + static_cast<std::ptrdiff_t>(i));
}

void sack_scoreboard::delivered(const part& what, wire::tcp_sequence end, std::uint32_t size,
                                delivery& news) const noexcept {
  news.bytes += size;
  news.first_copy |= what.lost && !what.again;
  if (what.again) {
    news.sent_again = true;
  } else {
    news.oldest_sent = std::min(news.oldest_sent, what.sent_at);
    // RFC 8985, section 6.2, step 3.
    news.reordered |= end < highest_delivered_;
  }
  const bool is_later = !news.has_latest || what.sent_at > news.latest_sent ||
                        (what.sent_at == news.latest_sent && end > news.latest_end);
  if (!is_later) return;
  news.has_latest = true;
  news.latest_sent = what.sent_at;
  news.latest_end = end;
  news.latest_was_sent_again = what.again;
}

void sack_scoreboard::acknowledged(wire::tcp_sequence to, delivery& news) {
  const auto all = static_cast<std::uint32_t>(to - start_);
  while (start_ < to) {
    part& oldest = parts_[front_];
    const wire::tcp_sequence end = wire::earlier(oldest.end, to);
    const auto size = static_cast<std::uint32_t>(end - start_);
    if (oldest.sacked) {
      sacked_ -= size;
    } else {
      delivered(oldest, end, size, news);
    }
    if (oldest.lost) lost_ -= size;
    if (end == oldest.end) ++front_;
    start_ = end;
  }
  highest_delivered_ = wire::later(highest_delivered_, to);
  if (front_ == parts_.size()) {
    parts_.clear();
    front_ = 0;
    sent_again_ = false;
  } else if (front_ >= 32 && front_ > parts_.size() / 2) {
    parts_.erase(parts_.begin(), parts_.begin() + static_cast<std::ptrdiff_t>(front_));
    front_ = 0;
  }
  // All but one of these had been seen as duplicates.
  if (duplicates_ == 0) return;
  const std::uint32_t seen = std::min(duplicates_, all);
  duplicates_ = std::min(duplicates_ - seen, in_flight() - lost_);
  news.bytes -= std::min(news.bytes, seen);
}

void sack_scoreboard::sacked(const wire::tcp_sack_block& block, delivery& news) {
  wire::tcp_sequence first = wire::later(block.begin, start_);
  wire::tcp_sequence end = wire::earlier(block.end, end_);
  if (first >= end) return;
  std::size_t i = part_after(first);
  if (parts_[i].sacked && parts_[i].end >= end) return;  // nothing new
  const auto may_split = [this](std::size_t at) {
    return at < parts_.size() && !parts_[at].sacked && entries() < most_parts;
  };
  if (may_split(i)) split(first);
  if (may_split(part_after(end))) split(end);
  i = part_after(first);
  if (first_of(i) < first && !parts_[i].sacked) ++i;
  std::size_t last = part_after(end);
  if (last < parts_.size() && parts_[last].sacked && first_of(last) < end) ++last;
  if (i >= last) return;
  for (std::size_t each = i; each < last; ++each) {
    part& what = parts_[each];
    if (what.sacked) continue;
    const std::uint32_t size = size_of(each);
    delivered(what, what.end, size, news);
    if (what.lost) lost_ -= size;
    what.lost = false;
    what.sacked = true;
    sacked_ += size;
  }
  highest_delivered_ = wire::later(highest_delivered_, parts_[last - 1].end);
  // One part with its neighbours that the peer holds, too.
  if (i > front_ && parts_[i - 1].sacked) --i;
  if (last < parts_.size() && parts_[last].sacked) ++last;
  const auto begin = parts_.begin();
  parts_.erase(begin + static_cast<std::ptrdiff_t>(i),
               begin + static_cast<std::ptrdiff_t>(last - 1));
}

void sack_scoreboard::duplicate(std::uint32_t size, delivery& news) noexcept {
  // The oldest is what is missing, and no more can leave the network than are in it: others are a
  // peer's lie.
  const std::uint32_t others = in_flight() - lost_ - duplicates_;
  const std::uint32_t left = lost_ == 0 ? others - std::min(others, size) : others;
  const std::uint32_t counted = std::min(size, left);
  duplicates_ += counted;
  news.bytes += counted;
}

void sack_scoreboard::lose_first(std::uint32_t size) {
  if (empty() || parts_[front_].sacked || parts_[front_].lost) return;
  const wire::tcp_sequence end = wire::earlier(start_ + size, parts_[front_].end);
  split(end);
  parts_[front_].lost = true;
  lost_ += size_of(front_);
  duplicates_ = std::min(duplicates_, in_flight() - lost_);
}

void sack_scoreboard::lose_all() {
  if (empty()) return;
  const bool reneged = parts_[front_].sacked;
  if (reneged) sacked_ = 0;
  duplicates_ = 0;
  for (std::size_t i = front_; i < parts_.size(); ++i) {
    if (reneged) parts_[i].sacked = false;
    parts_[i].lost = !parts_[i].sacked;
  }
  lost_ = in_flight() - sacked_;
  compact();
}

void sack_scoreboard::lose_nothing() noexcept {
  for (std::size_t i = front_; i < parts_.size(); ++i) parts_[i].lost = false;
  lost_ = 0;
}

instant sack_scoreboard::lose_sent_before(instant delivered, wire::tcp_sequence end,
                                          instant deadline) {
  instant oldest = never;
  bool changed = false;
  for (std::size_t i = front_; i < parts_.size(); ++i) {
    part& each = parts_[i];
    if (each.sacked || each.lost) continue;
    const bool was_before =
        each.sent_at < delivered || (each.sent_at == delivered && each.end < end);
    if (!was_before) continue;
    if (each.sent_at <= deadline) {
      each.lost = changed = true;
      lost_ += size_of(i);
    } else {
      oldest = std::min(oldest, each.sent_at);
    }
  }
  if (changed) compact();
  return oldest;
}

// Neighbours that are lost are one part.
void sack_scoreboard::compact() noexcept {
  std::size_t kept = front_;
  for (std::size_t i = front_ + 1; i < parts_.size(); ++i) {
    part& last = parts_[kept];
    const part& next = parts_[i];
    if (last.lost && next.lost && last.again == next.again) {
      last.end = next.end;
    } else {
      parts_[++kept] = next;
    }
  }
  parts_.resize(kept + 1);
}

std::optional<sack_scoreboard::range> sack_scoreboard::first_lost(
    std::uint32_t most) const noexcept {
  if (lost_ == 0) return std::nullopt;
  std::size_t i = front_;
  while (!parts_[i].lost) ++i;
  const wire::tcp_sequence first = first_of(i);
  return range{first, wire::earlier(parts_[i].end, first + most)};
}

sack_scoreboard::range sack_scoreboard::last(std::uint32_t most) const noexcept {
  const wire::tcp_sequence first = first_of(parts_.size() - 1);
  return {wire::later(first, end_ - most), end_};
}

}  // namespace pentad::native
