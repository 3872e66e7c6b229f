#include "pentad/socket/receive_exactly.hpp"

namespace pentad {

task<result<void>> receive_exactly(stream_socket& from, std::span<std::byte> buffer) {
  while (!buffer.empty()) {
    const result<std::size_t> got = co_await from.receive(buffer);
    if (!got) co_return failure(got.error());
    if (*got == 0) co_return failure(std::errc::connection_reset);
    buffer = buffer.subspan(*got);
  }
  co_return result<void>();
}

}  // namespace pentad
