// Of the joined groups of an interface, what queries of routers bring about.
#include <algorithm>

#include "pentad/stack/native/core/group_reports.hpp"
#include "pentad/stack/native/core/joined_groups.hpp"

namespace pentad::native {

using wire::group_protocol;
using wire::group_record_type;

group_protocol joined_groups::protocol() const noexcept {
  if (context_.now < first_until_) return group_protocol::first;
  return context_.now < second_until_ ? group_protocol::second : group_protocol::third;
}

void joined_groups::heard(const wire::group_query& query) {
  note_querier(query);
  follow_protocol();
  const duration response_time = query.response_time;
  if (query.group.is_unspecified()) return ask_all(response_time);
  joined* const about = find(query.group);
  if (about == nullptr || !about->exists() || !is_reported(query.group)) return;
  const duration delay = random_delay(response_time);
  // RFC 3376, section 5.2, rule 1: everything will be told sooner.
  if (general_.armed() && general_.at <= later(context_.now, delay)) return;
  ask(*about, query.sources, delay);
}

void joined_groups::heard(const wire::group_notice& notice) noexcept {
  if (protocol() == group_protocol::third || notice.what != wire::group_notice::kind::heard) return;
  joined* const about = find(notice.group);
  if (about == nullptr || !about->armed()) return;
  context_.timers.erase(*about);
  about->was_told_by_us = false;
}

// RFC 3376, sections 4.1.6, 4.1.7 and 7.2.1; RFC 3810, sections 5.1.8, 5.1.9 and 8.2.1.
void joined_groups::note_querier(const wire::group_query& query) {
  if (query.protocol == group_protocol::third) {
    const group_settings& usual = context_.settings.groups;
    if (usual.robustness == 0) return;
    robustness_ = query.robustness != 0 ? query.robustness : usual.robustness;
    query_interval_ = query.interval.count() != 0 ? duration(query.interval) : usual.query_interval;
    return;
  }
  const instant until =
      later(context_.now, robustness_ * query_interval_ + duration(query.response_time));
  (query.protocol == group_protocol::first ? first_until_ : second_until_) = until;
}

// RFC 3376, section 7.2.1: what was to be said in another protocol is not said.
void joined_groups::follow_protocol() {
  if (followed_ == protocol()) return;
  followed_ = protocol();
  context_.timers.erase(general_);
  context_.timers.erase(changes_);
  has_news_ = false;
  for (joined& each : all_) {
    context_.timers.erase(each);
    each.reports = 0;
    for (source& from : each.sources) from.reports = 0;
  }
  forget_what_is_gone();
}

void joined_groups::ask_all(duration response_time) {
  if (protocol() != group_protocol::third) {
    for (joined& each : all_) {
      if (each.exists() && is_reported(each.group)) ask(each, {}, random_delay(response_time));
    }
    return;
  }
  const duration delay = random_delay(response_time);
  if (general_.armed() && general_.at <= later(context_.now, delay)) return;
  if (std::ranges::any_of(all_, [&](const joined& each) { return is_reported(each.group); })) {
    context_.arm(general_, delay);
  }
}

// RFC 3376, section 5.2, rules 3 to 5.
void joined_groups::ask(joined& about, const wire::address_list& sources, duration after) {
  const instant at = later(context_.now, after);
  const bool was_asked = about.armed();
  if (!was_asked) {
    about.asked.clear();
    about.all_asked = false;
  }
  about.all_asked = about.all_asked || sources.size() == 0;
  for (std::size_t i = 0; i < sources.size() && !about.all_asked; ++i) {
    const ip_address asked = sources[i];
    if (std::ranges::find(about.asked, asked) != about.asked.end()) continue;
    about.all_asked = about.asked.size() == context_.settings.groups.most_asked_sources;
    about.asked.push_back(asked);
  }
  if (was_asked && about.at <= at) return;
  context_.arm(about, after);
}

void joined_groups::answer(joined& about) {
  if (!about.exists()) return;
  follow_protocol();
  if (protocol() != group_protocol::third) {
    about.was_told_by_us = true;
    return send_group_notice(context_, link_,
                             {wire::group_notice::kind::heard, protocol(), about.group});
  }
  group_state told = about.state();
  if (!about.all_asked) {
    const std::vector<ip_address> heard = std::exchange(told.sources, {});
    told.type = group_record_type::is_include;
    for (const ip_address& each : about.asked) {
      const bool hears = about.excludes() || std::ranges::find(heard, each) != heard.end();
      if (hears) told.sources.push_back(each);
    }
    if (told.sources.empty()) return;
  }
  send_group_report(context_, link_, version_, std::span(&told, 1));
}

void joined_groups::answer_all() {
  std::vector<group_state> records;
  for (const joined& each : all_) {
    if (each.exists() && is_reported(each.group)) records.push_back(each.state());
  }
  send_group_report(context_, link_, version_, records);
}

}  // namespace pentad::native
