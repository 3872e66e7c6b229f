#include "pentad/stack/native/host_stack/packet_loans.hpp"

#include "pentad/stack/native/host_stack/native_stream.hpp"

namespace pentad::native {

void packet_loans::give_back(std::span<std::byte> buffer) noexcept {
  {
    packet* handle = std::launder(handle_before(buffer.data()));
    const packet returned = std::move(*handle);
    handle->~packet();
    --lent_;
    bytes_ -= held_memory(returned);
  }
  while (has_room() && !waiting.empty()) {
    static_cast<native_stream*>(waiting.pop().impl)->lend_now();
  }
}

}  // namespace pentad::native
