// REHASH: the configuration is read again.

#include <string>
#include <vector>

#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/network.hpp"

namespace pentad::messenger {

std::vector<std::string> reload_configuration(network& net) {
  const auto changes = net.door().reload();
  if (!changes) return {"The configuration stays as it was: " + changes.error()};
  if (changes->empty()) return {"The configuration is the same as before"};
  std::vector<std::string> news;
  for (const std::string& change : *changes) news.push_back("Configuration: " + change);
  return news;
}

void handle_rehash(network& net, client& from, const irc::message&) {
  net.reply(from, irc::rpl_rehashing, {"configuration", "Rehashing"});
  for (const std::string& line : reload_configuration(net)) net.notice(from, line);
}

}  // namespace pentad::messenger
