// MODE: of channels and of people (Modern IRC, "MODE message").

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <vector>

#include "apps/messenger/irc/casemapping.hpp"
#include "apps/messenger/irc/names.hpp"
#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/network.hpp"
#include "apps/messenger/server/words.hpp"

namespace pentad::messenger {
namespace {

struct channel_flag {
  char letter;
  bool channel_modes::* value;
};

constexpr std::array channel_flags{
    channel_flag{'m', &channel_modes::moderated},
    channel_flag{'n', &channel_modes::no_external},
    channel_flag{'s', &channel_modes::secret},
    channel_flag{'t', &channel_modes::protected_topic},
};

struct rank_flag {
  char letter;
  bool member_rank::* value;
};

constexpr std::array rank_flags{
    rank_flag{'o', &member_rank::op},
    rank_flag{'v', &member_rank::voice},
};

/// What a MODE command has come to, in the form in which everybody is told of it.
class change_list {
 public:
  void add(bool on, char letter) {
    if (const char sign = on ? '+' : '-'; sign != sign_) letters_ += sign_ = sign;
    letters_ += letter;
  }
  void add(bool on, char letter, std::string_view parameter) {
    add(on, letter);
    parameters_.emplace_back(parameter);
  }

  bool empty() const noexcept { return letters_.empty(); }

  void write(irc::line_writer& line) const {
    line.parameter(letters_);
    for (const std::string& one : parameters_) line.parameter(one);
  }

 private:
  char sign_ = 0;
  std::string letters_;
  std::vector<std::string> parameters_;
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
    broadcast change{net_.end_line(line), net_.now().wall};
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
  change_list done_;
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

void channel_mode(network& net, client& from, const irc::message& what) {
  const std::string_view name = what.parameters[0];
  channel* where = net.find_channel(name);
  if (where == nullptr) return net.reply(from, irc::err_nosuchchannel, {name});
  const std::string_view letters = what.parameters.get(1);
  if (letters.empty()) return tell_channel_modes(net, from, *where);
  // Clients ask for the ban list when they join: there are no bans.
  if (letters == "b" || letters == "+b") {
    if (what.parameters.size() == 2) {
      return net.reply(from, irc::rpl_endofbanlist, {where->name()});
    }
  }
  const member* setter = where->find(from);
  if (setter == nullptr) return net.reply(from, irc::err_notonchannel, {where->name()});
  if (!setter->rank.op) return net.reply(from, irc::err_chanoprivsneeded, {where->name()});
  channel_edit{net, from, *where, what.parameters}.run();
}

void user_mode(network& net, client& from, const irc::message& what) {
  const std::string_view nick = what.parameters[0];
  const client* target = net.find_person(nick);
  if (target == nullptr) return net.reply(from, irc::err_nosuchnick, {nick});
  if (target != &from) return net.reply(from, irc::err_usersdontmatch);
  const std::string_view letters = what.parameters.get(1);
  if (letters.empty()) return net.reply(from, irc::rpl_umodeis, {from.invisible ? "+i" : "+"});

  change_list done;
  bool unknown = false;
  bool on = true;
  for (const char letter : letters) {
    if (letter == '+' || letter == '-') {
      on = letter == '+';
    } else if (letter == 'i') {
      if (from.invisible != on) done.add(on, 'i');
      net.set_invisible(from, on);
    } else {
      unknown = true;
    }
  }
  if (!done.empty()) {
    irc::line_writer line = net.begin_line();
    line.source(from.self.source).command("MODE").parameter(from.self.nick);
    done.write(line);
    net.send(from, net.end_line(line));
  }
  if (unknown) net.reply(from, irc::err_umodeunknownflag);
}

}  // namespace

void handle_mode(network& net, client& from, const irc::message& what) {
  if (irc::names_channel(what.parameters[0])) {
    channel_mode(net, from, what);
  } else {
    user_mode(net, from, what);
  }
}

}  // namespace pentad::messenger
