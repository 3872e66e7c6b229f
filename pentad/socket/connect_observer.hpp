// What a program may want to know of a connection that is tried in several ways.
#pragma once

#include <system_error>

#include "pentad/base/endpoint.hpp"

namespace pentad {

class connect_observer {
 public:
  /// The connection to one of the addresses was not made.
  virtual void failed(const endpoint& candidate, std::error_code error) = 0;

 protected:
  ~connect_observer() = default;
};

}  // namespace pentad
