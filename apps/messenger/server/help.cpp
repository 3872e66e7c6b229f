// HELP (Modern IRC, "HELP message").

#include <algorithm>
#include <array>
#include <string>

#include "apps/messenger/irc/casemapping.hpp"
#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/network.hpp"

namespace pentad::messenger {
namespace {

struct help_text {
  std::string_view subject;
  std::string_view parameters;
  std::string_view does;
};

constexpr std::array texts{
    help_text{"ADMIN", "[<server>]", "Tells who runs the server."},
    help_text{"AWAY", "[:<reason>]", "Says that you are away, or here again."},
    help_text{"CAP", "LS|LIST|REQ|END", "Negotiates what your client understands."},
    help_text{"CHGHOST", "<nick> <user> <host>", "Gives somebody another host (operators)."},
    help_text{"CONNECT", "<server>", "Links servers, of which there is one (operators)."},
    help_text{"HELP", "[<command>]", "Tells what a command does."},
    help_text{"INFO", "", "Tells about the server."},
    help_text{"INVITE", "[<nick> <channel>]", "Invites somebody, or lists who invited you where."},
    help_text{"ISON", "<nick>...", "Tells which of these people are here."},
    help_text{"JOIN", "<channel>{,<channel>} [<key>{,<key>}]", "Enters channels."},
    help_text{"KICK", "<channel> <nick>{,<nick>} [:<reason>]", "Removes people from a channel."},
    help_text{"KILL", "<nick> [:<reason>]", "Ends somebody's session (operators)."},
    help_text{"KLINE", "[<duration>] <user@host or network> [:<reason>]",
              "Keeps people off the server, for 30 (minutes), 12h, 7d... (operators)."},
    help_text{"LINKS", "", "Lists the servers, of which there is one."},
    help_text{"LIST", "[<condition>{,<condition>}]",
              "Lists channels: by name, mask, !mask, >members, C>minutes, T<minutes."},
    help_text{"LUSERS", "", "Counts people and channels."},
    help_text{"MODE", "<nick or channel> [<modes> [<parameter>...]]", "Shows and changes modes."},
    help_text{"MONITOR", "+|-|C|L|S [<nick>{,<nick>}]", "Tells when people come and go."},
    help_text{"MOTD", "[<server>]", "Shows the message of the day."},
    help_text{"NAMES", "<channel>", "Lists who is on a channel."},
    help_text{"NICK", "<nick>", "Changes your name."},
    help_text{"NOTICE", "<target>{,<target>} :<text>", "Sends a text that nothing answers."},
    help_text{"OPER", "<name> <password>", "Makes you an operator of the server."},
    help_text{"PART", "<channel>{,<channel>} [:<reason>]", "Leaves channels."},
    help_text{"PASS", "<password>", "Gives the server's password, first of all."},
    help_text{"PING", "<token>", "Asks for the same token back."},
    help_text{"PONG", "<token>", "Answers a PING."},
    help_text{"PRIVMSG", "<target>{,<target>} :<text>", "Sends a text to people and channels."},
    help_text{"QUIT", "[:<reason>]", "Ends your session."},
    help_text{"REDACT", "<target> <msgid> [:<reason>]", "Takes a message back."},
    help_text{"REHASH", "", "Reads the server's configuration again (operators)."},
    help_text{"RENAME", "<channel> <name> [:<reason>]", "Gives a channel another name."},
    help_text{"SETNAME", ":<real name>", "Changes your real name."},
    help_text{"SQUIT", "<server> <reason>", "Unlinks servers, of which there is one (operators)."},
    help_text{"STATS", "<query> [<server>]",
              "l: connections, p: operators here, u: uptime; for operators i: who may connect, k: "
              "K-lines, L: addresses, m: commands, o: operators, P: ports, t: traffic, y: limits."},
    help_text{"TAGMSG", "<target>{,<target>}", "Sends tags without a text."},
    help_text{"TIME", "[<server>]", "Tells the time at the server."},
    help_text{"TOPIC", "<channel> [:<topic>]", "Shows and changes what a channel is about."},
    help_text{"UNKLINE", "<user@host or network>", "Lets people in again (operators)."},
    help_text{"USER", "<user> 0 * :<real name>", "Says who you are, once."},
    help_text{"USERHOST", "<nick>...", "Tells hosts and who is away."},
    help_text{"VERSION", "[<server>]", "Tells what the server is and can do."},
    help_text{"WALLOPS", ":<text>", "Speaks to all who listen with mode w (operators)."},
    help_text{"WEBIRC", "<password> <gateway> <host> <address>", "Says whom a gateway brings."},
    help_text{"WHO", "<mask> [%<fields>[,<token>]]", "Lists people."},
    help_text{"WHOIS", "[<server>] <nick>", "Tells about somebody."},
    help_text{"WHOWAS", "<nick> [<count>]", "Tells who had a name."},
};

static_assert(std::ranges::is_sorted(texts, {}, &help_text::subject));

void tell_overview(network& net, client& to) {
  const auto say = [&](std::string_view line) { net.reply(to, irc::rpl_helptxt, {"*", line}); };
  net.reply(to, irc::rpl_helpstart, {"*", "** Commands of " + net.settings().network + " **"});
  say("");
  std::string line;
  for (const help_text& one : texts) {
    if (line.size() + one.subject.size() > 70) {
      say(line);
      line.clear();
    }
    line.append(line.empty() ? "" : " ").append(one.subject);
  }
  say(line);
  net.reply(to, irc::rpl_endofhelp, {"*", "HELP <command> tells more."});
}

}  // namespace

void handle_help(network& net, client& from, const irc::message& what) {
  const std::string_view subject = what.parameters.get(0);
  if (subject.empty()) return tell_overview(net, from);
  const auto found = std::ranges::find_if(
      texts, [&](const help_text& one) { return irc::same_name(one.subject, subject); });
  if (found == texts.end()) return net.reply(from, irc::err_helpnotfound, {subject});
  std::string form{found->subject};
  if (!found->parameters.empty()) form.append(" ").append(found->parameters);
  net.reply(from, irc::rpl_helpstart, {found->subject, form});
  net.reply(from, irc::rpl_helptxt, {found->subject, ""});
  net.reply(from, irc::rpl_endofhelp, {found->subject, found->does});
}

}  // namespace pentad::messenger
