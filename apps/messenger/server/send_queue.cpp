#include "apps/messenger/server/send_queue.hpp"

#include <algorithm>
#include <utility>

namespace pentad::messenger {
namespace {

constexpr std::size_t shared_memory = 1024;    // for texts of one client
constexpr std::size_t largest_piece = 16'384;  // stays in the first cache
constexpr std::size_t idle_capacity = 64;      // lines for which an empty queue keeps its memory

}  // namespace

bool send_queue::push(const shared_line& line, std::size_t limit) {
  if (bytes_ + line.size() > limit) return false;
  waiting_.push_back(line);
  tally(line.size());
  return true;
}

bool send_queue::append(std::string_view text, std::size_t limit) {
  if (bytes_ + text.size() > limit) return false;
  if (empty() || !waiting_.back().append(text)) waiting_.emplace_back(text, shared_memory);
  tally(text.size());
  return true;
}

void send_queue::tally(std::size_t size) noexcept {
  bytes_ += size;
  bytes_put_ += size;
  ++lines_put_;
}

bool send_queue::take(send_batch& batch, line_joiner& joiner) {
  bytes_ -= batch.bytes().size();
  batch.line_ = {};
  if (empty()) return false;
  const std::span<shared_line> all = std::span{waiting_}.subspan(first_);
  std::size_t count = 1;
  std::size_t size = all[0].size();
  while (count < all.size() && size + all[count].size() <= largest_piece) {
    size += all[count++].size();
  }
  if (count == 1) {
    batch.line_ = std::move(all[0]);
  } else {
    batch.line_ = joiner.join(all.first(count), size);
    std::ranges::fill(all.first(count), shared_line{});
  }
  first_ += count;
  if (empty()) forget_taken();
  return true;
}

void send_queue::clear() noexcept {
  for (const shared_line& line : lines()) {
    bytes_ -= line.size();
    bytes_put_ -= line.size();
  }
  forget_taken();
}

void send_queue::forget_taken() noexcept {
  waiting_.clear();
  first_ = 0;
  if (waiting_.capacity() > idle_capacity) std::vector<shared_line>{}.swap(waiting_);
}

}  // namespace pentad::messenger
