#include "pentad/stack/kernel/uring_listener.hpp"

#include <sys/socket.h>

#include <cerrno>

#include "pentad/stack/kernel/socket_calls.hpp"
#include "pentad/stack/kernel/uring_stream.hpp"

namespace pentad::kernel {
namespace {

// Beyond this, connections wait in the queue of the system.
constexpr std::size_t most_accepted_ahead = 64;

}  // namespace

uring_listener::uring_listener(uring_stack& stack, descriptor_handle descriptor,
                               unix_socket_file file)
    : stack_(stack), descriptor_(std::move(descriptor)), file_(std::move(file)) {}

void uring_listener::arm() noexcept {
  if (armed_ || released_) return;
  io_uring_sqe& request = stack_.engine.request();
  io_uring_prep_multishot_accept(&request, descriptor_.get(), nullptr, nullptr, SOCK_CLOEXEC);
  stack_.engine.submit(request, *this, 0);
  armed_ = true;
}

bool uring_listener::start(accept_request& request) {
  if (waiting_ != nullptr) {
    request.error = EALREADY;
    return true;
  }
  if (!backlog_.empty()) {
    give(request, std::move(backlog_.front()));
    backlog_.pop_front();
    return true;
  }
  if (error_ != 0) {
    request.error = std::exchange(error_, 0);
    return true;
  }
  waiting_ = &request;
  arm();
  return false;
}

void uring_listener::give(accept_request& request, descriptor_handle descriptor) {
  request.accepted.reset(new uring_stream(stack_, descriptor.release()));
}

// The request to the kernel stays: a connection that arrives meanwhile is for the next accept.
void uring_listener::stop(accept_request& request) noexcept {
  waiting_ = nullptr;
  request.error = request.stop_error();
  request.end();
}

void uring_listener::completed(unsigned, int result, unsigned flags) noexcept {
  const bool was_last = (flags & IORING_CQE_F_MORE) == 0;
  if (was_last) armed_ = false;
  if (result >= 0) {
    accepted(result);
  } else {
    failed(-result);
  }
  if (was_last) delete_if_unused();
}

void uring_listener::accepted(int descriptor) {
  descriptor_handle owned(descriptor);
  if (released_) return;
  if (waiting_ != nullptr) {
    accept_request& request = *std::exchange(waiting_, nullptr);
    give(request, std::move(owned));
    request.end();
    arm();
    return;
  }
  backlog_.push_back(std::move(owned));
  if (backlog_.size() < most_accepted_ahead) {
    arm();
  } else if (armed_) {
    stack_.engine.cancel(*this, 0);
  }
}

void uring_listener::failed(int error) noexcept {
  if (released_) return;
  if (is_shortage(error)) {
    stack_.descriptors.rest(*this);
  } else if (concerns_one_connection(error)) {
    arm();
  } else if (error == ECANCELED) {
    if (waiting_ != nullptr) arm();
  } else if (waiting_ != nullptr) {
    accept_request& request = *std::exchange(waiting_, nullptr);
    request.error = error;
    request.end();
  } else {
    error_ = error;
  }
}

result<socket_address> uring_listener::local() const { return local_address(descriptor_.get()); }

void uring_listener::release() noexcept {
  released_ = true;
  stack_.descriptors.forget(*this);
  file_ = {};
  backlog_.clear();
  if (accept_request* request = std::exchange(waiting_, nullptr)) {
    request->error = ECANCELED;
    request->end();
  }
  // Ends the request to the kernel, too, and refuses connections from now on.
  ::shutdown(descriptor_.get(), SHUT_RDWR);
  if (armed_) stack_.engine.cancel(*this, 0);
  delete_if_unused();
}

void uring_listener::delete_if_unused() noexcept {
  if (!released_ || armed_) return;
  uring_stack& stack = stack_;
  delete this;
  stack.descriptors.relieved();
}

}  // namespace pentad::kernel
