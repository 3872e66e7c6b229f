// News as a line for people: the time, and who did what. Safe to print whatever strangers wrote.
#pragma once

#include <string>

#include "apps/messenger/chat/news.hpp"

namespace pentad::messenger::chat {

enum class colours : bool { off, on };

/// Messages are `18:40:51 #lobby <bob> hello`, or `<bob to alice>` from person to person; all else
/// begins with `--`, which no nick does. `now` is the time of news that have none. Colours are
/// those of ECMA-48 (SGR); without them the line has no control characters.
std::string wording(const news& what, wall_time now, colours use = colours::off);

}  // namespace pentad::messenger::chat
