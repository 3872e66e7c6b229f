// REHASH: the configuration is read again.

#include <string>
#include <vector>

#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/network.hpp"

namespace pentad::messenger {
namespace {

std::vector<std::string> news_of(const reload_outcome& changes) {
  if (!changes) return {"The configuration stays as it was: " + changes.error()};
  if (changes->empty()) return {"The configuration is the same as before"};
  std::vector<std::string> news;
  for (const std::string& change : *changes) news.push_back("Configuration: " + change);
  return news;
}

}  // namespace

void handle_rehash(network& net, client& from, const irc::message&) {
  if (net.reloading().is_crowded()) return net.notice(from, "It is being read: try again later");
  net.reply(from, irc::rpl_rehashing, {"configuration", "Rehashing"});
  net.reloading().ask(net.answer_later(from));
}

void answer_about_reload(network& net, const reload_outcome& changes) {
  const std::vector<std::string> news = news_of(changes);
  for (machine_work::request& each : net.reloading().end()) {
    if (each.to.session == 0) {
      for (const std::string& line : news) net.notice_operators(line);
      continue;
    }
    client* const who = net.resume(each.to);
    if (who == nullptr) continue;
    for (const std::string& line : news) net.notice(*who, line);
    net.end_response(*who);
  }
}

}  // namespace pentad::messenger
