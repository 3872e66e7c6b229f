#include "pentad/socket/datagram_socket.hpp"

namespace pentad {

std::optional<five_tuple> datagram_socket::tuple() const {
  const result<socket_address> own = local();
  if (!own || !own->is_ip()) return {};
  const result<socket_address> peer = remote();
  const endpoint everyone(ip_address::any(own->ip().address.version()), 0);
  return five_tuple{ip_protocol::udp, own->ip(), peer ? peer->ip() : everyone};
}

}  // namespace pentad
