#include "apps/pentad/bench_report.hpp"

#include "apps/pentad/short_text.hpp"
#include "pentad/base/json_object.hpp"

namespace pentad::command {
namespace {

std::uint64_t whole_per_second(std::uint64_t amount, duration time) {
  return static_cast<std::uint64_t>(per_second(amount, time));
}

std::string latency_json(const latencies& all) {
  const auto time = [&](double part) { return all.percentile(part).count(); };
  json_object made;
  made.add("min", all.count() == 0 ? 0 : all.least().count());
  made.add("p50", time(0.5)).add("p90", time(0.9)).add("p99", time(0.99)).add("p999", time(0.999));
  made.add("max", all.most().count());
  return made.text();
}

std::string latency_text(const latencies& all) {
  if (all.count() == 0) return "no answers";
  const auto time = [&](double part) { return short_time(all.percentile(part)); };
  return "min " + short_time(all.least()) + "  p50 " + time(0.5) + "  p90 " + time(0.9) + "  p99 " +
         time(0.99) + "  p99.9 " + time(0.999) + "  max " + short_time(all.most());
}

// Of messages that nobody repeats.
std::string lost_text(std::uint64_t lost) {
  return lost == 0 ? "" : ", " + std::to_string(lost) + " lost";
}

std::string one_way_text(const bench_messages& messages, duration time) {
  return "  " + short_number(per_second(messages.received, time)) + " messages a second arrived" +
         lost_text(messages.sent - std::min(messages.sent, messages.received)) + " of " +
         std::to_string(messages.sent) + "\n";
}

}  // namespace

std::string bench_text(const bench_outcome& outcome, std::size_t message_size) {
  std::string made =
      "messages of " + std::to_string(message_size) + " bytes, there and back, one at a time\n  " +
      short_number(per_second(outcome.round_trips.count(), outcome.messages_time)) + " a second" +
      lost_text(outcome.lost) + "\n  " + latency_text(outcome.round_trips) + "\nbytes one way\n  " +
      short_number(8 * per_second(outcome.bytes, outcome.bytes_time)) + "bit/s\n";
  if (outcome.one_way) made += one_way_text(*outcome.one_way, outcome.bytes_time);
  return made;
}

std::string bench_json(const bench_outcome& outcome, std::string_view protocol,
                       std::size_t message_size) {
  const latencies& all = outcome.round_trips;
  json_object made;
  made.add("protocol", protocol).add("size", message_size).add("messages", all.count());
  if (outcome.one_way) made.add("lost", outcome.lost);
  made.add("messages_per_second", whole_per_second(all.count(), outcome.messages_time));
  made.add_json("latency", latency_json(all)).add("bytes", outcome.bytes);
  made.add("bytes_per_second", whole_per_second(outcome.bytes, outcome.bytes_time));
  if (outcome.one_way) {
    made.add("sent_one_way", outcome.one_way->sent);
    made.add("received_one_way", outcome.one_way->received);
    made.add("received_per_second",
             whole_per_second(outcome.one_way->received, outcome.bytes_time));
  }
  return made.text() + "\n";
}

}  // namespace pentad::command
