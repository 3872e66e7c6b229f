// Standard input and output of the program, without blocking the loop and without making their
// descriptors non-blocking: those are shared with other programs, which would not expect it.
#pragma once

#include <cstddef>
#include <span>

#include "pentad/base/result.hpp"
#include "pentad/runtime/event.hpp"
#include "pentad/runtime/task.hpp"

namespace pentad::command {

/// Reads a descriptor that it does not own.
class input_stream {
 public:
  explicit input_stream(int descriptor) noexcept : descriptor_(descriptor) {}

  /// Waits for bytes: how many are in `buffer` now, 0 at the end. Errors: `operation_canceled`,
  /// those of read(2).
  task<result<std::size_t>> read(std::span<std::byte> buffer);

 private:
  int descriptor_;
};

/// Writes a descriptor that it does not own. SIGPIPE must be ignored.
class output_stream {
 public:
  explicit output_stream(int descriptor);

  /// Writes all of `bytes`. Several may write at a time: the bytes of each stay together. Errors:
  /// `broken_pipe`, `operation_canceled`, others of write(2).
  task<result<void>> write(std::span<const std::byte> bytes);

  /// Why a write has failed: there is nobody to write to any more.
  std::error_code error() const noexcept { return error_; }

 private:
  enum class kind { file, socket, other };

  task<result<void>> write_all(std::span<const std::byte> bytes);
  long write_some(std::span<const std::byte> bytes) const noexcept;

  int descriptor_;
  kind kind_ = kind::other;
  std::error_code error_;
  event turn_;
};

}  // namespace pentad::command
