#include "apps/messenger/server/channel_access.hpp"

#include <algorithm>
#include <string>

#include "apps/messenger/server/words.hpp"

namespace pentad::messenger {
namespace {

bool is_invited(const channel& where, const client& who) noexcept {
  return std::ranges::find(who.invitations, where.number(), &invitation::number) !=
             who.invitations.end() ||
         where.invite_exceptions.fits(who.self.source);
}

}  // namespace

bool is_banned(const channel& from, const client& who) noexcept {
  return from.bans.fits(who.self.source) && !from.ban_exceptions.fits(who.self.source);
}

const irc::numeric* refusal_to_join(const channel& where, const client& who,
                                    std::string_view key) noexcept {
  const channel_modes& modes = where.modes;
  if (modes.invite_only && !is_invited(where, who)) return &irc::err_inviteonlychan;
  if (!modes.key.empty() && !same_secret(modes.key, key)) return &irc::err_badchannelkey;
  if (is_banned(where, who)) return &irc::err_bannedfromchan;
  if (modes.member_limit != 0 && where.members().size() >= modes.member_limit) {
    return &irc::err_channelisfull;
  }
  return nullptr;
}

bool may_speak(const channel& where, const client& who) noexcept {
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
