#include "pentad/stack/kernel/uring_buffers.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>

#include "pentad/stack/kernel/uring_stream.hpp"

namespace pentad::kernel {
namespace {

constexpr unsigned first_offer = 64;
constexpr std::size_t ring_bytes = most_lent_buffers * sizeof(io_uring_buf);
constexpr std::size_t memory_bytes = most_lent_buffers * lent_buffer_size;

// Pages that nobody has used cost nothing.
void* map(std::size_t size) noexcept {
  void* mapped = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return mapped == MAP_FAILED ? nullptr : mapped;
}

}  // namespace

result<std::unique_ptr<uring_buffers>> uring_buffers::open(uring_engine& engine) {
  std::unique_ptr<uring_buffers> made(new uring_buffers(engine));
  void* ring = map(ring_bytes);
  if (ring == nullptr) return failure(std::errc::not_enough_memory);
  io_uring_buf_reg registration{};
  registration.ring_addr = reinterpret_cast<std::uintptr_t>(ring);
  registration.ring_entries = most_lent_buffers;
  registration.bgid = group;
  if (const int error = io_uring_register_buf_ring(&engine.ring(), &registration, 0); error != 0) {
    ::munmap(ring, ring_bytes);
    return error == -EINVAL ? failure(std::errc::function_not_supported)
                            : failure_from_errno(-error);
  }
  made->ring_ = static_cast<io_uring_buf_ring*>(ring);
  io_uring_buf_ring_init(made->ring_);
  made->memory_ = static_cast<std::byte*>(map(memory_bytes));
  if (made->memory_ == nullptr) return failure(std::errc::not_enough_memory);
  made->spare_.reserve(most_lent_buffers);
  for (unsigned id = most_lent_buffers; id-- != 0;) {
    made->spare_.push_back(static_cast<unsigned short>(id));
  }
  made->grow();
  return made;
}

uring_buffers::~uring_buffers() {
  if (ring_ != nullptr) {
    io_uring_unregister_buf_ring(&engine_.ring(), group);
    ::munmap(ring_, ring_bytes);
  }
  if (memory_ != nullptr) ::munmap(memory_, memory_bytes);
}

void uring_buffers::offer(unsigned short id) noexcept {
  io_uring_buf_ring_add(ring_, memory_ + id * lent_buffer_size, lent_buffer_size, id,
                        io_uring_buf_ring_mask(most_lent_buffers), 0);
  io_uring_buf_ring_advance(ring_, 1);
  ++offered_;
}

bool uring_buffers::grow() noexcept {
  if (spare_.empty()) return offered_ != 0;
  wanted_ = wanted_ == 0 ? first_offer : std::min(wanted_ * 2, most_lent_buffers);
  while (offered_ < wanted_ && !spare_.empty()) {
    offer(spare_.back());
    spare_.pop_back();
  }
  return true;
}

received uring_buffers::loan(unsigned flags, std::size_t count) noexcept {
  const auto id = static_cast<unsigned short>(flags >> IORING_CQE_BUFFER_SHIFT);
  --offered_;
  const std::span<std::byte> buffer(memory_ + id * lent_buffer_size, count);
  if (count != 0) return received(buffer, *this);
  give_back(buffer);
  return {};
}

void uring_buffers::give_back(std::span<std::byte> buffer) noexcept {
  const auto offset = static_cast<std::size_t>(buffer.data() - memory_);
  const auto id = static_cast<unsigned short>(offset / lent_buffer_size);
  if (offered_ < wanted_) {
    offer(id);
  } else {
    spare_.push_back(id);
  }
  serve_waiting();
}

void uring_buffers::serve_waiting() noexcept {
  if (offered_ == 0 || waiting.empty()) return;
  lend_operation& next = waiting.pop();
  static_cast<uring_stream&>(*next.impl).ask(next);
}

}  // namespace pentad::kernel
