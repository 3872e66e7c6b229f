#include "pentad/socket/stream_socket.hpp"

namespace pentad {

std::optional<five_tuple> stream_socket::tuple() const {
  const result<socket_address> local = impl_->local();
  const result<socket_address> remote = impl_->remote();
  if (!local || !remote || !local->is_ip() || !remote->is_ip()) return std::nullopt;
  return five_tuple{ip_protocol::tcp, local->ip(), remote->ip()};
}

}  // namespace pentad
