#include "apps/messenger/server/commands.hpp"

#include <algorithm>
#include <array>

namespace pentad::messenger {
namespace {

// In alphabetical order: it is searched by halves.
constexpr std::array known{
    command{.name = "ADMIN", .handle = handle_admin},
    command{.name = "AWAY", .handle = handle_away},
    command{.name = "CAP", .handle = handle_cap, .parameters = 1, .before_registration = true},
    command{.name = "CHGHOST", .handle = handle_chghost, .parameters = 3, .for_operators = true},
    command{.name = "CONNECT", .handle = handle_connect, .parameters = 1, .for_operators = true},
    command{.name = "HELP", .handle = handle_help},
    command{.name = "INFO", .handle = handle_info},
    command{.name = "INVITE", .handle = handle_invite},
    command{.name = "ISON", .handle = handle_ison, .parameters = 1},
    command{.name = "JOIN", .handle = handle_join, .parameters = 1},
    command{.name = "KICK", .handle = handle_kick, .parameters = 2},
    command{.name = "KILL", .handle = handle_kill, .parameters = 1, .for_operators = true},
    command{.name = "KLINE", .handle = handle_kline, .parameters = 1, .for_operators = true},
    command{.name = "LINKS", .handle = handle_links},
    command{.name = "LIST", .handle = handle_list},
    command{.name = "LUSERS", .handle = handle_lusers},
    command{.name = "MODE", .handle = handle_mode, .parameters = 1},
    command{.name = "MONITOR", .handle = handle_monitor, .parameters = 1},
    command{.name = "MOTD", .handle = handle_motd},
    command{.name = "NAMES", .handle = handle_names},
    command{.name = "NICK", .handle = handle_nick, .before_registration = true},
    command{.name = "NOTICE", .handle = handle_notice},
    command{.name = "OPER", .handle = handle_oper, .parameters = 2},
    command{.name = "PART", .handle = handle_part, .parameters = 1},
    command{.name = "PASS", .handle = handle_pass, .parameters = 1, .before_registration = true},
    command{.name = "PING", .handle = handle_ping, .parameters = 1, .before_registration = true},
    command{.name = "PONG", .handle = handle_pong, .before_registration = true},
    command{.name = "PRIVMSG", .handle = handle_privmsg},
    command{.name = "QUIT", .handle = handle_quit, .before_registration = true},
    command{.name = "REDACT", .handle = handle_redact, .parameters = 2},
    command{.name = "REHASH", .handle = handle_rehash, .for_operators = true},
    command{.name = "RENAME", .handle = handle_rename, .parameters = 2},
    command{.name = "SETNAME", .handle = handle_setname, .parameters = 1},
    command{.name = "SQUIT", .handle = handle_squit, .parameters = 2, .for_operators = true},
    command{.name = "STATS", .handle = handle_stats, .parameters = 1},
    command{.name = "TAGMSG", .handle = handle_tagmsg},
    command{.name = "TIME", .handle = handle_time},
    command{.name = "TOPIC", .handle = handle_topic, .parameters = 1},
    command{.name = "UNKLINE", .handle = handle_unkline, .parameters = 1, .for_operators = true},
    command{.name = "USER", .handle = handle_user, .parameters = 4, .before_registration = true},
    command{.name = "USERHOST", .handle = handle_userhost, .parameters = 1},
    command{.name = "VERSION", .handle = handle_version},
    command{.name = "WALLOPS", .handle = handle_wallops, .parameters = 1, .for_operators = true},
    command{
        .name = "WEBIRC", .handle = handle_webirc, .parameters = 4, .before_registration = true},
    command{.name = "WHO", .handle = handle_who},
    command{.name = "WHOIS", .handle = handle_whois},
    command{.name = "WHOWAS", .handle = handle_whowas},
};

static_assert(std::ranges::is_sorted(known, {}, &command::name));

constexpr std::size_t longest_name =
    std::ranges::max(known, {}, [](const command& one) { return one.name.size(); }).name.size();

}  // namespace

std::span<const command> commands() noexcept { return known; }

const command* find_command(std::string_view name) noexcept {
  if (name.size() > longest_name) return nullptr;
  std::array<char, longest_name> buffer;
  std::ranges::transform(name, buffer.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  const std::string_view upper{buffer.data(), name.size()};
  const auto found = std::ranges::lower_bound(known, upper, {}, &command::name);
  return found != known.end() && found->name == upper ? found : nullptr;
}

}  // namespace pentad::messenger
