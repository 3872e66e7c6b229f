#include "pentad/socket/stream_steps.hpp"

namespace pentad {

result<bound_socket> unbound_socket::bind(const socket_address& local) && {
  owned_impl<unconnected_impl> impl = std::move(impl_);
  if (const result<void> bound = impl->bind(local); !bound) return failure(bound.error());
  return bound_socket(std::move(impl));
}

result<stream_listener> bound_socket::listen(int backlog) && {
  const owned_impl<unconnected_impl> impl = std::move(impl_);
  result<owned_impl<listener_impl>> listening = impl->listen(backlog);
  if (!listening) return failure(listening.error());
  return stream_listener(std::move(*listening));
}

}  // namespace pentad
