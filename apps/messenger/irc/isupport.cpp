#include "apps/messenger/irc/isupport.hpp"

namespace pentad::messenger::irc {
namespace {

/// Spaces, backslashes and equals signs have escapes; the rest of a value is printable ASCII.
std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    switch (c) {
      case ' ':
        out += "\\x20";
        break;
      case '\\':
        out += "\\x5C";
        break;
      case '=':
        out += "\\x3D";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string with_number(std::string_view name, std::size_t value) {
  return std::string{name} + std::to_string(value);
}

}  // namespace

std::vector<std::string> isupport_tokens(const isupport& values) {
  const std::string targets = std::to_string(values.targets);
  return {
      with_number("AWAYLEN=", values.away_length),
      "BOT=B",
      "CASEMAPPING=ascii",
      with_number("CHANLIMIT=#:", values.channels),
      "CHANMODES=beI,k,l,imnst",
      with_number("CHANNELLEN=", values.channel_length),
      "CHANTYPES=#",
      "ELIST=CMNTU",
      "EXCEPTS=e",
      with_number("HOSTLEN=", values.host_length),
      "INVEX=I",
      with_number("KEYLEN=", values.key_length),
      with_number("KICKLEN=", values.kick_length),
      with_number("LINELEN=", values.line_length),
      with_number("MAXLIST=beI:", values.masks),
      with_number("MODES=", values.variable_modes),
      with_number("MONITOR=", values.monitored),
      with_number("NAMELEN=", values.real_name_length),
      "NETWORK=" + escaped(values.network),
      with_number("NICKLEN=", values.nick_length),
      "PREFIX=(ov)@+",
      "STATUSMSG=@+",
      "TARGMAX=INVITE:1,JOIN:,KICK:" + targets + ",LIST:,MONITOR:,NAMES:1,NOTICE:" + targets +
          ",PART:,PRIVMSG:" + targets + ",TAGMSG:" + targets + ",WHOIS:1,WHOWAS:1",
      with_number("TOPICLEN=", values.topic_length),
      with_number("USERLEN=", values.user_length),
      "UTF8ONLY",
      "WHOX",
  };
}

}  // namespace pentad::messenger::irc
