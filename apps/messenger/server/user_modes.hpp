// The modes of people as text.
#pragma once

#include <string>

#include "apps/messenger/server/client.hpp"

namespace pentad::messenger {

/// `+` and the letters of the modes that are set.
std::string user_mode_letters(const client& of);

}  // namespace pentad::messenger
