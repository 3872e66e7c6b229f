// CAP (IRCv3 "Client Capability Negotiation").

#include <string>

#include "apps/messenger/irc/capability.hpp"
#include "apps/messenger/irc/casemapping.hpp"
#include "apps/messenger/server/commands.hpp"
#include "apps/messenger/server/network.hpp"
#include "apps/messenger/server/words.hpp"

namespace pentad::messenger {
namespace {

void answer(network& net, client& to, std::string_view subcommand, std::string_view list) {
  irc::line_writer line = net.begin_line();
  line.source(net.settings().name).command("CAP").parameter(to.name());
  line.parameter(subcommand).text(list);
  net.send(to, net.end_line(line));
}

std::string names_of(auto wanted) {
  std::string out;
  for (const irc::capability_name& one : irc::capabilities()) {
    if (wanted(one.which)) out.append(out.empty() ? "" : " ").append(one.name);
  }
  return out;
}

/// All of the request or, when it has an unknown name, nothing of it.
void request(network& net, client& from, std::string_view list) {
  irc::capability_set wanted = from.capabilities;
  std::string_view rest = list;
  while (std::optional<std::string_view> item = next_item(rest, ' ')) {
    const bool off = item->starts_with('-');
    const auto found = irc::find_capability(item->substr(off ? 1 : 0));
    if (!found) return answer(net, from, "NAK", list);
    if (off) {
      wanted.erase(*found);
    } else {
      wanted.insert(*found);
    }
  }
  // What is acknowledged holds from the line after the acknowledgement.
  answer(net, from, "ACK", list);
  from.capabilities = wanted;
}

}  // namespace

void handle_cap(network& net, client& from, const irc::message& what) {
  const std::string_view subcommand = what.parameters[0];
  const auto is = [&](std::string_view name) { return irc::same_name(subcommand, name); };
  if (is("LS")) {
    from.negotiating = !from.registered();
    answer(net, from, "LS", names_of([](irc::capability) { return true; }));
  } else if (is("LIST")) {
    answer(net, from, "LIST",
           names_of([&](irc::capability one) { return from.capabilities.has(one); }));
  } else if (is("REQ")) {
    from.negotiating = !from.registered();
    request(net, from, what.parameters.get(1));
  } else if (is("END")) {
    from.negotiating = false;
    try_to_admit(net, from);
  } else {
    net.reply(from, irc::err_invalidcapcmd, {subcommand});
  }
}

}  // namespace pentad::messenger
