// Many reads or writes of one descriptor by one system call, where Linux gives a program a ring of
// io_uring: for files that carry one frame a call. Nothing here waits.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>

struct iovec;

namespace pentad {

class batched_calls {
 public:
  /// Calls at once.
  static constexpr std::size_t most = 64;

  /// For `descriptor`, a file that does not block, which must stay open. Null where there is no
  /// io_uring, or one that is too old.
  static std::unique_ptr<batched_calls> open(int descriptor);

  ~batched_calls();
  batched_calls(const batched_calls&) = delete;
  batched_calls& operator=(const batched_calls&) = delete;

  /// False once the ring or the file has refused; then there are to be no more calls.
  bool works() const noexcept { return works_; }

  /// Makes `calls.size()` calls, `most` at most, in their order. `results` gets what readv(2) or
  /// writev(2) would have returned for each, or an errno as a negative number.
  void read(std::span<const std::span<const iovec>> calls, std::span<int> results) noexcept;
  void write(std::span<const std::span<const iovec>> calls, std::span<int> results) noexcept;

 private:
  struct ring;

  batched_calls(int descriptor, std::unique_ptr<ring> opened) noexcept;
  void carry_out(std::size_t count, std::span<int> results) noexcept;

  int descriptor_;
  std::unique_ptr<ring> ring_;
  bool works_ = true;
};

}  // namespace pentad
