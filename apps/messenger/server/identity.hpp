// Who speaks, as others see it.
#pragma once

#include <string>

namespace pentad::messenger {

struct identity {
  std::string nick;  ///< empty until NICK
  std::string user;  ///< empty until USER
  std::string host;
  std::string real_name;
  std::string source;  ///< `nick!user@host`, once all three are there
};

}  // namespace pentad::messenger
