#include "apps/messenger/demo/demo.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>

#include "apps/messenger/demo/one_process.hpp"
#include "apps/messenger/demo/story.hpp"
#include "apps/messenger/demo/two_hosts.hpp"
#include "apps/pentad/command.hpp"

namespace pentad::messenger::demo {
namespace {

using std::chrono_literals::operator""s;

constexpr auto longest_run = 20s;

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

/// Apart, or on one network where that is not allowed, because of `why_together`.
result<two_hosts> make_hosts(std::string_view stack, deadline until,
                             std::error_code& why_together) {
  result<two_hosts> apart = make_hosts_apart(stack, until);
  if (apart) return apart;
  why_together = apart.error();
  return make_hosts_on_loopback(stack);
}

/// Who is where. `how` goes on after "Two hosts on this machine".
std::string heading(std::string_view how, const ip_address& a, std::string_view between,
                    const ip_address& b) {
  std::string text = "Two hosts on this machine";
  text.append(how).append(":\n\n");
  std::string way = to_string(a).append(between);
  const std::size_t width = way.size();
  way += to_string(b);
  std::string people = "alice";
  people.resize(width, ' ');
  text.append("    host A  ").append(way).append("  host B\n            ").append(people);
  text += "bob, and the messaging server\n\n";
  return text;
}

constexpr std::string_view by_cable = "  <------- cable ------->  ";
constexpr std::string_view by_loopback = "  <----- loopback ----->  ";

std::string heading(const two_hosts& hosts, std::error_code why_together) {
  if (!why_together) {
    return heading(", each with a network of its own, joined by a cable", hosts.address_of_a,
                   by_cable, hosts.server.address);
  }
  const std::string how = "'s loopback interface: networks of their own cannot be\nmade here (" +
                          why_together.message() + ")";
  return heading(how, hosts.address_of_a, by_loopback, hosts.server.address);
}

/// Lets the hosts play and listens to them. False if they take too long.
bool watch(two_hosts& hosts, story& told, deadline until) {
  hosts.b.line().tell(to_string(hosts.server));
  bool a_plays = false;
  std::array<control_line*, 2> lines{&hosts.a.line(), &hosts.b.line()};
  std::array<pollfd, 2> polled{};
  for (std::size_t i = 0; i < lines.size(); ++i) polled[i] = {lines[i]->descriptor(), POLLIN, 0};
  while (std::ranges::any_of(polled, [](const pollfd& each) { return each.fd >= 0; })) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left <= 0s || told.has_trouble()) return left > 0s;
    static_cast<void>(::poll(polled.data(), polled.size(), static_cast<int>(left.count())));
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (polled[i].fd < 0 || polled[i].revents == 0) continue;
      const std::optional<std::string> text = lines[i]->listen();
      if (!text) {  // this process has ended
        polled[i].fd = -1;
        if (lines[i] == &hosts.b.line()) hosts.a.line().tell("the other has ended");
      }
      const std::optional<report> what = text ? decode(*text) : std::nullopt;
      if (what) told.hear(*what);
    }
    if (!a_plays && !told.server().empty()) {
      a_plays = true;
      hosts.a.line().tell(told.server());
    }
  }
  return true;
}

/// What the demo ends with, after the rest of the story.
int conclude(const story& told, bool in_time) {
  print(told.text());
  if (!in_time) {
    command::complain("demo", "given up after " + std::to_string(longest_run.count()) + " s");
    return command::exit_timed_out;
  }
  return told.ends_well() ? command::exit_done : command::exit_failed;
}

}  // namespace

int run(std::string_view stack) {
  const deadline until = std::chrono::steady_clock::now() + longest_run;
  std::error_code why_together;
  result<two_hosts> hosts = make_hosts(stack, until, why_together);
  if (!hosts) {
    command::complain("demo", "cannot make the hosts: " + hosts.error().message());
    return command::exit_failed;
  }
  print(heading(*hosts, why_together));
  story told;
  const bool in_time = watch(*hosts, told, until);
  return conclude(told, in_time);
}

int run_in_one_process() {
  constexpr ip_address a = ip_address::v4(10, 9, 0, 1);
  constexpr endpoint server(ip_address::v4(10, 9, 0, 2), 6667);
  print(heading(", each on Pentad's own stack, joined by a cable of memory", a, by_cable,
                server.address));
  story told;
  const bool in_time = play_in_one_process(a, server, longest_run, told);
  return conclude(told, in_time);
}

}  // namespace pentad::messenger::demo
