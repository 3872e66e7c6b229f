#include "pentad/socket/datagram_socket.hpp"

namespace pentad {

std::optional<five_tuple> datagram_socket::tuple() const {
  const result<socket_address> local = impl_->local();
  if (!local || !local->is_ip()) return {};
  const result<socket_address> remote = impl_->remote();
  const endpoint everyone(ip_address::any(local->ip().address.version()), 0);
  return five_tuple{ip_protocol::udp, local->ip(), remote ? remote->ip() : everyone};
}

}  // namespace pentad
