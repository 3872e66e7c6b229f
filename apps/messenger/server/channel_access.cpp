#include "apps/messenger/server/channel_access.hpp"

#include <algorithm>
#include <string>

#include "apps/messenger/server/hidden_address.hpp"
#include "apps/messenger/server/words.hpp"

namespace pentad::messenger {
namespace {

// A cloak is no way around a mask.
bool fits(const mask_list& list, const client& who) {
  if (list.all().empty()) return false;
  return list.fits(who.self.source) || list.fits(hidden_source(who));
}

bool is_invited(const channel& where, const client& who) {
  return std::ranges::find(who.invitations, where.number(), &invitation::number) !=
             who.invitations.end() ||
         fits(where.invite_exceptions, who);
}

}  // namespace

bool is_banned(const channel& from, const client& who) {
  return fits(from.bans, who) && !fits(from.ban_exceptions, who);
}

const irc::numeric* refusal_to_join(const channel& where, const client& who, std::string_view key) {
  const channel_modes& modes = where.modes;
  if (modes.invite_only && !is_invited(where, who)) return &irc::err_inviteonlychan;
  if (!modes.key.empty() && !same_secret(modes.key, key)) return &irc::err_badchannelkey;
  if (is_banned(where, who)) return &irc::err_bannedfromchan;
  if (modes.member_limit != 0 && where.members().size() >= modes.member_limit) {
    return &irc::err_channelisfull;
  }
  return nullptr;
}

bool may_speak(const channel& where, const client& who) {
  const member* found = where.find(who);
  if (found == nullptr && where.modes.no_external) return false;
  if (found != nullptr && (found->rank.op || found->rank.voice)) return true;
  return !where.modes.moderated && !is_banned(where, who);
}

std::string whole_mask(std::string_view given) {
  const std::size_t at = given.find('@');
  const std::size_t bang = given.substr(0, at).find('!');
  if (at == given.npos && bang == given.npos) return std::string{given} + "!*@*";
  if (at == given.npos) return std::string{given} + "@*";
  if (bang == given.npos) return "*!" + std::string{given};
  return std::string{given};
}

}  // namespace pentad::messenger
