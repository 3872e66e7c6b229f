#include "pentad/base/socket_address.hpp"

#include <stdexcept>

namespace pentad {

void socket_address::throw_wrong_kind() {
  throw std::logic_error{"socket_address: asked for the kind of endpoint that it does not hold"};
}

std::string to_string(const socket_address& x) {
  return x.is_ip() ? to_string(x.ip()) : "unix:" + to_string(x.unix_path());
}

}  // namespace pentad
