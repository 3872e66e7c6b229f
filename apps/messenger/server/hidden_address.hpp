// The address behind the cloak that a client has as its host.
#pragma once

#include <string>

#include "apps/messenger/server/client.hpp"

namespace pentad::messenger {

/// As a parameter of a message; empty when there is no cloak. For operators, and for whom it
/// belongs to.
std::string hidden_address(const client& who);

/// `nick!user@address`, which masks may fit as they fit what is shown; empty when there is no
/// cloak.
std::string hidden_source(const client& who);

}  // namespace pentad::messenger
