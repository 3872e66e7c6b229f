// One stream of bytes for many readers, each at its own pace, through one ring: the memory does not
// grow with the readers, and one that falls behind holds the others back by the ring at most.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "pentad/base/result.hpp"
#include "pentad/runtime/event.hpp"
#include "pentad/runtime/task.hpp"

namespace pentad::command {

class fan_out {
 public:
  /// `capacity` in bytes; `patience` is how long the writer waits for a reader that is a whole ring
  /// behind.
  fan_out(std::size_t capacity, duration patience);

  /// Reads what is written while it exists. The first reader also gets what was written before it.
  class reader {
   public:
    /// `dropped` is called when the writer has lost patience with this reader, which must go then.
    reader(fan_out& from, std::function<void()> dropped);
    ~reader();
    reader(const reader&) = delete;
    reader& operator=(const reader&) = delete;

    /// Waits for bytes: the next ones, as many as lie in one piece; none at the end. They stay
    /// until `consume`. Errors: `operation_canceled`.
    task<result<std::span<const std::byte>>> next();

    /// The first `count` bytes of those are done with.
    void consume(std::size_t count) noexcept;

    /// Whether everything that was written is done with.
    bool is_up_to_date() const noexcept { return at_ == from_.head_; }

   private:
    friend fan_out;

    fan_out& from_;
    std::function<void()> dropped_;
    std::uint64_t at_;
    event more_;
  };

  /// Waits for room: where the next bytes go, as many as fit in one piece. Drops readers that are a
  /// whole ring behind for longer than the patience. Errors: `operation_canceled`.
  task<result<std::span<std::byte>>> room();

  /// `count` bytes were put there.
  void written(std::size_t count) noexcept;

  /// Nothing more will be written.
  void finish() noexcept;

 private:
  std::size_t used() const noexcept { return static_cast<std::size_t>(head_ - tail_); }
  void free_consumed() noexcept;
  void drop_slowest();

  std::size_t capacity_;
  duration patience_;
  std::unique_ptr<std::byte[]> ring_;
  std::vector<reader*> readers_;
  // Positions in the stream since its start; modulo the capacity they are positions in the ring.
  std::uint64_t head_ = 0;  ///< of the writer
  std::uint64_t tail_ = 0;  ///< of the slowest reader
  event freed_;
  bool finished_ = false;
};

}  // namespace pentad::command
