// What a channel lets whom do.
#pragma once

#include <string_view>

#include "apps/messenger/irc/numeric.hpp"
#include "apps/messenger/server/channel.hpp"
#include "apps/messenger/server/client.hpp"

namespace pentad::messenger {

/// Whether a ban fits, be it the address behind a cloak, and no exception does.
bool is_banned(const channel& from, const client& who);

/// Why somebody who is not in the channel may not join it, or null.
const irc::numeric* refusal_to_join(const channel& where, const client& who, std::string_view key);

/// Whether what somebody says reaches the channel. Ranks speak whatever the modes and bans say.
bool may_speak(const channel& where, const client& who);

/// A mask as it is put on a list: what is missing of `nick!user@host` is filled in with `*`.
std::string whole_mask(std::string_view given);

}  // namespace pentad::messenger
