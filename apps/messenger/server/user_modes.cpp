// MODE of people (Modern IRC, "User Modes").

#include "apps/messenger/server/user_modes.hpp"

#include <string>

#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/mode_changes.hpp"
#include "apps/messenger/server/network.hpp"

namespace pentad::messenger {
namespace {

/// Carries out the changes of one MODE command on oneself.
class user_edit {
 public:
  user_edit(network& net, client& who) : net_(net), who_(who) {}

  void run(std::string_view letters) {
    bool on = true;
    for (const char letter : letters) {
      if (letter == '+' || letter == '-') {
        on = letter == '+';
      } else {
        apply(on, letter);
      }
    }
    if (!done_.empty()) {
      irc::line_writer line = net_.begin_line();
      line.source(who_.self.source).command("MODE").parameter(who_.self.nick);
      done_.write(line);
      net_.send(who_, net_.end_line(line));
    }
    if (unknown_) net_.reply(who_, irc::err_umodeunknownflag);
  }

 private:
  void apply(bool on, char letter) {
    switch (letter) {
      case 'B':
        return set(who_.bot, on, letter);
      case 'i':
        if (who_.invisible != on) done_.add(on, letter);
        return net_.set_invisible(who_, on);
      case 'o':
        // Nobody makes themselves an operator: that is what OPER is for.
        if (on || !who_.oper) return;
        done_.add(false, letter);
        return net_.set_oper(who_, false);
      case 'w':
        return set(who_.wallops, on, letter);
      default:
        unknown_ = true;
    }
  }

  void set(bool& flag, bool on, char letter) {
    if (flag != on) done_.add(on, letter);
    flag = on;
  }

  network& net_;
  client& who_;
  mode_changes done_;
  bool unknown_ = false;
};

}  // namespace

std::string user_mode_letters(const client& of) {
  std::string letters{"+"};
  if (of.bot) letters += 'B';
  if (of.invisible) letters += 'i';
  if (of.oper) letters += 'o';
  if (of.wallops) letters += 'w';
  return letters;
}

void handle_user_mode(network& net, client& from, const irc::message& what) {
  const std::string_view nick = what.parameters[0];
  const client* target = net.find_person(nick);
  if (target == nullptr) return net.reply(from, irc::err_nosuchnick, {nick});
  if (target != &from) return net.reply(from, irc::err_usersdontmatch);
  const std::string_view letters = what.parameters.get(1);
  if (letters.empty()) return net.reply(from, irc::rpl_umodeis, {user_mode_letters(from)});
  user_edit{net, from}.run(letters);
}

}  // namespace pentad::messenger
