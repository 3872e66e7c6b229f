#include "apps/messenger/server/shared_line.hpp"

#include <algorithm>
#include <new>

namespace pentad::messenger {

shared_line::shared_line(std::string_view text, std::size_t capacity) {
  capacity = std::max(capacity, text.size());
  void* const memory = ::operator new(sizeof(block) + capacity);
  block_ = new (memory)
      block{1, static_cast<std::uint32_t>(text.size()), static_cast<std::uint32_t>(capacity)};
  std::ranges::copy(text, block_->bytes());
}

bool shared_line::append(std::string_view more) noexcept {
  if (block_ == nullptr || block_->references != 1) return false;
  if (block_->capacity - block_->size < more.size()) return false;
  std::ranges::copy(more, block_->bytes() + block_->size);
  block_->size += static_cast<std::uint32_t>(more.size());
  return true;
}

void shared_line::release(block* unused) noexcept { ::operator delete(unused); }

}  // namespace pentad::messenger
