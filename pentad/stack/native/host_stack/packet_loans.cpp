#include "pentad/stack/native/host_stack/packet_loans.hpp"

#include <new>

#include "pentad/stack/native/core/tcp/receive_queue.hpp"
#include "pentad/stack/native/host_stack/native_stream.hpp"

namespace pentad::native {
namespace {

// Where the handle of a lent packet lies: in the room that its headers have left, so that lending
// needs no memory of its own.
packet* handle_before(std::byte* data) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(data) - sizeof(packet);
  return reinterpret_cast<packet*>(address & ~(alignof(packet) - 1));
}

}  // namespace

received packet_loans::lend(packet arrived) noexcept {
  ++lent_;
  bytes_ += memory_of(arrived);
  const std::span<std::byte> bytes = arrived.bytes();
  new (handle_before(bytes.data())) packet(std::move(arrived));
  return received(bytes, *this);
}

void packet_loans::give_back(std::span<std::byte> buffer) noexcept {
  {
    packet* handle = std::launder(handle_before(buffer.data()));
    const packet returned = std::move(*handle);
    handle->~packet();
    --lent_;
    bytes_ -= memory_of(returned);
  }
  while (has_room() && !waiting.empty()) {
    static_cast<native_stream*>(waiting.pop().impl)->lend_now();
  }
}

}  // namespace pentad::native
