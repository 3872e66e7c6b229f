#include "apps/pentad/standard_streams.hpp"

#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "pentad/runtime/descriptor.hpp"

namespace pentad::command {
namespace {

bool passes(int error) noexcept { return error == EINTR || error == EAGAIN; }

bool is_writable_now(int descriptor) noexcept {
  pollfd asked{descriptor, POLLOUT, 0};
  return ::poll(&asked, 1, 0) == 1;
}

}  // namespace

task<result<std::size_t>> input_stream::read(std::span<std::byte> buffer) {
  for (;;) {
    const result<void> ready = co_await readable(descriptor_);
    if (!ready) co_return failure(ready.error());
    const ssize_t count = ::read(descriptor_, buffer.data(), buffer.size());
    if (count >= 0) co_return static_cast<std::size_t>(count);
    if (!passes(errno)) co_return failure_from_errno(errno);
  }
}

output_stream::output_stream(int descriptor) : descriptor_(descriptor) {
  struct stat file;
  if (::fstat(descriptor, &file) == 0) {
    if (S_ISREG(file.st_mode)) kind_ = kind::file;
    if (S_ISSOCK(file.st_mode)) kind_ = kind::socket;
  }
  turn_.set();
}

task<result<void>> output_stream::write(std::span<const std::byte> bytes) {
  const result<void> mine = co_await turn_.wait();
  if (!mine) co_return failure(mine.error());
  const result<void> written = co_await write_all(bytes);
  if (!written && written.error() != std::errc::operation_canceled) error_ = written.error();
  turn_.set();
  co_return written;
}

task<result<void>> output_stream::write_all(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    // A look costs less than a wait, and a reader that keeps up makes waits rare.
    if (kind_ != kind::file && !is_writable_now(descriptor_)) {
      const result<void> ready = co_await writable(descriptor_);
      if (!ready) co_return failure(ready.error());
    }
    const long count = write_some(bytes);
    if (count >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    } else if (!passes(errno)) {
      co_return failure_from_errno(errno);
    }
  }
  co_return result<void>();
}

long output_stream::write_some(std::span<const std::byte> bytes) const noexcept {
  switch (kind_) {
    case kind::file:
      return ::write(descriptor_, bytes.data(), bytes.size());
    case kind::socket:
      return ::send(descriptor_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    case kind::other:
      // What a writable pipe takes for sure without blocking (pipe(7)).
      return ::write(descriptor_, bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));
  }
  return 0;
}

}  // namespace pentad::command
