// An account: who somebody is, whichever sessions and devices they use. A client is one session; it
// may belong to an account, and an account may have several sessions.
#pragma once

#include <string>

namespace pentad::messenger {

struct account {
  std::string name;
};

}  // namespace pentad::messenger
