#include "pentad/socket/raw_socket.hpp"

namespace pentad {

std::optional<five_tuple> raw_socket::tuple() const {
  const result<socket_address> own = local();
  if (!own) return {};
  const result<socket_address> peer = remote();
  const ip_address from = own->ip().address;
  const ip_address to = peer ? peer->ip().address : ip_address::any(from.version());
  return five_tuple{protocol_, {from, 0}, {to, 0}};
}

}  // namespace pentad
