#include "apps/pentad/ping_report.hpp"

#include <nlohmann/json.hpp>

#include "pentad/inspect/icmp_text.hpp"

namespace pentad::command {
namespace {

using json = nlohmann::ordered_json;

std::string line_of(const json& object) { return object.dump() + "\n"; }

std::string words_of(const datagram_error& error, ip_version version) {
  if (error.is_local || !error.reporter) return error.code.message();
  std::string said = icmp_text(version, error.type, error.icmp_code);
  if (error.mtu) said += " (mtu " + std::to_string(*error.mtu) + ")";
  return said;
}

std::string of_sequence(std::uint64_t number) {
  return number == 0 ? std::string() : " seq=" + std::to_string(number);
}

}  // namespace

std::string ping_report::beginning(std::size_t data_bytes) const {
  if (as_json_) return {};
  std::string line = "ping ";
  line.append(name_).append(" (").append(to_string(target_)).append("): ");
  return line + std::to_string(data_bytes) + " bytes of data\n";
}

std::string ping_report::reply(const received_datagram& from,
                               const echo_ledger::answer& answer) const {
  const std::string source = to_string(from.source.ip().address);
  if (as_json_) {
    json object{{"event", "reply"}, {"from", source}, {"sequence", answer.number}};
    object["bytes"] = from.size;
    if (from.hop_limit) object["hop_limit"] = *from.hop_limit;
    object["round_trip"] = answer.round_trip.count();
    object["duplicate"] = answer.is_duplicate;
    return line_of(object);
  }
  std::string line = std::to_string(from.size) + " bytes from " + source;
  line += ":" + of_sequence(answer.number);
  if (from.hop_limit) line += " ttl=" + std::to_string(*from.hop_limit);
  line += " time=" + milliseconds(answer.round_trip) + " ms";
  if (answer.is_duplicate) line += " (duplicate)";
  return line + "\n";
}

std::string ping_report::error(std::uint64_t number, const datagram_error& error) const {
  const std::string words = words_of(error, target_.version());
  if (as_json_) {
    json object{{"event", "error"}};
    if (error.reporter) object["from"] = to_string(*error.reporter);
    if (number != 0) object["sequence"] = number;
    object["error"] = words;
    if (error.reporter && !error.is_local) {
      object["type"] = error.type;
      object["code"] = error.icmp_code;
    }
    if (error.mtu) object["mtu"] = *error.mtu;
    return line_of(object);
  }
  std::string line = error.reporter ? "from " + to_string(*error.reporter) : "here";
  return line + ":" + of_sequence(number) + " " + words + "\n";
}

std::string ping_report::lost(std::uint64_t number, duration patience) const {
  if (as_json_) return line_of({{"event", "lost"}, {"sequence", number}});
  return "no answer:" + of_sequence(number) + " within " + milliseconds(patience) + " ms\n";
}

std::string ping_report::statistics(const echo_ledger& ledger) const {
  const round_trips& times = ledger.times();
  if (as_json_) {
    json object{{"event", "statistics"},
                {"sent", ledger.requests()},
                {"received", ledger.answers()},
                {"lost", ledger.lost()},
                {"duplicates", ledger.duplicates()},
                {"errors", ledger.errors()}};
    if (times.count() != 0) {
      object["min"] = times.least().count();
      object["avg"] = times.mean().count();
      object["max"] = times.most().count();
      object["stddev"] = times.deviation().count();
    }
    return line_of(object);
  }
  std::string text = "\n";
  text.append(name_).append(": ");
  text += std::to_string(ledger.requests()) + " sent, " + std::to_string(ledger.answers()) +
          " received, " + percent(ledger.lost(), ledger.requests()) + " % lost";
  if (ledger.duplicates() != 0) text += ", " + std::to_string(ledger.duplicates()) + " duplicates";
  if (ledger.errors() != 0) text += ", " + std::to_string(ledger.errors()) + " errors";
  text += "\n";
  if (times.count() != 0) {
    text += "round trip min/avg/max/stddev = " + milliseconds(times.least()) + "/" +
            milliseconds(times.mean()) + "/" + milliseconds(times.most()) + "/" +
            milliseconds(times.deviation()) + " ms\n";
  }
  return text;
}

}  // namespace pentad::command
