// WHO (Modern IRC, "WHO message") and WHOX (IRCv3 "WHOX").

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "apps/messenger/irc/mask.hpp"
#include "apps/messenger/irc/names.hpp"
#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/hidden_address.hpp"
#include "apps/messenger/server/network.hpp"
#include "apps/messenger/server/visibility.hpp"
#include "apps/messenger/server/words.hpp"

namespace pentad::messenger {
namespace {

/// What is asked about people: nothing, or `%FIELDS` and perhaps `,TOKEN`.
struct who_query {
  explicit who_query(std::string_view options) {
    const std::size_t percent = options.find('%');
    operators_alone = options.substr(0, percent).find('o') != options.npos;
    if (percent == options.npos) return;
    extended = true;
    fields = options.substr(percent + 1);
    const std::size_t comma = fields.find(',');
    if (comma == fields.npos) return;
    const std::string_view given = fields.substr(comma + 1);
    fields = fields.substr(0, comma);
    const bool digits = std::ranges::all_of(given, [](char c) { return c >= '0' && c <= '9'; });
    if (!given.empty() && given.size() <= 3 && digits) token = given;
  }

  bool operators_alone = false;
  bool extended = false;
  std::string_view fields;
  std::string_view token = "0";
};

/// Somebody, as the answer is to show them.
struct who_entry {
  const client& about;
  const channel* where;  ///< null: the answer is about no channel
  member_rank rank;
};

std::string flags_of(const client& viewer, const who_entry& entry) {
  const bool all_ranks = viewer.capabilities.has(irc::capability::multi_prefix);
  std::string flags{entry.about.away.empty() ? "H" : "G"};
  if (entry.about.oper) flags += '*';
  flags += all_ranks ? entry.rank.prefixes() : entry.rank.prefix();
  if (entry.about.bot) flags += 'B';
  return flags;
}

std::string_view channel_of(const who_entry& entry) noexcept {
  return entry.where == nullptr ? std::string_view{"*"} : std::string_view{entry.where->name()};
}

/// IRCv3 "WHOX": the fields come in this order, whatever the order of their letters was.
void tell_extended(network& net, client& to, const who_query& query, const who_entry& entry) {
  const client& about = entry.about;
  const std::string flags = flags_of(to, entry);
  const decimal idle{
      std::chrono::floor<std::chrono::seconds>(net.now().steady - about.last_spoke).count()};
  std::string address = "255.255.255.255";
  if (&about == &to || to.oper) {
    const std::string hidden = hidden_address(about);
    address = hidden.empty() ? about.self.host : hidden;
  }
  const auto field = [&](char letter) -> std::string_view {
    switch (letter) {
      case 't':
        return query.token;
      case 'c':
        return channel_of(entry);
      case 'u':
        return about.self.user;
      case 'i':  // addresses are not shown to others
        return address;
      case 'h':
        return about.self.host;
      case 's':
        return net.settings().name;
      case 'n':
        return about.self.nick;
      case 'f':
        return flags;
      case 'd':
        return "0";
      case 'l':
        return idle;
      case 'a':
        return about.belongs_to == nullptr ? std::string_view{"0"} : about.account_name();
      default:  // 'o': the level of a channel operator, which there is not
        return "n/a";
    }
  };
  irc::line_writer line = net.begin_line();
  line.source(net.settings().name).command(irc::rpl_whospcrpl.code).parameter(to.name());
  for (const char letter : std::string_view{"tcuihsnfdlao"}) {
    if (query.fields.find(letter) != query.fields.npos) line.parameter(field(letter));
  }
  if (query.fields.find('r') != query.fields.npos) line.text(about.self.real_name);
  net.send(to, net.end_line(line));
}

void tell(network& net, client& to, const who_query& query, const who_entry& entry) {
  const client& about = entry.about;
  if (query.operators_alone && !about.oper) return;
  if (query.extended) return tell_extended(net, to, query, entry);
  net.reply(to, irc::rpl_whoreply,
            {channel_of(entry), about.self.user, about.self.host, net.settings().name,
             about.self.nick, flags_of(to, entry), "0 " + about.self.real_name});
}

void tell_members(network& net, client& to, const who_query& query, const channel& where) {
  const bool inside = where.find(to) != nullptr;
  for (const member& one : where.members()) {
    if (inside || !one.who->invisible) tell(net, to, query, {*one.who, &where, one.rank});
  }
}

bool fits(std::string_view mask, const identity& who) noexcept {
  return irc::matches_mask(mask, who.nick) || irc::matches_mask(mask, who.user) ||
         irc::matches_mask(mask, who.host) || irc::matches_mask(mask, who.real_name);
}

void tell_fitting(network& net, client& to, const who_query& query, std::string_view mask) {
  std::size_t left = limits::who_replies;
  for (const auto& one : net.clients()) {
    if (left == 0) return;
    if (!one->registered() || !sees(to, *one) || !fits(mask, one->self)) continue;
    tell(net, to, query, {*one, nullptr, {}});
    --left;
  }
}

}  // namespace

void handle_who(network& net, client& from, const irc::message& what) {
  const std::string_view given = what.parameters.get(0);
  const std::string_view mask = given.empty() ? std::string_view{"*"} : given;
  const who_query query{what.parameters.get(1)};
  if (irc::names_channel(mask)) {
    const channel* where = net.find_channel(mask);
    if (where != nullptr && sees(from, *where)) tell_members(net, from, query, *where);
  } else if (irc::is_mask(mask)) {
    tell_fitting(net, from, query, mask);
  } else if (const client* one = net.find_person(mask)) {
    tell(net, from, query, {*one, nullptr, {}});
  }
  net.reply(from, irc::rpl_endofwho, {mask});
}

}  // namespace pentad::messenger
