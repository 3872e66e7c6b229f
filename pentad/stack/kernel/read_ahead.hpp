// Datagrams that were received before the program asked for them: when they come faster than it
// asks, one system call brings many.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <span>

#include "pentad/stack/kernel/message_frame.hpp"

namespace pentad::kernel {

/// A stack has one of these, and a socket has it from when it is filled until it is empty.
class read_ahead {
 public:
  static constexpr std::size_t capacity = 16;

  read_ahead() noexcept = default;
  read_ahead(const read_ahead&) = delete;
  read_ahead& operator=(const read_ahead&) = delete;
  ~read_ahead();

  /// Receives, without waiting, what is there. Empty before. Returns errno, EAGAIN when there is
  /// nothing; 0: there is at least one.
  int fill(int descriptor) noexcept;

  bool empty() const noexcept { return next_ == count_; }
  void clear() noexcept { next_ = count_ = 0; }

  /// The oldest, into the program's `buffer` as far as it has room.
  received_datagram take(const message_kind& kind, std::span<std::byte> buffer) noexcept;

 private:
  static constexpr std::size_t room = std::size_t{64} << 10;  // for the longest there can be

  std::byte* memory_ = nullptr;  // mapped; only what is written to is there
  std::array<message_frame, capacity> frames_;
  std::array<mmsghdr, capacity> headers_;
  std::size_t next_ = 0;
  std::size_t count_ = 0;
};

}  // namespace pentad::kernel
