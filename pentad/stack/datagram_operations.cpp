#include "pentad/stack/datagram_operations.hpp"

#include <cerrno>

namespace pentad {

bool receive_datagrams_operation::start() {
  if (slots.empty()) {
    error = EINVAL;
    return true;
  }
  return impl->start(*this);
}

}  // namespace pentad
