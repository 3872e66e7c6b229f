#include "apps/pentad/fan_out.hpp"

#include <algorithm>
#include <utility>

namespace pentad::command {

fan_out::fan_out(std::size_t capacity, duration patience)
    : capacity_(capacity),
      patience_(patience),
      ring_(std::make_unique_for_overwrite<std::byte[]>(capacity)) {}

fan_out::reader::reader(fan_out& from, std::function<void()> dropped)
    : from_(from),
      dropped_(std::move(dropped)),
      at_(from.readers_.empty() ? from.tail_ : from.head_) {
  from_.readers_.push_back(this);
  from_.freed_.set();  // the writer's patience with this reader begins
}

fan_out::reader::~reader() {
  std::erase(from_.readers_, this);
  from_.free_consumed();
}

task<result<std::span<const std::byte>>> fan_out::reader::next() {
  while (is_up_to_date() && !from_.finished_) {
    const result<void> more = co_await more_.wait();
    if (!more) co_return failure(more.error());
  }
  const auto start = static_cast<std::size_t>(at_ % from_.capacity_);
  const auto unread = static_cast<std::size_t>(from_.head_ - at_);
  const std::size_t size = std::min(unread, from_.capacity_ - start);
  co_return std::span<const std::byte>(from_.ring_.get() + start, size);
}

void fan_out::reader::consume(std::size_t count) noexcept {
  const bool was_slowest = at_ == from_.tail_;
  at_ += count;
  if (was_slowest) from_.free_consumed();
}

task<result<std::span<std::byte>>> fan_out::room() {
  while (used() == capacity_) {
    const duration limit = readers_.empty() ? duration::max() : patience_;
    const result<void> freed = co_await freed_.wait().timeout(limit);
    if (freed) continue;
    const bool impatient = freed.error() == std::errc::timed_out && !readers_.empty();
    if (!impatient) co_return failure(freed.error());
    drop_slowest();
  }
  const auto start = static_cast<std::size_t>(head_ % capacity_);
  const std::size_t size = std::min(capacity_ - used(), capacity_ - start);
  co_return std::span<std::byte>(ring_.get() + start, size);
}

void fan_out::written(std::size_t count) noexcept {
  head_ += count;
  for (reader* each : readers_) each->more_.set();
}

void fan_out::finish() noexcept {
  finished_ = true;
  for (reader* each : readers_) each->more_.set();
}

void fan_out::free_consumed() noexcept {
  std::uint64_t slowest = head_;
  for (const reader* each : readers_) slowest = std::min(slowest, each->at_);
  if (slowest == tail_) return;
  tail_ = slowest;
  freed_.set();
}

void fan_out::drop_slowest() {
  for (reader* each : readers_) {
    if (each->at_ == tail_) each->dropped_();
  }
}

}  // namespace pentad::command
