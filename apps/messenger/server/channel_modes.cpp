// MODE of channels (Modern IRC, "Channel Modes").

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <vector>

#include "apps/messenger/irc/names.hpp"
#include "apps/messenger/server/channel_access.hpp"
#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/mode_changes.hpp"
#include "apps/messenger/server/network.hpp"
#include "apps/messenger/server/visibility.hpp"
#include "apps/messenger/server/words.hpp"

namespace pentad::messenger {
namespace {

struct channel_flag {
  char letter;
  bool channel_modes::* value;
};

constexpr std::array channel_flags{
    channel_flag{'i', &channel_modes::invite_only},
    channel_flag{'m', &channel_modes::moderated},
    channel_flag{'n', &channel_modes::no_external},
    channel_flag{'s', &channel_modes::secret},
    channel_flag{'t', &channel_modes::protected_topic},
};

struct list_mode {
  char letter;
  mask_list channel::* list;
  const irc::numeric& entry;
  const irc::numeric& end;
};

constexpr std::array list_modes{
    list_mode{'b', &channel::bans, irc::rpl_banlist, irc::rpl_endofbanlist},
    list_mode{'e', &channel::ban_exceptions, irc::rpl_exceptlist, irc::rpl_endofexceptlist},
    list_mode{'I', &channel::invite_exceptions, irc::rpl_invexlist, irc::rpl_endofinvexlist},
};

struct rank_flag {
  char letter;
  bool member_rank::* value;
};

constexpr std::array rank_flags{
    rank_flag{'o', &member_rank::op},
    rank_flag{'v', &member_rank::voice},
};

/// Carries out the changes of one MODE command on a channel, as one of its operators.
class channel_edit {
 public:
  channel_edit(network& net, client& by, channel& where, const irc::parameter_list& given)
      : net_(net), by_(by), where_(where), given_(given) {}

  void run() {
    bool on = true;
    for (const char letter : given_[1]) {
      if (letter == '+' || letter == '-') {
        on = letter == '+';
      } else {
        apply(on, letter);
      }
    }
    if (done_.empty()) return;
    irc::line_writer line = net_.begin_line();
    line.source(by_.self.source).command("MODE").parameter(where_.name());
    done_.write(line);
    broadcast change = net_.sent_by(by_, net_.end_line(line));
    net_.deliver(where_, change);
  }

 private:
  void apply(bool on, char letter) {
    const auto flag = std::ranges::find(channel_flags, letter, &channel_flag::letter);
    if (flag != channel_flags.end()) {
      bool& value = where_.modes.*flag->value;
      if (value != on) done_.add(on, letter);
      value = on;
      return;
    }
    const auto rank = std::ranges::find(rank_flags, letter, &rank_flag::letter);
    if (rank != rank_flags.end()) return set_rank(on, *rank);
    const auto list = std::ranges::find(list_modes, letter, &list_mode::letter);
    if (list != list_modes.end()) return set_mask(on, *list);
    switch (letter) {
      case 'k':
        return set_key(on);
      case 'l':
        return set_member_limit(on);
      default:
        net_.reply(by_, irc::err_unknownmode, {std::string_view{&letter, 1}});
    }
  }

  /// The next parameter for a mode that needs one; empty when there is none, or when there were
  /// too many such modes.
  std::string_view take_parameter() {
    if (taken_ == limits::variable_modes) return {};
    return given_.get(2 + taken_++);
  }

  void set_rank(bool on, const rank_flag& flag) {
    const std::string_view nick = take_parameter();
    if (nick.empty()) return;
    client* who = net_.find_person(nick);
    if (who == nullptr) return net_.reply(by_, irc::err_nosuchnick, {nick});
    member* found = where_.find(*who);
    if (found == nullptr) {
      return net_.reply(by_, irc::err_usernotinchannel, {who->self.nick, where_.name()});
    }
    bool& value = found->rank.*flag.value;
    if (value != on) done_.add(on, flag.letter, who->self.nick);
    value = on;
  }

  void set_mask(bool on, const list_mode& mode) {
    const std::string_view given = take_parameter();
    if (given.empty()) return;
    const std::string mask = whole_mask(given);
    const std::string_view letter{&mode.letter, 1};
    mask_list& list = where_.*mode.list;
    if (!on) {
      if (const auto removed = list.remove(mask)) done_.add(false, mode.letter, *removed);
      return;
    }
    if (mask.size() > limits::mask_length || mask.front() == ':' || mask.contains(' ')) {
      return refuse(letter, given, "Invalid mask");
    }
    const std::size_t listed = where_.bans.all().size() + where_.ban_exceptions.all().size() +
                               where_.invite_exceptions.all().size();
    if (listed >= limits::masks) {
      return net_.reply(by_, irc::err_banlistfull, {where_.name(), letter});
    }
    if (list.add({mask, by_.self.nick, net_.now().wall})) done_.add(true, mode.letter, mask);
  }

  void set_key(bool on) {
    const std::string_view key = take_parameter();
    std::string& value = where_.modes.key;
    if (!on) {
      if (!value.empty()) done_.add(false, 'k', "*");
      value.clear();
    } else if (!key.empty()) {
      if (!irc::is_key(key, limits::key_length)) return refuse("k", key, "Invalid channel key");
      value = key;
      done_.add(true, 'k', key);
    }
  }

  void set_member_limit(bool on) {
    std::size_t& value = where_.modes.member_limit;
    if (!on) {
      if (value != 0) done_.add(false, 'l');
      value = 0;
      return;
    }
    const std::string_view text = take_parameter();
    if (text.empty()) return;
    std::size_t number = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (wrong != std::errc{} || end != text.data() + text.size() || number == 0) {
      return refuse("l", text, "Invalid member limit");
    }
    value = number;
    done_.add(true, 'l', decimal{number});
  }

  void refuse(std::string_view letter, std::string_view parameter, std::string_view why) {
    net_.reply(by_, irc::err_invalidmodeparam, {where_.name(), letter, parameter, why});
  }

  network& net_;
  client& by_;
  channel& where_;
  const irc::parameter_list& given_;
  std::size_t taken_ = 0;
  mode_changes done_;
};

void tell_channel_modes(network& net, client& to, const channel& where) {
  const channel_modes& modes = where.modes;
  std::string letters = "+";
  for (const channel_flag& flag : channel_flags) {
    if (modes.*flag.value) letters += flag.letter;
  }
  if (!modes.key.empty()) letters += 'k';
  if (modes.member_limit != 0) letters += 'l';

  const decimal member_limit{modes.member_limit};
  std::vector<std::string_view> parameters{where.name(), letters};
  if (!modes.key.empty()) {
    const bool inside = where.find(to) != nullptr;
    parameters.push_back(inside ? std::string_view{modes.key} : std::string_view{"*"});
  }
  if (modes.member_limit != 0) parameters.push_back(member_limit);
  net.reply(to, irc::rpl_channelmodeis, parameters);
  net.reply(to, irc::rpl_creationtime,
            {where.name(), decimal{whole_seconds(where.created()).time_since_epoch().count()}});
}

void tell_list(network& net, client& to, const channel& where, const list_mode& mode) {
  for (const listed_mask& one : (where.*mode.list).all()) {
    const auto set_at = whole_seconds(one.set_at).time_since_epoch().count();
    net.reply(to, mode.entry, {where.name(), one.mask, one.set_by, decimal{set_at}});
  }
  net.reply(to, mode.end, {where.name()});
}

/// The list that is asked for by a lone letter; null when something else is.
const list_mode* asked_list(const irc::parameter_list& given) {
  std::string_view letters = given.get(1);
  if (letters.starts_with('+')) letters.remove_prefix(1);
  if (letters.size() != 1 || given.size() != 2) return nullptr;
  const auto found = std::ranges::find(list_modes, letters.front(), &list_mode::letter);
  return found == list_modes.end() ? nullptr : found;
}

}  // namespace

void handle_channel_mode(network& net, client& from, const irc::message& what) {
  const std::string_view name = what.parameters[0];
  channel* where = net.find_channel(name);
  if (where == nullptr) return net.reply(from, irc::err_nosuchchannel, {name});
  const std::string_view letters = what.parameters.get(1);
  if (letters.empty()) return tell_channel_modes(net, from, *where);
  if (const list_mode* list = asked_list(what.parameters)) {
    if (!sees(from, *where)) return net.reply(from, irc::err_notonchannel, {where->name()});
    return tell_list(net, from, *where, *list);
  }
  const member* setter = where->find(from);
  if (setter == nullptr) return net.reply(from, irc::err_notonchannel, {where->name()});
  if (!setter->rank.op) return net.reply(from, irc::err_chanoprivsneeded, {where->name()});
  channel_edit{net, from, *where, what.parameters}.run();
}

}  // namespace pentad::messenger
