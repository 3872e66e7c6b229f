#include "pentad/socket/raw_socket.hpp"

namespace pentad {

std::optional<five_tuple> raw_socket::tuple() const {
  const result<socket_address> local = impl_->local();
  if (!local) return {};
  const result<socket_address> remote = impl_->remote();
  const ip_address own = local->ip().address;
  const ip_address peer = remote ? remote->ip().address : ip_address::any(own.version());
  return five_tuple{protocol_, {own, 0}, {peer, 0}};
}

}  // namespace pentad
