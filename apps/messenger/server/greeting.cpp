// What a new client is told, and the commands that tell it again: LUSERS, MOTD.

#include <algorithm>
#include <string>
#include <vector>

#include "apps/messenger/irc/casemapping.hpp"
#include "apps/messenger/irc/isupport.hpp"
#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/network.hpp"
#include "apps/messenger/server/version.hpp"
#include "apps/messenger/server/words.hpp"

namespace pentad::messenger {
namespace {

void tell_counts(network& net, client& to) {
  const head_count& count = net.count();
  const std::string visible = std::to_string(count.registered - count.invisible);
  const std::string invisible = std::to_string(count.invisible);
  const std::string all = std::to_string(count.registered);
  const std::string most = std::to_string(count.most);
  net.reply(to, irc::rpl_luserclient,
            {"There are " + visible + " users and " + invisible + " invisible on 1 servers"});
  if (count.operators > 0) net.reply(to, irc::rpl_luserop, {decimal{count.operators}});
  if (const std::size_t unknown = count.connected - count.registered; unknown > 0) {
    net.reply(to, irc::rpl_luserunknown, {decimal{unknown}});
  }
  if (const std::size_t channels = net.channels().size(); channels > 0) {
    net.reply(to, irc::rpl_luserchannels, {decimal{channels}});
  }
  net.reply(to, irc::rpl_luserme, {"I have " + all + " clients and 0 servers"});
  net.reply(to, irc::rpl_localusers, {all, most, "Current local users " + all + ", max " + most});
  net.reply(to, irc::rpl_globalusers, {all, most, "Current global users " + all + ", max " + most});
}

void tell_motd(network& net, client& to) {
  const std::vector<std::string>& motd = net.settings().motd;
  if (motd.empty()) return net.reply(to, irc::err_nomotd);
  net.reply(to, irc::rpl_motdstart, {"- " + net.settings().name + " Message of the day - "});
  for (const std::string& line : motd) net.reply(to, irc::rpl_motd, {"- " + line});
  net.reply(to, irc::rpl_endofmotd);
}

}  // namespace

void tell_features(network& net, client& to) {
  const limits& limit = net.limit();
  const std::vector<std::string> tokens = irc::isupport_tokens({
      .network = net.settings().network,
      .away_length = limits::away_length,
      .channels = limit.channels_per_client,
      .channel_length = limit.channel_length,
      .host_length = limits::host_length,
      .key_length = limits::key_length,
      .kick_length = limits::kick_length,
      .line_length = limit.line.line,
      .nick_length = limit.nick_length,
      .real_name_length = limits::real_name_length,
      .monitored = limits::monitored,
      .masks = limits::masks,
      .targets = limits::targets,
      .topic_length = limit.topic_length,
      .user_length = limits::user_length,
      .variable_modes = limits::variable_modes,
  });
  for (std::size_t i = 0; i < tokens.size();) {
    irc::line_writer line = net.begin_line();
    line.source(net.settings().name).command(irc::rpl_isupport.code).parameter(to.name());
    const std::size_t end = std::min(tokens.size(), i + irc::isupport_tokens_in_line);
    for (; i < end; ++i) line.parameter(tokens[i]);
    line.text(irc::rpl_isupport.text);
    net.send(to, net.end_line(line));
  }
}

void greet(network& net, client& to) {
  const configuration& settings = net.settings();
  std::string created;
  append_server_time(created, net.started().wall);
  net.reply(to, irc::rpl_welcome,
            {"Welcome to the " + settings.network + " Network, " + to.self.source});
  net.reply(to, irc::rpl_yourhost,
            {"Your host is " + settings.name + ", running version " + std::string{server_version}});
  net.reply(to, irc::rpl_created, {"This server was created " + created});
  net.reply(to, irc::rpl_myinfo,
            {settings.name, server_version, "Biow", "beIiklmnostv", "beIklov"});
  tell_features(net, to);
  tell_counts(net, to);
  tell_motd(net, to);
}

void handle_lusers(network& net, client& from, const irc::message&) { tell_counts(net, from); }

void handle_motd(network& net, client& from, const irc::message& what) {
  const std::string_view target = what.parameters.get(0);
  if (!target.empty() && !irc::same_name(target, net.settings().name)) {
    return net.reply(from, irc::err_nosuchserver, {target});
  }
  tell_motd(net, from);
}

}  // namespace pentad::messenger
