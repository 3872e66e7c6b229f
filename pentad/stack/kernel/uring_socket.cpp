#include "pentad/stack/kernel/uring_socket.hpp"

#include <sys/socket.h>

#include <cerrno>

#include "pentad/stack/kernel/uring_listener.hpp"
#include "pentad/stack/kernel/uring_stream.hpp"

namespace pentad::kernel {

result<std::unique_ptr<uring_stack>> uring_stack::open(uring_engine& driver, event_loop& on) {
  result<std::unique_ptr<uring_buffers>> lent = uring_buffers::open(driver);
  if (!lent) return failure(lent.error());
  return std::unique_ptr<uring_stack>(new uring_stack(driver, on, std::move(*lent)));
}

result<owned_impl<unconnected_impl>> uring_stack::open_stream(address_family family,
                                                              const stream_options& options) {
  result<descriptor_handle> opened = kernel::open_stream(family, options, 0);
  if (!opened) return failure(opened.error());
  return owned_impl<unconnected_impl>(new uring_socket(*this, std::move(*opened)));
}

result<void> uring_socket::bind(const socket_address& local) {
  const result<void> bound = kernel::bind(descriptor_.get(), local);
  if (bound) file_ = unix_socket_file(local);
  return bound;
}

result<owned_impl<listener_impl>> uring_socket::listen(int backlog) {
  if (::listen(descriptor_.get(), backlog) != 0) return failure_from_errno(errno);
  return owned_impl<listener_impl>(
      new uring_listener(stack_, std::move(descriptor_), std::move(file_)));
}

bool uring_socket::start(connect_request& request) {
  remote_ = native_address(request.remote);
  connecting_ = &request;
  io_uring_sqe& asked = stack_.engine.request();
  io_uring_prep_connect(&asked, descriptor_.get(), remote_.get(), remote_.size());
  stack_.engine.submit(asked, *this, 0);
  return false;
}

void uring_socket::completed(unsigned, int result, unsigned) noexcept {
  connect_request& request = *std::exchange(connecting_, nullptr);
  if (result == 0) {
    request.connected.reset(new uring_stream(stack_, descriptor_.release()));
  } else if (result == -ECANCELED || result == -EINTR) {
    request.error = request.stop_error();
  } else {
    request.error = -result;
  }
  request.end();
}

result<socket_address> uring_socket::local() const { return local_address(descriptor_.get()); }

}  // namespace pentad::kernel
