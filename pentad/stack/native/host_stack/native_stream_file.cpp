// A file on its way to the peer.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "pentad/stack/native/host_stack/native_stack.hpp"
#include "pentad/stack/native/host_stack/native_stream.hpp"

namespace pentad::native {
namespace {

ssize_t read_at(int file, std::span<std::byte> block, std::uint64_t offset) noexcept {
  ssize_t got = 0;
  do {
    got = ::pread(file, block.data(), block.size(), static_cast<off_t>(offset));
  } while (got < 0 && errno == EINTR);
  return got;
}

}  // namespace

// In blocks, and only what the connection has room for; a slow file holds up the thread, as it does
// in sendfile(2).
bool native_stream::attempt(send_file_operation& operation) {
  if (fails_to_send(operation)) return true;
  std::array<std::byte, 16384> block;
  stack_.schedule();
  while (operation.rest != 0) {
    const auto most = static_cast<std::size_t>(
        std::min<std::uint64_t>({operation.rest, connection_->writable(), block.size()}));
    if (most == 0) return false;
    const ssize_t got =
        read_at(operation.descriptor, std::span(block).first(most), operation.offset);
    if (got < 0) {
      // A pipe has no places to read at, and sendfile(2) calls that so.
      operation.error = errno == ESPIPE ? EINVAL : errno;
      return true;
    }
    if (got == 0) {  // the file ends before
      note_stopped();
      return true;
    }
    const std::size_t taken =
        connection_->write(std::span(block).first(static_cast<std::size_t>(got)));
    operation.advance(taken);
    if (taken == 0) return false;
  }
  return true;
}

}  // namespace pentad::native
