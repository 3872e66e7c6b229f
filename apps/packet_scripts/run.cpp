#include "apps/packet_scripts/run.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "apps/packet_scripts/assertions.hpp"
#include "apps/packet_scripts/conversations.hpp"
#include "apps/packet_scripts/expression_value.hpp"
#include "apps/packet_scripts/linux_names.hpp"
#include "apps/packet_scripts/mismatch.hpp"
#include "apps/packet_scripts/packet_matching.hpp"
#include "apps/packet_scripts/parser.hpp"
#include "apps/packet_scripts/script_settings.hpp"
#include "apps/packet_scripts/shell_commands.hpp"
#include "apps/packet_scripts/system_calls.hpp"
#include "apps/packet_scripts/tcp_information.hpp"

namespace pentad::packet_scripts {
namespace {

// Longer than all patience of TCP.
constexpr duration longest_wait = std::chrono::hours(2);

std::string seconds(duration time) {
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
  std::string fraction = std::to_string(std::abs(micros % 1'000'000));
  fraction.insert(0, 6 - fraction.size(), '0');
  return (micros < 0 ? "-" : "") + std::to_string(std::abs(micros / 1'000'000)) + "." + fraction +
         " s";
}

std::uint32_t ticks_of(const script_settings& settings) {
  if (!settings.checks_timestamps) return UINT32_MAX;
  return static_cast<std::uint32_t>(
      std::chrono::ceil<std::chrono::milliseconds>(settings.tolerance).count());
}

class script_run {
 public:
  script_run(const script& read, const script_settings& settings)
      : script_(read),
        tolerance_(settings.tolerance),
        ticks_(ticks_of(settings)),
        host_(settings.host),
        talks_(settings.host.local, settings.host.remote),
        calls_(host_, talks_),
        assertions_([this](std::string_view name) { return value_of(name); }),
        start_(host_.now()),
        before_(start_) {}

  /// Where it is, or was when something was thrown.
  position at() const noexcept { return at_; }

  void whole() {
    for (const event& each : script_.events) {
      at_ = each.at;
      const auto [from, to] = times_of(each.when);
      before_ = from;
      std::visit([&](const auto& what) { happens(what, from, to); }, each.what);
    }
    end_pending();
  }

 private:
  // When an event is due, or between which moments.
  std::pair<instant, instant> times_of(const event_time& when) const {
    const instant base = when.what == event_time::kind::absolute ? start_ : before_;
    if (when.what == event_time::kind::any) return {base, base + longest_wait};
    return {base + when.from, base + when.to.value_or(when.from)};
  }

  // Time.

  void something_happened() {
    calls_.look();
    if (!pending_) return;
    const position here = at_;
    at_ = pending_->at;
    const call_result result = pending_->call.make();
    if (!result.waits) {
      const pending_call ended = *std::move(pending_);
      pending_.reset();
      compare(*ended.written, result);
      check_time("the end of " + ended.written->name + "()", host_.now(), ended.end, ended.end);
      calls_.look();
    }
    at_ = here;
  }

  instant next_deadline() const {
    return std::min(host_.next_deadline(), pending_ ? pending_->call.wakes : never);
  }

  // Up to the next thing that is due, if that is not after `limit`.
  bool step_within(instant limit) {
    const instant next = next_deadline();
    if (next > limit) return false;
    host_.step(next);
    something_happened();
    return true;
  }

  void pass_to(instant time) {
    while (step_within(time)) {
    }
    host_.step(time);
    something_happened();
  }

  void check_time(const std::string& what, instant happened, instant from, instant to) const {
    if (happened + tolerance_ >= from && happened <= to + tolerance_) return;
    const std::string range = from == to ? "" : " to " + seconds(to - start_);
    throw mismatch(what + " at " + seconds(from - start_) + range,
                   "it at " + seconds(happened - start_));
  }

  // Packets.

  void happens(const packet_event& packet, instant from, instant to) {
    if (!packet.is_sent) {
      pass_to(from);
      host_.arrives(talks_.arriving(packet));
      return something_happened();
    }
    const instant came = std::visit(
        [&](const auto& expected) { return is_sent(expected, from, to); }, packet.packet);
    if (to != from) before_ = came;
  }

  // The next packet that was sent, or will be until `limit`.
  sent_packet take_sent(instant limit, const std::string& expected) {
    while (host_.sent().empty()) {
      if (!step_within(limit)) throw mismatch(expected, "nothing");
    }
    sent_packet taken = std::move(host_.sent().front());
    host_.sent().pop_front();
    return taken;
  }

  instant is_sent(const tcp_packet& expected, instant from, instant to) {
    const std::string wanted = "'> " + to_string(expected) + "'";
    sent_packet taken = take_sent(to + tolerance_, wanted);
    const live_packet live = read_packet(taken.bytes);
    if (live.protocol != ip_protocol::tcp) throw mismatch(wanted, describe(live));
    tcp_packet seen = talks_.seen(live, expected);
    while (seen.size < expected.size && next_goes_on(seen, to + tolerance_)) {
      taken.at = host_.sent().front().at;
      append(seen, talks_.seen(read_packet(host_.sent().front().bytes)));
      host_.sent().pop_front();
    }
    if (!matches(expected, seen, ticks_) || !talks_.has_ports(live, expected.ports)) {
      if (!expected.mark) seen.mark.reset();
      if (!expected.window) seen.window.reset();
      throw mismatch(wanted, "'> " + to_string(seen) + "' at " + seconds(taken.at - start_));
    }
    check_time(wanted, taken.at, from, to);
    return taken.at;
  }

  bool next_goes_on(const tcp_packet& whole, instant limit) {
    while (host_.sent().empty()) {
      if (!step_within(std::min(limit, host_.now() + tolerance_))) return false;
    }
    const live_packet next = read_packet(host_.sent().front().bytes);
    return next.protocol == ip_protocol::tcp && goes_on(whole, talks_.seen(next));
  }

  instant is_sent(const udp_packet& expected, instant from, instant to) {
    const std::string wanted = "'> udp (" + std::to_string(expected.size) + ")'";
    const sent_packet taken = take_sent(to + tolerance_, wanted);
    const live_packet live = read_packet(taken.bytes);
    if (live.protocol != ip_protocol::udp || live.payload_size != expected.size ||
        !talks_.has_ports(live, expected.ports)) {
      throw mismatch(wanted, describe(live));
    }
    check_time(wanted, taken.at, from, to);
    return taken.at;
  }

  instant is_sent(const icmp_packet& expected, instant from, instant to) {
    const std::string wanted = "'> " + to_string(expected) + "'";
    const sent_packet taken = take_sent(to + tolerance_, wanted);
    const live_packet live = read_packet(taken.bytes);
    if (!matches(expected, live)) throw mismatch(wanted, describe(live));
    check_time(wanted, taken.at, from, to);
    return taken.at;
  }

  std::string describe(const live_packet& live) {
    if (live.protocol == ip_protocol::tcp) return "'> " + to_string(talks_.seen(live)) + "'";
    if (live.protocol == ip_protocol::udp) {
      return "'> udp (" + std::to_string(live.payload_size) + ")'";
    }
    return "'> icmp' of type " + std::to_string(live.icmp_type) + " and code " +
           std::to_string(live.icmp_code);
  }

  // System calls.

  struct pending_call {
    prepared_call call;
    const system_call* written;
    position at;
    instant end;
  };

  void happens(const system_call& written, instant from, instant) {
    end_pending();
    pass_to(from);
    const prepared_call call = calls_.prepare(written);
    const instant end = written.until ? end_of(written, from) : from;
    const call_result result = call.make();
    if (result.waits && !written.until) {
      throw mismatch(written.name + "() to return " + expected_result(written), "it waits");
    }
    if (result.waits) {
      pending_ = pending_call{call, &written, at_, end};
      return something_happened();
    }
    compare(written, result);
    if (written.until) check_time("the end of " + written.name + "()", host_.now(), end, end);
    something_happened();
  }

  // Relative to the same as the beginning.
  instant end_of(const system_call& written, instant from) const {
    const event& here = *std::ranges::find_if(script_.events, [&](const event& each) {
      return std::get_if<system_call>(&each.what) == &written;
    });
    return from - here.when.from + *written.until;
  }

  // One call at a time can wait.
  void end_pending() {
    if (!pending_) return;
    const instant limit = pending_->end + tolerance_;
    while (pending_ && step_within(limit)) {
    }
    if (!pending_) return;
    at_ = pending_->at;
    throw mismatch(pending_->written->name + "() to return " + expected_result(*pending_->written),
                   "it still waits");
  }

  static std::string expected_result(const system_call& written) {
    return to_string(written.returns) + (written.error.empty() ? "" : " " + written.error);
  }

  static void compare(const system_call& written, const call_result& result) {
    std::string came = std::to_string(result.value);
    if (result.error != 0) came += " " + name_of_error(result.error);
    const bool is_any = written.returns.is(expression::kind::any);
    const bool has_value = is_any || number_of(written.returns) == result.value;
    const bool has_error = is_any || written.error.empty()
                               ? is_any || result.error == 0
                               : value_of_symbol(written.error) == result.error;
    if (has_value && has_error) return;
    throw mismatch(written.name + "() to return " + expected_result(written), came);
  }

  // Commands and code.

  void happens(const command& line, instant, instant) {
    const bool is_last = &script_.events.back() == event_of(line);
    host_settings settings = host_.settings();
    if (apply_commands(line.text, settings) && !is_last) {
      throw unsupported("settings that change while the script runs");
    }
  }

  const event* event_of(const command& line) const {
    return &*std::ranges::find_if(script_.events, [&](const event& each) {
      return std::get_if<command>(&each.what) == &line;
    });
  }

  void happens(const code& lines, instant from, instant) {
    pass_to(from);
    assertions_.check(lines.text);
  }

  std::optional<double> value_of(std::string_view name) const {
    if (const auto symbol = value_of_symbol(name)) return static_cast<double>(*symbol);
    const linux_stream* const stream = calls_.last_stream();
    if (stream == nullptr || stream->connection() == nullptr) return std::nullopt;
    const auto known = tcp_information(*stream->connection(), name);
    if (!known) return std::nullopt;
    return static_cast<double>(*known);
  }

  const script& script_;
  duration tolerance_;
  std::uint32_t ticks_;  // by which timestamps may differ
  host_under_test host_;
  conversations talks_;
  system_calls calls_;
  assertions assertions_;
  instant start_;
  instant before_;  // when the event before was due
  position at_;
  std::optional<pending_call> pending_;
};

// `TFO_COOKIE` becomes the cookie that the host knows its peer by.
void name_cookies(script& read, const host_settings& settings) {
  const wire::tcp_fast_open_cookie good =
      host_under_test(settings).streams().fast_open_cookie(settings.remote);
  for (event& each : read.events) {
    auto* const packet = std::get_if<packet_event>(&each.what);
    auto* const segment = packet != nullptr ? std::get_if<tcp_packet>(&packet->packet) : nullptr;
    if (segment == nullptr || !segment->options) continue;
    for (tcp_option& option : *segment->options) {
      if (!std::exchange(option.is_good_cookie, false)) continue;
      option.bytes.assign(good.bytes().begin(), good.bytes().end());
    }
  }
}

// What comes before the first event is set before the host is there.
script_settings with_commands(script& read, script_settings settings) {
  while (!read.events.empty()) {
    const auto* const first = std::get_if<command>(&read.events.front().what);
    if (first == nullptr) break;
    apply_commands(first->text, settings.host);
    read.events.erase(read.events.begin());
  }
  return settings;
}

verdict made_of(verdict::kind what, position at, const std::exception& reason) {
  return {.what = what, .line = at.line, .column = at.column, .reason = reason.what()};
}

}  // namespace

verdict run_script(std::string_view source, ip_version version) {
  position at;
  try {
    script read = parse_script(source);
    const script_settings settings = with_commands(read, settings_of(read, version));
    name_cookies(read, settings.host);
    script_run run(read, settings);
    try {
      run.whole();
    } catch (...) {
      at = run.at();
      throw;
    }
  } catch (const mismatch& reason) {
    return made_of(verdict::kind::failed, at, reason);
  } catch (const unsupported& reason) {
    return made_of(verdict::kind::not_supported, at, reason);
  } catch (const malformed& reason) {
    return made_of(verdict::kind::malformed, reason.at, reason);
  } catch (const std::invalid_argument& reason) {  // of the core, about its addresses
    return made_of(verdict::kind::malformed, {}, reason);
  }
  return {};
}

}  // namespace pentad::packet_scripts
