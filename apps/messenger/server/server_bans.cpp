#include "apps/messenger/server/server_bans.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

#include "apps/messenger/irc/casemapping.hpp"
#include "apps/messenger/irc/mask.hpp"
#include "pentad/base/json_object.hpp"

namespace pentad::messenger {
namespace {

constexpr std::size_t longest_mask = 128;

std::int64_t milliseconds(wall_time at) noexcept { return at.time_since_epoch().count(); }

wall_time wall_time_of(const nlohmann::json& number) {
  return wall_time{std::chrono::milliseconds{number.get<std::int64_t>()}};
}

auto find_mask(auto& all, std::string_view mask) {
  return std::ranges::find_if(
      all, [&](const server_ban& one) { return irc::same_name(one.mask, mask); });
}

server_ban read_ban(std::string_view line) {
  const nlohmann::json object = nlohmann::json::parse(line);
  server_ban ban{object.at("mask").get<std::string>(),
                 object.at("reason").get<std::string>(),
                 object.at("set_by").get<std::string>(),
                 wall_time_of(object.at("set_at")),
                 {}};
  if (const auto until = object.find("until"); until != object.end()) {
    ban.until = wall_time_of(*until);
  }
  return ban;
}

}  // namespace

std::optional<std::string> ban_mask(std::string_view written) {
  std::string mask{written};
  if (mask.find('@') == mask.npos) mask.insert(0, "*@");
  const std::size_t at = mask.rfind('@');
  const auto means_something = [](char c) { return c != '*' && c != '?' && c != '.' && c != '@'; };
  const bool one_word = std::ranges::none_of(
      mask, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '!' || c == ','; });
  if (!one_word || mask.size() > longest_mask || at == 0 || at + 1 == mask.size()) return {};
  if (std::ranges::none_of(mask, means_something)) return {};
  const std::string_view host = std::string_view{mask}.substr(at + 1);
  if (host.find('/') == host.npos) return mask;
  const result<ip_network> network = ip_network::parse(host);
  if (!network || network->length == 0) return {};
  return mask;
}

void server_bans::add(server_ban added) {
  const auto same = find_mask(all_, added.mask);
  if (same != all_.end()) {
    *same = std::move(added);
  } else {
    all_.push_back(std::move(added));
  }
}

bool server_bans::remove(std::string_view mask) {
  const auto found = find_mask(all_, mask);
  if (found == all_.end()) return false;
  all_.erase(found);
  return true;
}

const server_ban* server_bans::find(const suspect& who, wall_time now) const {
  const auto found = std::ranges::find_if(
      all_, [&](const server_ban& one) { return !one.is_over(now) && fits(one.mask, who); });
  return found == all_.end() ? nullptr : &*found;
}

bool server_bans::fits(std::string_view mask, const suspect& who) {
  const std::size_t at = mask.rfind('@');
  const std::string_view host = mask.substr(at + 1);
  if (!irc::matches_mask(mask.substr(0, at), who.user)) return false;
  if (irc::matches_mask(host, who.host)) return true;
  if (!who.address) return false;
  if (const result<ip_network> network = ip_network::parse(host)) {
    return network->contains(*who.address);
  }
  return irc::matches_mask(host, to_string(*who.address));
}

void server_bans::forget_over(wall_time now) {
  std::erase_if(all_, [&](const server_ban& one) { return one.is_over(now); });
}

std::string format_bans(std::span<const server_ban> bans) {
  std::string text;
  for (const server_ban& each : bans) {
    json_object line;
    line.add("mask", each.mask).add("reason", each.reason).add("set_by", each.set_by);
    line.add("set_at", milliseconds(each.set_at));
    if (each.until) line.add("until", milliseconds(*each.until));
    text += line.text() + "\n";
  }
  return text;
}

std::expected<server_bans, std::string> parse_bans(std::string_view text) {
  server_bans bans;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty()) continue;
    const auto wrong = [&](std::string_view reason) {
      return std::unexpected{std::to_string(number) + ": " + std::string{reason}};
    };
    try {
      server_ban ban = read_ban(line);
      if (ban_mask(ban.mask) != ban.mask) return wrong("not the mask of a ban");
      bans.add(std::move(ban));
    } catch (const nlohmann::json::exception&) {
      return wrong("not a ban: a JSON object with mask, reason, set_by, set_at and maybe until");
    }
  }
  return bans;
}

}  // namespace pentad::messenger
