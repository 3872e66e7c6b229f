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
      "CASEMAPPING=ascii",
      with_number("CHANLIMIT=#:", values.channels),
      "CHANMODES=,k,l,mnst",
      with_number("CHANNELLEN=", values.channel_length),
      "CHANTYPES=#",
      with_number("KEYLEN=", values.key_length),
      with_number("LINELEN=", values.line_length),
      with_number("MODES=", values.variable_modes),
      with_number("NAMELEN=", values.real_name_length),
      "NETWORK=" + escaped(values.network),
      with_number("NICKLEN=", values.nick_length),
      "PREFIX=(ov)@+",
      "TARGMAX=JOIN:,NAMES:1,NOTICE:" + targets + ",PART:,PRIVMSG:" + targets +
          ",TAGMSG:" + targets + ",WHOIS:1",
      with_number("TOPICLEN=", values.topic_length),
      with_number("USERLEN=", values.user_length),
      "UTF8ONLY",
  };
}

}  // namespace pentad::messenger::irc
