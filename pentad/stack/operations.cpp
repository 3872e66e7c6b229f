#include "pentad/stack/operations.hpp"

#include <algorithm>

#include "pentad/stack/stack.hpp"

namespace pentad {

[[gnu::hot]] bool receive_operation::start() {
  // Indistinguishable from the end of the stream, so it is refused.
  if (buffer.empty()) {
    error = EINVAL;
    return true;
  }
  return impl->start(*this);
}

[[gnu::hot]] bool lend_operation::start() { return impl->start(*this); }

[[gnu::hot]] bool send_operation::start() { return rest.empty() || impl->start(*this); }

bool send_parts_operation::start() { return complete() || impl->start(*this); }

std::size_t send_parts_operation::gather(std::span<part> gathered) const noexcept {
  std::size_t used = 0;
  std::size_t skip = offset;
  for (const part& each : rest) {
    if (used == gathered.size()) break;
    if (each.size() > skip) gathered[used++] = each.subspan(skip);
    skip = 0;
  }
  return used;
}

void send_parts_operation::advance(std::size_t count) noexcept {
  impl->sent += count;
  while (count != 0) {
    const std::size_t step = std::min(count, rest.front().size() - offset);
    offset += step;
    count -= step;
    if (offset == rest.front().size()) {
      rest = rest.subspan(1);
      offset = 0;
    }
  }
}

bool send_parts_operation::complete() noexcept {
  while (!rest.empty() && rest.front().size() == offset) {
    rest = rest.subspan(1);
    offset = 0;
  }
  return rest.empty();
}

std::uint64_t send_parts_operation::size() const noexcept {
  std::uint64_t total = 0;
  for (const part& each : rest) total += each.size();
  return total - offset;
}

bool accept_request::start() { return impl->start(*this); }

bool connect_request::start() {
  if (!socket_) {
    result<owned_impl<unconnected_impl>> opened = stack_->open_stream(family_of(remote), options_);
    if (!opened) {
      error = opened.error().value();
      return true;
    }
    socket_ = std::move(*opened);
  }
  return socket_->start(*this);
}

}  // namespace pentad
