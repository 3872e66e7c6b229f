#include "pentad/stack/native/core/joined_groups.hpp"

#include <algorithm>

#include "pentad/stack/native/core/group_reports.hpp"
#include "pentad/stack/native/core/interface.hpp"
#include "pentad/wire/multicast.hpp"

namespace pentad::native {

using wire::group_protocol;
using wire::group_record_type;

bool joined_groups::joined::exists() const noexcept {
  return members != 0 ||
         std::ranges::any_of(sources, [](const source& s) { return s.members != 0; });
}

bool joined_groups::joined::has_changes() const noexcept {
  return reports != 0 ||
         std::ranges::any_of(sources, [](const source& s) { return s.reports != 0; });
}

std::vector<ip_address> joined_groups::joined::heard_sources() const {
  std::vector<ip_address> heard;
  for (const source& each : sources) {
    if (each.members != 0) heard.push_back(each.address);
  }
  return heard;
}

// RFC 3376, section 3.2: who hears all sources makes the interface hear all.
group_state joined_groups::joined::state() const {
  if (excludes()) return {group_record_type::is_exclude, group, {}};
  return {group_record_type::is_include, group, heard_sources()};
}

joined_groups::joined_groups(context& shared, interface& link, ip_version version) noexcept
    : context_(shared),
      link_(link),
      version_(version),
      robustness_(shared.settings.groups.robustness),
      query_interval_(shared.settings.groups.query_interval) {
  changes_.owner = general_.owner = this;
  changes_.fire = [](timer_node& node) { static_cast<timer&>(node).owner->report_changes(); };
  general_.fire = [](timer_node& node) { static_cast<timer&>(node).owner->answer_all(); };
}

joined_groups::~joined_groups() {
  context_.timers.erase(changes_);
  context_.timers.erase(general_);
  for (joined& each : all_) context_.timers.erase(each);
}

void joined_groups::join(const ip_address& group, const std::optional<ip_address>& from) {
  follow_protocol();
  joined* about = find(group);
  if (about == nullptr) {
    about = &all_.emplace_back(*this, group);
    about->fire = [](timer_node& node) {
      auto& due = static_cast<joined&>(node);
      due.owner.answer(due);
    };
  }
  if (!from) {
    if (about->members++ == 0) about->reports = robustness_;
    return changed(*about);
  }
  auto found = std::ranges::find(about->sources, *from, &source::address);
  if (found == about->sources.end()) {
    about->sources.push_back({*from});
    found = std::prev(about->sources.end());
  }
  if (found->members++ == 0 && !about->excludes()) found->reports = robustness_;
  changed(*about);
}

void joined_groups::leave(const ip_address& group, const std::optional<ip_address>& from) {
  follow_protocol();
  joined* const about = find(group);
  if (about == nullptr) return;
  if (!from) {
    if (about->members != 0 && --about->members == 0) about->reports = robustness_;
    return changed(*about);
  }
  const auto found = std::ranges::find(about->sources, *from, &source::address);
  if (found == about->sources.end() || found->members == 0) return;
  if (--found->members == 0 && !about->excludes()) found->reports = robustness_;
  changed(*about);
}

bool joined_groups::contains(const ip_address& group) const noexcept {
  return std::ranges::any_of(
      all_, [&](const joined& each) { return each.group == group && each.exists(); });
}

void joined_groups::report_again() {
  follow_protocol();
  for (joined& each : all_) {
    if (each.excludes()) each.reports = robustness_;
    for (source& from : each.sources) {
      if (from.members != 0 && !each.excludes()) from.reports = robustness_;
    }
    note_changes(each);
  }
}

// RFC 3376, section 5, and RFC 3810, section 6: of the group of all hosts everybody knows, and
// groups that do not leave the interface are nobody else's business.
bool joined_groups::is_reported(const ip_address& group) const noexcept {
  if (link_.is_loopback() || context_.settings.groups.robustness == 0) return false;
  if (group.is_v4()) return group != ip_address::v4(224, 0, 0, 1);
  return group != wire::all_nodes() && (group.bytes()[1] & std::byte{0x0f}) > std::byte{1};
}

joined_groups::joined* joined_groups::find(const ip_address& group) noexcept {
  const auto found = std::ranges::find(all_, group, &joined::group);
  return found != all_.end() ? &*found : nullptr;
}

// Not at once: what changes in one step is said in one report.
void joined_groups::changed(joined& group) {
  note_changes(group);
  forget_what_is_gone();
}

void joined_groups::note_changes(joined& group) noexcept {
  if (!is_reported(group.group)) {
    group.reports = 0;
    for (source& each : group.sources) each.reports = 0;
  } else if (group.has_changes()) {
    has_news_ = true;
    context_.arm(changes_, duration::zero());
  }
}

// RFC 3376, section 5.1: said at once, and again as often as the link may lose a report.
void joined_groups::report_changes() {
  follow_protocol();
  has_news_ = false;
  std::vector<group_state> records;
  for (joined& each : all_) {
    if (!each.has_changes()) continue;
    if (protocol() == group_protocol::third) {
      take_changes(each, records);
    } else {
      tell_in_old_words(each);
    }
  }
  send_group_report(context_, link_, version_, records);
  const bool has_more = std::ranges::any_of(all_, &joined::has_changes);
  if (has_more) context_.arm(changes_, random_delay(context_.settings.groups.report_interval));
  forget_what_is_gone();
}

void joined_groups::take_changes(joined& from, std::vector<group_state>& records) {
  group_state whole{from.excludes() ? group_record_type::to_exclude : group_record_type::to_include,
                    from.group,
                    {}};
  if (!from.excludes()) whole.sources = from.heard_sources();
  group_state allowed{group_record_type::allow_new, from.group, {}};
  group_state blocked{group_record_type::block_old, from.group, {}};
  for (source& each : from.sources) {
    if (each.reports == 0) continue;
    --each.reports;
    (each.members != 0 ? allowed : blocked).sources.push_back(each.address);
  }
  if (from.reports != 0) {
    --from.reports;
    records.push_back(std::move(whole));  // says of sources, too, how it is now
  } else if (!from.excludes()) {
    if (!allowed.sources.empty()) records.push_back(std::move(allowed));
    if (!blocked.sources.empty()) records.push_back(std::move(blocked));
  }
}

// RFC 2236, section 3; RFC 2710, section 4. Sources cannot be told of, and whoever is not known as
// a member to the routers need not say that it leaves.
void joined_groups::tell_in_old_words(joined& about) {
  using kind = wire::group_notice::kind;
  const bool exists = about.exists();
  if (about.reports != 0) --about.reports;
  for (source& each : about.sources) {
    if (each.reports != 0) --each.reports;
  }
  if (exists) {
    about.was_told_by_us = true;
    return send_group_notice(context_, link_, {kind::heard, protocol(), about.group});
  }
  about.reports = 0;
  for (source& each : about.sources) each.reports = 0;
  if (about.was_told_by_us && protocol() == group_protocol::second) {
    send_group_notice(context_, link_, {kind::left, protocol(), about.group});
  }
}

void joined_groups::forget_what_is_gone() {
  for (joined& each : all_) {
    std::erase_if(each.sources, [](const source& s) { return s.members == 0 && s.reports == 0; });
  }
  all_.remove_if([&](joined& each) {
    const bool is_gone = !each.exists() && !each.has_changes();
    if (is_gone) context_.timers.erase(each);
    return is_gone;
  });
}

duration joined_groups::random_delay(duration most) noexcept {
  constexpr std::uint32_t steps = 1U << 16;
  return most / steps * context_.numbers.below(steps);
}

}  // namespace pentad::native
