#include "apps/messenger/demo/story.hpp"

#include <algorithm>

#include "apps/messenger/demo/visitor.hpp"
#include "pentad/base/five_tuple.hpp"

namespace pentad::messenger::demo {

/// A step, and the message that goes through it if one does.
struct story::scene {
  std::string_view step;
  std::string_view message = {};
};

namespace {

using kind = report::kind;

constexpr std::size_t step_width = 10;
constexpr std::size_t size_width = 12;

std::string padded(std::string_view text, std::size_t width) {
  std::string wide(text);
  if (wide.size() < width) wide.resize(width, ' ');
  return wide;
}

std::string_view name_of(actor who) noexcept {
  switch (who) {
    case actor::alice:
      return "alice on A";
    case actor::bob:
      return "bob on B";
    case actor::server:
      break;
  }
  return "the server on B";
}

/// The line of the protocol that carries `message`, which is in `bytes`, without who sent it.
std::string_view line_with(std::string_view message, std::string_view bytes) noexcept {
  const std::string_view line = bytes.substr(0, bytes.find(message) + message.size());
  const std::size_t command = line.rfind("PRIVMSG");
  return line.substr(command == std::string_view::npos ? 0 : command);
}

}  // namespace

std::string_view story::server() const noexcept {
  const auto found = std::ranges::find(reports_, kind::listens, &report::what);
  return found == reports_.end() ? std::string_view{} : found->text;
}

bool story::has_trouble() const noexcept {
  return std::ranges::find(reports_, kind::trouble, &report::what) != reports_.end();
}

bool story::ends_well() const noexcept {
  return !has_trouble() && has_read(actor::bob, alices_part.message) &&
         has_read(actor::alice, bobs_part.message);
}

std::string story::text() const {
  constexpr scene server_scenes[] = {{"socket"},
                                     {"bind"},
                                     {"listen"},
                                     {"accept"},
                                     {"receive", alices_part.message},
                                     {"send", bobs_part.message},
                                     {"close"}};
  constexpr scene client_scenes[] = {{"socket"},
                                     {"connect"},
                                     {"send", alices_part.message},
                                     {"receive", bobs_part.message},
                                     {"close"}};

  const report* connected = find(actor::alice, {"connect"}, {});
  const std::string at_a = connected != nullptr ? connected->tuple : "";
  const result<five_tuple> tuple = five_tuple::parse(at_a);
  const std::string at_b = tuple ? to_string(tuple->swapped()) : "";

  std::string out = "The server on host B, and what each step of its socket returned:\n\n";
  for (const scene& each : server_scenes) put_scene(out, actor::server, each, at_b);
  out += "\nAlice's chat, a client on host A, and what its steps returned:\n\n";
  for (const scene& each : client_scenes) put_scene(out, actor::alice, each, at_a);
  out += "\nThe messages, and the quintuple that names their connection at each end:\n";
  const auto put_message = [&](std::string_view way, std::string_view text, bool arrived) {
    out.append("\n    alice on A ").append(way).append(" bob on B   ");
    out.append(arrived ? text : "did not arrive").append("\n");
    out.append("        at A  ").append(at_a).append("\n        at B  ").append(at_b).append("\n");
  };
  put_message("-->", alices_part.message, has_read(actor::bob, alices_part.message));
  put_message("<--", bobs_part.message, has_read(actor::alice, bobs_part.message));
  out += "\n";
  for (const report& each : reports_) {
    if (each.what != kind::trouble) continue;
    out.append(name_of(each.who)).append(": ").append(each.name).append(" failed: ");
    out.append(each.text).append("\n");
  }
  out += ends_well() ? "Both messages arrived.\n" : "The demo failed.\n";
  return out;
}

const report* story::find(actor who, const scene& wanted, std::string_view tuple) const noexcept {
  const auto found = std::ranges::find_if(reports_, [&](const report& each) {
    return each.what == kind::step && each.who == who && each.name == wanted.step &&
           (tuple.empty() || each.tuple.empty() || each.tuple == tuple) &&
           each.bytes.find(wanted.message) != std::string::npos;
  });
  return found == reports_.end() ? nullptr : &*found;
}

bool story::has_read(actor who, std::string_view message) const noexcept {
  return std::ranges::any_of(reports_, [&](const report& each) {
    return each.what == kind::read && each.who == who && each.text == message;
  });
}

void story::put_scene(std::string& out, actor who, const scene& shown,
                      std::string_view tuple) const {
  out.append("    ").append(padded(shown.step, step_width));
  const report* taken = find(who, shown, tuple);
  if (taken == nullptr) {
    out += "-";
  } else if (shown.message.empty()) {
    out += taken->text;
  } else {
    out.append(padded(taken->text, size_width)).append(line_with(shown.message, taken->bytes));
  }
  out += "\n";
}

}  // namespace pentad::messenger::demo
