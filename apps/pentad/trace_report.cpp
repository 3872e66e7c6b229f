#include "apps/pentad/trace_report.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace pentad::command {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t hop_width = 3;
constexpr std::size_t address_width = 24;
constexpr std::size_t lost_width = 5;

// What a probe that dies on its way brings back, and needs no word.
constexpr std::string_view expected = "time exceeded";

std::string to_the_right(std::string text, std::size_t width) {
  if (text.size() < width) text.insert(0, width - text.size(), ' ');
  return text;
}

std::string to_the_left(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

void add_once(std::string& list, const std::string& item) {
  if (list.find(item) != std::string::npos) return;
  if (!list.empty()) list += ", ";
  list += item;
}

std::string times_of(const round_trips& times) {
  return milliseconds(times.least()) + " / " + milliseconds(times.mean()) + " / " +
         milliseconds(times.most()) + " ms";
}

}  // namespace

std::string hop_row(const route& known, unsigned hop) {
  std::string who;
  std::string said;
  round_trips times;
  for (const route::answer& each : known.answers(hop)) {
    add_once(who, to_string(each.from));
    if (each.said != expected) add_once(said, each.said);
    times.add(each.round_trip);
  }
  const unsigned sent = known.probes_sent(hop);
  const std::uint64_t lost = known.is_complete(hop) ? sent - times.count() : 0;
  std::string row = to_the_right(std::to_string(hop), hop_width) + "  ";
  row += to_the_left(who.empty() ? "*" : who, address_width);
  row += "  " + to_the_right(percent(lost, sent), lost_width) + " % lost";
  if (times.count() != 0) row += "   " + times_of(times);
  if (!said.empty()) row += "   " + said;
  return row + "\n";
}

std::string hop_json(const route& known, unsigned hop) {
  const std::vector<route::answer> answers = known.answers(hop);
  const unsigned sent = known.probes_sent(hop);
  json object{{"hop", hop}, {"sent", sent}, {"lost", sent - answers.size()}};
  object["answers"] = json::array();
  for (const route::answer& each : answers) {
    object["answers"].push_back({{"from", to_string(each.from)},
                                 {"round_trip", each.round_trip.count()},
                                 {"said", each.said}});
  }
  return object.dump() + "\n";
}

std::string end_row(const route& known, std::string_view name) {
  std::string row(name);
  if (!known.reached_target()) return row + ": not reached\n";
  row += ": reached, " + std::to_string(known.last_hop());
  return row + (known.last_hop() == 1 ? " hop\n" : " hops\n");
}

std::string end_json(const route& known, const ip_address& target) {
  json object{{"target", to_string(target)}, {"reached", known.reached_target()}};
  if (known.reached_target()) object["hops"] = known.last_hop();
  return object.dump() + "\n";
}

std::string live_table::draw_from(const route& known, unsigned first) {
  std::string bytes;
  // Up to where the table begins, and away with all below.
  if (drawn_ != 0) bytes = "\x1b[" + std::to_string(drawn_) + "A\x1b[J";
  drawn_ = 0;
  for (unsigned hop = first; hop <= known.last_hop() && known.probes_sent(hop) != 0; ++hop) {
    bytes += hop_row(known, hop);
    ++drawn_;
  }
  return bytes;
}

std::string live_table::draw(const route& known) {
  unsigned hops = 0;
  while (hops != known.last_hop() && known.probes_sent(hops + 1) != 0) ++hops;
  const auto most = static_cast<unsigned>(std::max<std::size_t>(rows_, 2) - 1);
  return draw_from(known, hops > most ? hops - most + 1 : 1);
}

std::string live_table::finish(const route& known) { return draw_from(known, 1); }

}  // namespace pentad::command
