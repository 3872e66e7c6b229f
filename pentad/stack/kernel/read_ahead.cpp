#include "pentad/stack/kernel/read_ahead.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>

namespace pentad::kernel {

read_ahead::~read_ahead() {
  if (memory_ != nullptr) ::munmap(memory_, capacity * room);
}

int read_ahead::fill(int descriptor) noexcept {
  if (memory_ == nullptr) {
    void* mapped = ::mmap(nullptr, capacity * room, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped == MAP_FAILED) return errno;
    memory_ = static_cast<std::byte*>(mapped);
  }
  for (std::size_t i = 0; i != capacity; ++i) {
    frames_[i].prepare_receive({memory_ + i * room, room});
    headers_[i] = {frames_[i].header(), 0};
  }
  const int got =
      ::recvmmsg(descriptor, headers_.data(), capacity, MSG_DONTWAIT | MSG_TRUNC, nullptr);
  if (got < 0) return errno;
  next_ = 0;
  count_ = static_cast<std::size_t>(got);
  for (std::size_t i = 0; i != count_; ++i) frames_[i].header() = headers_[i].msg_hdr;
  return count_ == 0 ? EAGAIN : 0;
}

received_datagram read_ahead::take(const message_kind& kind, std::span<std::byte> buffer) noexcept {
  received_datagram taken = frames_[next_].take_received(kind, headers_[next_].msg_len);
  ++next_;
  const std::span<std::byte> into = buffer.first(std::min(buffer.size(), taken.bytes.size()));
  std::ranges::copy(taken.bytes.first(into.size()), into.begin());
  taken.bytes = into;
  return taken;
}

}  // namespace pentad::kernel
