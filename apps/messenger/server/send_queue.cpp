#include "apps/messenger/server/send_queue.hpp"

#include <algorithm>
#include <utility>

namespace pentad::messenger {
namespace {

constexpr std::size_t shared_memory = 1024;  // for texts of one client
constexpr std::size_t idle_capacity = 64;    // lines for which an empty queue keeps its memory

}  // namespace

bool send_queue::push(const shared_line& line, std::size_t limit) {
  if (bytes_ + line.size() > limit) return false;
  waiting_.push_back(line);
  bytes_ += line.size();
  return true;
}

bool send_queue::append(std::string_view text, std::size_t limit) {
  if (bytes_ + text.size() > limit) return false;
  if (empty() || !waiting_.back().append(text)) waiting_.emplace_back(text, shared_memory);
  bytes_ += text.size();
  return true;
}

bool send_queue::take(send_batch& batch) {
  for (std::size_t i = 0; i < batch.size_; ++i) {
    bytes_ -= batch.parts_[i].size();
    batch.lines_[i] = {};
  }
  batch.size_ = std::min(waiting_.size() - first_, send_batch::capacity);
  for (std::size_t i = 0; i < batch.size_; ++i) {
    batch.lines_[i] = std::move(waiting_[first_ + i]);
    batch.parts_[i] = batch.lines_[i].bytes();
  }
  first_ += batch.size_;
  if (empty()) forget_taken();
  return batch.size_ != 0;
}

void send_queue::clear() noexcept {
  for (const shared_line& line : lines()) bytes_ -= line.size();
  forget_taken();
}

void send_queue::forget_taken() noexcept {
  waiting_.clear();
  first_ = 0;
  if (waiting_.capacity() > idle_capacity) std::vector<shared_line>{}.swap(waiting_);
}

}  // namespace pentad::messenger
