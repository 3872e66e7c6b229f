// KLINE, UNKLINE: keeping people off the server.

#include <chrono>
#include <string>
#include <utility>

#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/network.hpp"
#include "apps/messenger/server/words.hpp"
#include "pentad/base/parse_number.hpp"
#include "pentad/base/utf8.hpp"

namespace pentad::messenger {
namespace {

constexpr std::size_t reason_length = 300;

/// `30` is minutes; `90s`, `30m`, `12h`, `7d` and `2w` have their unit. At most ten years.
std::optional<std::chrono::seconds> duration_in(std::string_view text) {
  std::chrono::seconds unit = std::chrono::minutes{1};
  constexpr std::pair<char, std::chrono::seconds> units[]{{'s', std::chrono::seconds{1}},
                                                          {'m', std::chrono::minutes{1}},
                                                          {'h', std::chrono::hours{1}},
                                                          {'d', std::chrono::days{1}},
                                                          {'w', std::chrono::weeks{1}}};
  for (const auto& [letter, length] : units) {
    if (!text.ends_with(letter)) continue;
    unit = length;
    text.remove_suffix(1);
    break;
  }
  const auto number = parse_number<std::uint32_t>(text);
  constexpr std::chrono::seconds most = std::chrono::days{3650};
  if (!number || *number > most / unit) return {};
  return *number * unit;
}

/// What the file of K-lines has to do with it, as the end of a sentence.
std::string kept(std::error_code failed) {
  if (!failed) return "";
  return ", but the file of K-lines cannot be written (" + failed.message() +
         "): it is tried again, and until then this ends with the server's process";
}

/// Says so when there are more changes than the disk keeps up with.
bool has_time(network& net, client& from) {
  if (!net.ban_keeping().is_crowded()) return true;
  net.notice(from, "Too many K-lines wait for the disk: try again later");
  return false;
}

void drop_banned(network& net, const server_ban& ban) {
  for (const auto& each : net.clients()) {
    if (each->closing() || !server_bans::fits(ban.mask, suspect_of(*each))) continue;
    net.reply(*each, irc::err_yourebannedcreep);
    net.drop(*each, "Banned: " + ban.reason);
  }
}

}  // namespace

/// `KLINE [DURATION] MASK [REASON]`. Without a duration, or with 0, it is for ever.
void handle_kline(network& net, client& from, const irc::message& what) {
  const std::optional<std::chrono::seconds> time = duration_in(what.parameters[0]);
  const std::size_t at = time ? 1 : 0;
  const std::string_view written = what.parameters.get(at);
  if (written.empty()) return net.reply(from, irc::err_needmoreparams, {"KLINE"});
  const std::optional<std::string> mask = ban_mask(written);
  if (!mask)
    return net.notice(from, "Not a mask of user@host or a network: " + std::string{written});
  if (server_bans::fits(*mask, suspect_of(from))) return net.notice(from, "That is you: " + *mask);
  const std::string_view given = truncated_utf8(what.parameters.get(at + 1), reason_length);
  server_ban ban{*mask,
                 std::string{given.empty() ? "No reason given" : given},
                 from.self.nick,
                 net.now().wall,
                 {}};
  if (time && time->count() > 0) ban.until = net.now().wall + *time;
  if (!has_time(net, from)) return;
  if (!net.door().add(ban, net.now())) return net.notice(from, "There are too many K-lines");
  net.ban_keeping().ask(net.answer_later(from), "K-line added for " + *mask);
  drop_banned(net, ban);
}

void handle_unkline(network& net, client& from, const irc::message& what) {
  const std::optional<std::string> mask = ban_mask(what.parameters[0]);
  if (!mask) return net.notice(from, "Not a mask of user@host or a network");
  if (!has_time(net, from)) return;
  if (!net.door().remove(*mask)) return net.notice(from, "No K-line for " + *mask);
  net.ban_keeping().ask(net.answer_later(from), "K-line removed for " + *mask);
}

void answer_about_bans(network& net, std::error_code failed) {
  const bool had_failed = net.ban_keeping().has_failed();
  for (machine_work::request& each : net.ban_keeping().end(failed)) {
    client* const who = net.resume(each.to);
    if (who == nullptr) continue;
    net.notice(*who, each.text + kept(failed));
    net.end_response(*who);
  }
  if (had_failed && !failed) net.notice_operators("The file of K-lines is written again");
}

}  // namespace pentad::messenger
