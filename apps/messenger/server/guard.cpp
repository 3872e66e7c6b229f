#include "apps/messenger/server/guard.hpp"

#include <algorithm>
#include <chrono>

#include "apps/messenger/server/broadcast.hpp"
#include "apps/messenger/server/cloak.hpp"
#include "apps/messenger/server/words.hpp"
#include "pentad/base/json_object.hpp"

namespace pentad::messenger {
namespace {

bool is_in(const std::vector<ip_network>& networks, const ip_address& address) noexcept {
  return std::ranges::any_of(networks,
                             [&](const ip_network& each) { return each.contains(address); });
}

/// An IPv6 address must not begin with a colon (Modern IRC, RPL_WHOISUSER).
std::string shown(const ip_address& address) {
  const std::string text = to_string(address);
  return text.starts_with(':') ? "0" + text : text;
}

line_rate nick_rate(const limits& limit) noexcept {
  if (limit.nicks_per_minute == 0) return {};
  return {limit.nick_burst, duration{std::chrono::minutes{1}} / limit.nicks_per_minute};
}

json_object begin_entry(std::string_view event, const client& about, moment now) {
  std::string time;
  append_server_time(time, now.wall);
  json_object entry;
  entry.add("time", time).add("event", event);
  if (!about.self.nick.empty()) entry.add("nick", about.self.nick);
  if (!about.self.user.empty()) entry.add("user", about.self.user);
  if (about.address) entry.add("address", to_string(*about.address));
  return entry;
}

}  // namespace

guard::guard(const configuration& settings, std::uint64_t seed, housekeeping* keeper)
    : settings_(settings),
      keeper_(keeper),
      cloak_key_(settings.cloak_key.empty() ? cloak_key_of(decimal{seed})
                                            : cloak_key_of(settings.cloak_key)) {}

// ---- Coming and going

std::optional<std::string> guard::enter(client& who, std::string_view address, moment now) {
  const result<ip_address> read = ip_address::parse(address);
  if (!read) return {};
  const ip_address from = read->unmapped();
  who.address = from;
  who.exempt = is_in(settings_.exempt, from);
  const bool hidden = settings_.cloak && !from.is_loopback();
  who.self.host = hidden ? cloaked(from, cloak_key_) : shown(from);
  if (const server_ban* ban = ban_on(who, now)) return "Banned: " + ban->reason;
  // A gateway brings many clients before it says whose they are.
  if (who.exempt || is_gateway(from)) return {};
  who.counted = true;
  switch (admission_.enter(from, now.steady, settings_.limit)) {
    case admission::answer::welcome:
      break;
    case admission::answer::too_many:
      return "Too many connections from your address";
    case admission::answer::too_fast:
      return "Connecting too fast: wait a minute";
  }
  return {};
}

void guard::leave(client& who) noexcept {
  if (std::exchange(who.counted, false)) admission_.leave(*who.address);
}

const server_ban* guard::ban_on(const client& who, moment now) const {
  return bans_.find(suspect_of(who), now.wall);
}

const gateway* guard::gateway_of(const client& who, std::string_view password) const {
  const auto found = std::ranges::find_if(settings_.gateways, [&](const gateway& each) {
    return who.address && is_in(each.networks, *who.address) &&
           same_secret(each.password, password);
  });
  return found == settings_.gateways.end() ? nullptr : &*found;
}

bool guard::is_gateway(const ip_address& address) const noexcept {
  return std::ranges::any_of(settings_.gateways,
                             [&](const gateway& each) { return is_in(each.networks, address); });
}

bool guard::lets_rename(client& who, moment now) const noexcept {
  const line_rate rate = nick_rate(settings_.limit);
  if (who.exempt) return true;
  if (!who.nick_changes.ready(now.steady, rate)) return false;
  who.nick_changes.take(now.steady, rate);
  return true;
}

// ---- K-lines

bool guard::add(server_ban added, moment now) {
  bans_.forget_over(now.wall);
  if (bans_.size() >= settings_.limit.bans) return false;
  bans_.add(std::move(added));
  return true;
}

std::string guard::bans_text(moment now) {
  bans_.forget_over(now.wall);
  return format_bans(bans_.all());
}

// ---- The log

void guard::log(std::string_view event, const client& about, moment now,
                std::initializer_list<field> more) {
  if (keeper_ == nullptr || !keeper_->keeps_log()) return;
  json_object entry = begin_entry(event, about, now);
  for (const auto& [name, value] : more) entry.add(name, value);
  keeper_->record(entry.text(), false);
}

void guard::audit_login(const client& by, std::string_view name, bool granted, moment now) {
  if (keeper_ == nullptr) return;
  json_object entry = begin_entry("oper", by, now);
  entry.add("name", name).add("granted", granted);
  keeper_->record(entry.text(), true);
}

void guard::audit(std::string_view deed, const client& by, const irc::message& what, moment now) {
  if (keeper_ == nullptr) return;
  json_object entry = begin_entry(deed, by, now);
  entry.add("command", what.command);
  std::string list = "[";
  for (const std::string_view each : what.parameters) {
    if (list.size() > 1) list += ',';
    append_json_string(list, each);
  }
  entry.add_json("parameters", list + "]");
  keeper_->record(entry.text(), true);
}

}  // namespace pentad::messenger
