// NAMES: who is on a channel.

#include <string>

#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/network.hpp"
#include "apps/messenger/server/visibility.hpp"
#include "apps/messenger/server/words.hpp"

namespace pentad::messenger {

void tell_names(network& net, client& to, const channel& where) {
  const std::string_view symbol = where.modes.secret ? "@" : "=";
  const bool inside = where.find(to) != nullptr;
  const bool all_ranks = to.capabilities.has(irc::capability::multi_prefix);
  const bool whole = to.capabilities.has(irc::capability::userhost_in_names);
  const std::size_t room = net.room_in_reply(to, {symbol, where.name()});
  std::string names;
  for (const member& one : where.members()) {
    if (!inside && one.who->invisible) continue;
    const std::string_view prefix = all_ranks ? one.rank.prefixes() : one.rank.prefix();
    const std::string& name = whole ? one.who->self.source : one.who->self.nick;
    if (!names.empty() && names.size() + 1 + prefix.size() + name.size() > room) {
      net.reply(to, irc::rpl_namreply, {symbol, where.name(), names});
      names.clear();
    }
    names.append(names.empty() ? "" : " ").append(prefix).append(name);
  }
  if (!names.empty()) net.reply(to, irc::rpl_namreply, {symbol, where.name(), names});
  net.reply(to, irc::rpl_endofnames, {where.name()});
}

void handle_names(network& net, client& from, const irc::message& what) {
  std::string_view names = what.parameters.get(0);
  const std::string_view name = next_item(names).value_or("*");
  const channel* where = net.find_channel(name);
  if (where == nullptr || !sees(from, *where)) {
    return net.reply(from, irc::rpl_endofnames, {name});
  }
  tell_names(net, from, *where);
}

}  // namespace pentad::messenger
